"""A device comes from the warehouse, and the old one is collected at the hand-over (Q43, Q48)."""

from pathlib import Path

from tests.devices.running import NURSE, Clinic
from tests.devices.test_collecting import WHY, aids, closed, state
from tests.devices.test_main_jobs import fees, handed_out, loans, stocked
from tests.devices.test_returns import returned, stage


async def at_the_unit(at: Clinic) -> str:
    """Order a CPAP from the warehouse, and bring it to the unit; give the order's number."""
    basket = f"/device-baskets/{at.patient_ref}"
    head = {"care_unit": "DEMO-101", "prescriber": NURSE}
    line = {"article_no": "910001", "fee": True, "is_additional": True, "source": "warehouse"}
    await at.done("secretary", "ordering", basket, head, method="PUT")
    await at.done("secretary", "ordering", f"{basket}/lines", line)
    (sent,) = (await at.done("secretary", "ordering", f"{basket}/send"))["orders"]
    pick = f"/device-orders/{sent['order_no']}/pick-list"
    await at.done("keeper", "inventory", f"{pick}/take")
    await at.done("keeper", "inventory", f"{pick}/pick", {"device_no": "D200001"})
    packed = await at.done("keeper", "inventory", f"{pick}/pack", {})
    parcel = packed["parcels"][0]["parcel_no"]
    await at.done("keeper", "inventory", f"/parcels/{parcel}/despatch")
    await at.done("nurse", "inventory", f"/parcels/{parcel}/receive")
    return str(sent["order_no"])


async def test_loan_fee_and_day_0_go_on_with_it_and_the_old_one_ends_at_the_warehouse(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    first = await handed_out(at)
    at.bus.clock.move(days=60)
    order_no = await at_the_unit(at)
    old = {"device_no": "D100001", "disposition": "collect", "collection": WHY}
    path = f"/device-orders/{order_no}"

    await at.done("nurse", "ordering", f"{path}/hand-overs", {"lines": [{"line_no": 1, "exchange": old}]})

    shown = await at.got("nurse", "ordering", path)
    (line,) = shown["lines"]
    number = line["collection_no"]
    assert (shown["state"], line["in_place_of"], line["fee"]) == ("handed_out", "D100001", None)
    assert line["loan_ids"] == first["lines"][0]["loan_ids"]
    assert (await state(at, number), await aids(at)) == ("registered", ["D200001"])
    await at.done("nurse", "ordering", f"/collection-orders/{number}/fetched")
    await closed(at, number, "D100001")
    assert await state(at, number) == "closed"
    assert [(each["device_no"], each["state"]) for each in await loans(at)] == [("D200001", "on_loan")]
    card = await at.got("keeper", "inventory", "/devices/D100001")
    assert (card["state"], card["storeroom_no"]) == ("quarantined", "DEMO-W1")
    assert len((await fees(at))["fees"]) == 1
    at.bus.clock.move(days=30)
    await returned(at, device_no="D200001")
    assert await stage(at) == "removed"
