"""A warehouse that purchases of a supplier, as several tests use it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from services.inventory.repository.collections import BALANCES
from services.inventory.repository.purchases import PURCHASES
from shared.domain.money import Money
from shared.suppliers import SupplierReply
from tests.inventory.shelves import HOSE, KEEPER, MASK, keep_article, receive, stocked
from tests.support import InMemory

NO, SUPPLIER, NAME = MASK.article_no, "demo-aids", "Demovård AB"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOLD = {
    each.article_no: replace(
        each,
        pieces_per_package=5,
        package_price=Money(Decimal("450.00")),
        device=each.device.model_copy(update={"supplier": NAME}) if each.device else None,
    )
    for each in (MASK, HOSE)
}
LEVEL = f"/storerooms/DEMO-W1/articles/{NO}/level"
_ids = count(1)


async def purchasing() -> InMemory:
    """A warehouse with ten masks, of which five come in a package of a supplier on the bus."""
    service = await stocked(suppliers={SUPPLIER: [NAME], "demo-tech": ["Exempelteknik AB"]})
    for each in SOLD.values():
        await keep_article(service, each)
    await receive(service, "DEMO-W1", article_no=NO, quantity=10, lot="L0")
    return service


async def asked(service: InMemory, path: str, body: Any = None, *, method: str = "POST", **who: Any) -> Any:
    headers = service.once("store_keeper", **(KEEPER | who))
    return await service.client.request(method, path, json=body, headers=headers)


async def done(service: InMemory, path: str, body: Any = None, *, method: str = "POST") -> Any:
    answer = await asked(service, path, body, method=method)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def proposed(service: InMemory, **packages: int) -> str:
    """Propose a purchase by hand; give its number."""
    lines = [{"article_no": no, "packages": many} for no, many in (packages or {NO: 4}).items()]
    found = await done(service, "/purchases", {"warehouse_no": "DEMO-W1", "lines": lines})
    return str(found["order_no"])


async def sent(service: InMemory, **packages: int) -> str:
    """Propose and approve a purchase, four packages of masks; give its number."""
    order_no = await proposed(service, **packages)
    await done(service, f"/purchases/{order_no}/approve", {})
    return order_no


async def answered(
    service: InMemory, order_no: str, kind: str, *, sender: str | None = SUPPLIER, **said: Any
) -> None:
    """Hear a reply of the supplier, as it comes on the bus."""
    body = {"type": f"purchase.{kind}.v1", "message_id": f"m-{next(_ids)}", "order_no": order_no, "at": AT}
    reply = SupplierReply.model_validate({"reply": body | said, "sender": sender})
    await service.hear(reply)


async def shown(service: InMemory, order_no: str) -> Any:
    return await done(service, f"/purchases/{order_no}", method="GET")


async def received(service: InMemory, order_no: str, quantity: int, **more: Any) -> Any:
    form = {
        "storeroom_no": "DEMO-W1",
        "article_no": NO,
        "quantity": quantity,
        "lot": "L9",
        "supply_no": order_no,
    }
    return await asked(service, "/goods/receive", form | more)


async def balance(service: InMemory) -> Any:
    return await service.repository.get(BALANCES.ref(f"DEMO-W1:{NO}"))


async def purchases(service: InMemory) -> list[Any]:
    return await service.repository.whole(PURCHASES, {})


def day(text: str) -> date:
    return date.fromisoformat(text)
