"""Operations about goods that come: replenished by themselves, received into a storeroom, purchased."""

from collections.abc import Iterator
from typing import Any

from tools.chaos.clerks.aids import KEEPER, SECRETARY, STOREROOM, UNIT, WAREHOUSE
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.operations.operation import Operation, once

REPLENISHED, CARRIED, PURCHASED = ("910103", "910104"), "910102", "910101"
"""Articles without numbers; what one operation leaves is no other's."""
ENOUGH = 10_000


class OfStorerooms(Operation):
    """Asks as a store keeper, or as who works at the unit."""

    async def _keep(self, path: str, body: Any = None, *, key: str) -> Any:
        return await self.desk.ask(KEEPER, "inventory", path, body, key=key)

    async def _at_unit(self, path: str, body: Any = None, *, key: str, method: str = "POST") -> Any:
        return await self.desk.ask(SECRETARY, "inventory", path, body, key=key, method=method)


class Replenish(OfStorerooms):
    """Articles fall below their minimum one after the other: each is ordered once (S115)."""

    async def prepare(self, times: int) -> None:
        self._articles = REPLENISHED[:times]
        self._before = {each["_id"] for no in REPLENISHED for each in self._orders_of(no)}

    async def go(self) -> None:
        for each in self._articles:
            form = {"minimum": ENOUGH, "packages": 1}
            path = f"/storerooms/{STOREROOM}/articles/{each}/level"
            await self._at_unit(path, form, key=f"level-{each}-{self.desk.name()}", method="PUT")
            await self.desk.seen(lambda each=each: self._new(each) or None)  # type: ignore[misc]

    async def end(self) -> None:
        for each in self._articles:
            path = f"/storerooms/{STOREROOM}/articles/{each}/level/end"
            await self._at_unit(path, key=f"no-level-{each}-{self.desk.name()}")
        self._made = {no: [each["_id"] for each in self._new(no)] for no in self._articles}
        for order_no in {each for made in self._made.values() for each in made}:
            await self._at_unit(f"/replenishments/{order_no}/annul", key=f"annul-{order_no}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        orders = evidence.of("inventory", "device_orders")
        for article_no, made in self._made.items():
            kept = [each for each in made if each in orders]
            yield from once(f"{article_no} is ordered to {STOREROOM}", len(kept))

    def _new(self, article_no: str) -> list[Row]:
        return [each for each in self._orders_of(article_no) if each["_id"] not in self._before]

    def _orders_of(self, article_no: str) -> list[Row]:
        orders = self.desk.rows("inventory", "device_orders", {"kind": "replenishment"})
        return [each for each in orders if _brings(each, article_no)]


class Book(OfStorerooms):
    """Parcels are received into the storeroom they were sent to (S121)."""

    async def prepare(self, times: int) -> None:
        self._parcels: list[tuple[str, str]] = []
        hose = CARRIED
        for _ in range(times):
            name = self.desk.name()
            goods = {"storeroom_no": WAREHOUSE, "article_no": hose, "quantity": 1}
            await self._keep("/goods/receive", goods, key=f"hose-{name}")
            form = {
                "care_unit": UNIT,
                "storeroom_no": STOREROOM,
                "lines": [{"article_no": hose, "packages": 1}],
            }
            order = await self._at_unit("/replenishments", form, key=f"order-{name}")
            order_no = str(order["order_no"])
            path = f"/device-orders/{order_no}/pick-list"
            await self._keep(f"{path}/take", key=f"take-{order_no}")
            await self._keep(f"{path}/pick", {"article_no": hose, "quantity": 1}, key=f"pick-{order_no}")
            packed = await self._keep(f"{path}/pack", {}, key=f"pack-{order_no}")
            parcel_no = str(packed["parcels"][0]["parcel_no"])
            await self._keep(f"/parcels/{parcel_no}/despatch", key=f"despatch-{parcel_no}")
            self._parcels.append((order_no, parcel_no))

    async def go(self) -> None:
        for order_no, parcel_no in self._parcels:
            path = f"/replenishments/{order_no}/parcels/{parcel_no}/receive"
            await self._at_unit(path, {}, key=f"book-{parcel_no}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        movements = evidence.of("inventory", "movements").values()
        for order_no, _ in self._parcels:
            found = [
                each for each in movements if each.get("order_no") == order_no and each["why"] == "received"
            ]
            yield from once(f"the parcel of {order_no} is received", len(found))


class Buy(OfStorerooms):
    """Purchases are approved: each is sent to its supplier, who takes it once (Q60)."""

    async def prepare(self, times: int) -> None:
        self._orders: list[str] = []
        for _ in range(times):
            form = {"warehouse_no": WAREHOUSE, "lines": [{"article_no": PURCHASED, "packages": 2}]}
            made = await self._keep("/purchases", form, key=f"purchase-{self.desk.name()}")
            self._orders.append(str(made["order_no"]))

    async def go(self) -> None:
        for each in self._orders:
            await self._keep(f"/purchases/{each}/approve", {}, key=f"approve-{each}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        booked = evidence.purchases_booked
        for order_no in self._orders:
            asked = [each for each in booked if each["what"] == "asked" and each["key"] == order_no]
            yield from once(f"the supplier has the purchase {order_no}", len(asked))
            if any(
                each["what"] == "asked-again" and each["key"] == order_no and not each["same"]
                for each in booked
            ):
                yield f"the supplier got {order_no} again, and it was another"


def _brings(order: Row, article_no: str) -> bool:
    terms = order.get("replenishment") or {}
    is_meant = terms.get("storeroom_no") == STOREROOM and terms.get("source") == "automatic"
    return is_meant and any(each["article_no"] == article_no for each in order["lines"])
