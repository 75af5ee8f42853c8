"""The two main jobs of devices over all services: handed out by number, and ordered from the warehouse."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.devices.running import NURSE, Clinic, clinic

HAND_OUT = {"care_unit": "DEMO-101", "device_no": "D100001", "fee": True}
HOSE, FILTER, MASK = "910100", "910101", "910300"


async def fees(at: Clinic) -> dict[str, Any]:
    found: dict[str, Any] = await at.done("clerk", "billing", "/fees/search", {"patient_ref": at.patient_ref})
    return found


async def loans(at: Clinic) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await at.got("nurse", "inventory", f"/patients/{at.patient_ref}/loans")
    return found


async def stocked(folder: Path) -> Clinic:
    at = await clinic(folder)
    for place, numbers in (("DEMO-S1", ["D100001", "D100002"]), ("DEMO-W1", ["D200001", "D200002"])):
        await at.receive(place, "910001", devices=[{"device_no": each} for each in numbers])
        await at.receive(place, HOSE, quantity=10)
        await at.receive(place, FILTER, quantity=10)
    return at


async def test_a_cpap_of_the_own_storeroom_is_handed_out_by_its_number_in_one_request(tmp_path: Path) -> None:
    at = await stocked(tmp_path)

    order = await at.done("nurse", "ordering", "/hand-outs", {"patient_ref": at.patient_ref, **HAND_OUT})

    order = await at.got("nurse", "ordering", f"/device-orders/{order['order_no']}")
    assert order["state"] == "handed_out"
    assert [(each["device_no"], each["state"]) for each in await loans(at)] == [("D100001", "on_loan")]
    (fee,) = (await fees(at))["fees"]
    assert (fee["amount"], fee["stage"]) == ("500.00", "deferred")


async def handed_out(at: Clinic, **changes: Any) -> dict[str, Any]:
    """Ask for a hand-out, and look at it when inventory has answered."""
    form = {"patient_ref": at.patient_ref, **HAND_OUT, **changes}
    asked = await at.done("nurse", "ordering", "/hand-outs", form)
    found: dict[str, Any] = await at.got("nurse", "ordering", f"/device-orders/{asked['order_no']}")
    return found


async def test_a_mistaken_hand_out_is_taken_back_everywhere(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    order = await handed_out(at)

    await at.done(
        "nurse", "ordering", f"/hand-outs/{order['order_no']}/mistaken", {"reason": "Fel patient i listan"}
    )

    order = await at.got("nurse", "ordering", f"/device-orders/{order['order_no']}")
    assert order["state"] == "taken_back"
    assert await loans(at) == []
    assert [each["stage"] for each in (await fees(at))["fees"]] == ["removed"]
    again = await handed_out(at)
    assert again["state"] == "handed_out"


async def test_a_device_that_somebody_has_is_handed_out_to_nobody_else(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)

    form = {"patient_ref": at.patient_ref, **HAND_OUT, "is_additional": True}
    second = await at.ask("nurse", "ordering", "/hand-outs", form)

    assert (second.status_code, second.json()["rule"]) == (422, "device-in-no-storeroom")
    assert [each["device_no"] for each in await loans(at)] == ["D100001"]
    assert len((await fees(at))["fees"]) == 1


async def sent_by_the_secretary(at: Clinic) -> str:
    """Order a CPAP with a humidifier, and a mask, from the warehouse; give the order's number."""
    basket = f"/device-baskets/{at.patient_ref}"
    await at.receive("DEMO-W1", MASK, quantity=5, lot="L1", best_before="2028-01-31")
    await at.receive("DEMO-W1", "910200", devices=[{"device_no": "D300001"}])
    head = {"care_unit": "DEMO-101", "prescriber": NURSE}
    await at.done("secretary", "ordering", basket, head, method="PUT")
    for line in (
        {"article_no": "910001", "fee": True},
        {"article_no": "910200", "goes_with": 1},
        {"article_no": MASK, "comment": "Stängd mun"},
    ):
        await at.done("secretary", "ordering", f"{basket}/lines", {**line, "source": "warehouse"})
    (sent,) = (await at.done("secretary", "ordering", f"{basket}/send"))["orders"]
    return str(sent["order_no"])


async def packed_by_the_keeper(at: Clinic, order_no: str) -> str:
    """Pick and pack all of an order by scanning; give the parcel's number."""
    pick = f"/device-orders/{order_no}/pick-list"
    await at.done("keeper", "inventory", f"{pick}/take")
    for scanned in ({"device_no": "D200001"}, {"device_no": "D300001"}, {"article_no": MASK}):
        await at.done("keeper", "inventory", f"{pick}/pick", scanned)
    packed = await at.done("keeper", "inventory", f"{pick}/pack", {})
    return str(packed["parcels"][0]["parcel_no"])


async def test_a_secretary_orders_from_the_warehouse_and_a_colleague_hands_over_four_days_later(
    tmp_path: Path,
) -> None:
    at = await stocked(tmp_path)
    number = await sent_by_the_secretary(at)
    assert (await at.got("secretary", "ordering", f"/device-orders/{number}"))["state"] == "reserved"
    (row,) = await at.got("keeper", "inventory", "/storerooms/DEMO-W1/pick-lists")
    assert row["order_no"] == number
    parcel = await packed_by_the_keeper(at, number)
    await at.done("keeper", "inventory", f"/parcels/{parcel}/despatch")
    await at.done("nurse", "inventory", f"/parcels/{parcel}/receive")
    assert (await loans(at), (await fees(at))["fees"]) == ([], [])

    at.bus.clock.move(days=4)
    handed_over = at.bus.clock.today()
    shown = await at.got("colleague", "ordering", f"/device-orders/{number}")
    assert shown["state"] == "received"
    lines = [
        {"line_no": 1, "quantity": 1, "device_nos": ["D200001"]},
        {"line_no": 2, "quantity": 1, "device_nos": ["D300001"]},
        {"line_no": 3, "quantity": 1},
    ]
    await at.done("colleague", "ordering", f"/device-orders/{number}/hand-overs", {"lines": lines})

    assert (await at.got("colleague", "ordering", f"/device-orders/{number}"))["state"] == "handed_out"
    assert sorted(each["device_no"] for each in await loans(at)) == ["D200001", "D300001"]
    (fee,) = (await fees(at))["fees"]
    assert (fee["amount"], fee["stage"]) == ("500.00", "deferred")
    assert date.fromisoformat(fee["due_on"]) == handed_over + timedelta(days=91)
