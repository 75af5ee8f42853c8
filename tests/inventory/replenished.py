"""A storeroom with a minimum, and how its replenishments are picked and sent, as several tests use them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.repository.collections import DEVICE_ORDERS
from shared.events.prescription import DeviceRight, DeviceRulesChanged
from tests.inventory.shelves import KEEPER, MASK, keep_article, receive, stocked
from tests.support import InMemory

UNIT: Mapping[str, Any] = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
PACKED_MASK = replace(MASK, pieces_per_package=5)
RULES = DeviceRulesChanged(
    version=1,
    rights=(
        DeviceRight(iso_code="0403", product_area="cpap", valid_from=date(2026, 1, 1)),
        DeviceRight(
            iso_code="1206", product_area="cpap", care_units=("DEMO-102",), valid_from=date(2026, 1, 1)
        ),
    ),
)
"""The unit may have what belongs to breathing aids; walkers are another unit's."""
LEVEL = f"/storerooms/DEMO-S1/articles/{MASK.article_no}/level"


async def with_level(*, minimum: int = 4, packages: int = 2, in_warehouse: int = 30) -> InMemory:
    """A storeroom with four masks, of which five come in a package, and a minimum."""
    service = await stocked()
    await keep_article(service, PACKED_MASK)
    await service.hear(RULES)
    await receive(service, "DEMO-S1", article_no=MASK.article_no, quantity=4, lot="L1")
    if in_warehouse:
        await receive(service, "DEMO-W1", article_no=MASK.article_no, quantity=in_warehouse, lot="L2")
    await set_level(service, minimum=minimum, packages=packages)
    return service


async def set_level(service: InMemory, **form: int) -> Any:
    answer = await service.client.put(LEVEL, json=form, headers=service.once("order_placer", **UNIT))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def used(service: InMemory, pieces: int) -> None:
    """Take masks from the storeroom, as a count that misses them does."""
    stock = await service.client.get(
        "/storerooms/DEMO-S1/stock", headers=service.token("order_placer", **UNIT)
    )
    (there,) = (each["on_hand"] for each in stock.json() if each["article_no"] == MASK.article_no)
    form = {"article_no": MASK.article_no, "lot": "L1", "counted": there - pieces, "reason": "Använda"}
    answer = await service.client.post(
        "/storerooms/DEMO-S1/stocktake", json=form, headers=service.once("order_placer", **UNIT)
    )
    assert answer.status_code == 200, answer.text


async def replenishments(service: InMemory) -> list[DeviceOrder]:
    found = await service.repository.whole(DEVICE_ORDERS, {})
    return [each for each in found if each.replenishment]


async def done(service: InMemory, path: str, body: Any = None, **who: Any) -> Any:
    """Ask as a store keeper at the warehouse, or as an order placer of a unit."""
    role = "order_placer" if who else "store_keeper"
    answer = await service.client.post(path, json=body, headers=service.once(role, **(who or KEEPER)))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sent(service: InMemory, order_no: str, *scans: dict[str, Any]) -> str:
    """Pick, pack and despatch; give the parcel's number."""
    await done(service, f"/device-orders/{order_no}/pick-list/take")
    for scan in scans:
        await done(service, f"/device-orders/{order_no}/pick-list/pick", scan)
    packed = await done(service, f"/device-orders/{order_no}/pick-list/pack", {})
    parcel: str = packed["parcels"][-1]["parcel_no"]
    await done(service, f"/parcels/{parcel}/despatch")
    return parcel
