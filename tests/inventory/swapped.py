"""Two CPAPs on loan to one patient and new ones at the warehouse, as the tests of swaps use them."""

from typing import Any

from shared.domain.numbers import number
from tests.inventory.shelves import HAND_OUT, KEEPER, order_of, receive_cpaps, stocked
from tests.inventory.upkeep import get, post
from tests.support import InMemory

OLD, OTHER_OLD, NEW, OTHER_NEW = "D100001", "D100002", "D100008", "D100009"
SECOND_NO = number("B", year=2026, running=2)
LOAN, OTHER_LOAN = f"{HAND_OUT.order_no}.{OLD}", f"{SECOND_NO}.{OTHER_OLD}"
SWAP = {
    "storeroom_no": "DEMO-W1", "ready_by": "2026-12-04", "reason": "Förebyggande underhåll",
    "devices": [{"device_no": OLD}, {"device_no": OTHER_OLD}],
}  # fmt: skip
HOSE = [{"article_no": "910100", "quantity": 1}]


async def lent_cpaps() -> InMemory:
    """The patient has two; two lie at the warehouse with hoses beside them."""
    service = await stocked()
    await receive_cpaps(service, "DEMO-S1", [OLD, OTHER_OLD], hoses=3)
    await receive_cpaps(service, "DEMO-W1", [NEW, OTHER_NEW], hoses=3)
    await service.hear(HAND_OUT)
    line = HAND_OUT.lines[0].model_copy(update={"device_no": OTHER_OLD})
    await service.hear(order_of(2, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    return service


async def arranged(service: InMemory, *devices: dict[str, Any]) -> str:
    """Arrange a swap and give its number."""
    answer = await post(service, "/device-swaps", SWAP | ({"devices": list(devices)} if devices else {}))
    assert answer.status_code == 201, answer.text
    swap_no: str = answer.json()["swap_no"]
    return swap_no


async def sent(service: InMemory, swap_no: str, *device_nos: str) -> str:
    """Pick, pack and despatch; give the parcel's number."""
    pick_list = f"/device-orders/{swap_no}/pick-list"
    await _keeper(service, f"{pick_list}/take", None)
    for each in device_nos:
        await _keeper(service, f"{pick_list}/pick", {"device_no": each})
    parcel_no: str = (await _keeper(service, f"{pick_list}/pack", {}))["parcels"][-1]["parcel_no"]
    await _keeper(service, f"/parcels/{parcel_no}/despatch", None)
    return parcel_no


async def at_unit(
    service: InMemory, *devices: dict[str, Any], new: tuple[str, ...] = (NEW, OTHER_NEW)
) -> str:
    """Arrange a swap whose new devices wait at the unit."""
    swap_no = await arranged(service, *devices)
    parcel_no = await sent(service, swap_no, *new)
    answer = await post(service, f"/parcels/{parcel_no}/receive", {}, role="order_placer")
    assert answer.status_code == 200, answer.text
    return swap_no


async def reported(service: InMemory, swap_no: str, *devices: dict[str, Any], on: str = "2026-11-23") -> Any:
    form = {"swapped_on": on, "devices": list(devices)}
    return await post(service, f"/device-swaps/{swap_no}/results", form)


def swapped(device_no: str = OLD) -> dict[str, Any]:
    return {"device_no": device_no, "result": "swapped"}


def not_swapped(device_no: str = OLD, why: str = "Ingen var hemma") -> dict[str, Any]:
    return {"device_no": device_no, "result": "not_swapped", "why": why}


async def rows_of(service: InMemory, swap_no: str) -> list[tuple[str, str | None, str | None]]:
    """Give of each device its number, its outcome and what is missing."""
    answer = await get(service, f"/device-swaps/{swap_no}", care_units=["DEMO-W1"])
    assert answer.status_code == 200, answer.text
    return [(each["device_no"], each["outcome"], each["missing"]) for each in answer.json()["devices"]]


async def _keeper(service: InMemory, path: str, body: dict[str, Any] | None) -> Any:
    headers = service.once("store_keeper", None, **KEEPER)
    answer = await service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tried(service: InMemory, **changes: Any) -> list[str]:
    answer = await post(service, "/device-swaps/preview", SWAP | changes)
    assert answer.status_code == 200, answer.text
    return [each["rule"] for each in answer.json()["reasons"]]
