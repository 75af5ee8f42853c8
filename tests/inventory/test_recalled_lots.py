"""A recalled lot: set apart on every shelf, picked, handed out and handed over no more (T17, N4, Q60)."""

from datetime import date

from services.inventory.repository.collections import BALANCES
from shared.events.inventory_goods import HandOutMade, HandOutRefused, HandOverRefused
from shared.events.ordering_devices import DeviceLine, DeviceOrderSent, DevicesHandedOver, LineHandedOver
from tests.inventory.shelves import PATIENT, order_of, receive
from tests.inventory.test_recalls import now, recalled
from tests.inventory.test_recalls import service as service  # noqa: PLC0414  the fixture
from tests.inventory.upkeep import get, post
from tests.support import A_MONDAY_MORNING, InMemory


async def test_a_lot_is_set_apart_on_every_shelf_and_none_of_it_is_handed_out(service: InMemory) -> None:
    for lot, count in (("AB12", 5), ("CD34", 1)):
        await receive(
            service, article_no="910300", quantity=count, lot=lot,
            best_before="2027-01-01" if lot == "AB12" else "2028-01-01",
        )  # fmt: skip
    masks = DeviceLine(line_no=1, article_no="910300", quantity=2)
    given = order_of(11, kind="hand_out", storeroom_no="DEMO-S1", lines=(masks,))
    await service.hear(given)

    recall_no = await recalled(service, article_no=None, lot="ab 12")
    again = order_of(12, kind="hand_out", storeroom_no="DEMO-S1", lines=(masks,))
    await service.hear(again)

    balance = await service.repository.get(BALANCES.ref("DEMO-S1:910300"))
    assert {(each.lot, each.on_hand, each.quarantined) for each in balance.lots} == {
        ("CD34", 1, 0), ("AB12", 0, 3),
    }  # fmt: skip
    assert [each.rule for each in service.told_of(HandOutRefused)] == ["too-few-in-stock"]
    (notice,) = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    assert (notice["lot"], notice["quantity"], notice["order_no"]) == ("AB12", 2, given.order_no)
    form = {"article_no": "910300", "lot": "AB12", "quantity": 1, "destination": "shelf",
            "from_quarantine": True, "reason": "Ser bra ut"}  # fmt: skip
    shelved = await post(service, "/storerooms/DEMO-S1/set-apart", form, role="order_placer")
    assert shelved.json()["rule"] == "lot-recalled"
    assert await now(service, recall_no) == ({"with_patients": 2, "set_apart": 3}, 2)


async def test_what_waits_at_the_unit_of_a_recalled_lot_is_not_handed_over_until_it_is_withdrawn(
    service: InMemory,
) -> None:
    await receive(service, "DEMO-W1", article_no="910300", quantity=4, lot="EF56")
    order = order_of(13, lines=(DeviceLine(line_no=1, article_no="910300", quantity=1),))
    await service.hear(order)
    path = f"/device-orders/{order.order_no}/pick-list"
    await post(service, f"{path}/take", {}, role="store_keeper")
    await post(service, f"{path}/pick", {"article_no": "910300"}, role="store_keeper")
    await post(service, f"{path}/pack", {"parcel_no": "P-1"}, role="store_keeper")
    for step in ("despatch", "receive"):
        await post(
            service, f"/parcels/P-1/{step}", {}, role="store_keeper", care_units=["DEMO-W1", "DEMO-101"]
        )
    recall_no = await recalled(service, article_no=None, lot="EF56")

    await service.hear(handed_over(order, "1"))
    form = {"outcome": "withdrawn", "reason": "Fel sats avläst"}
    await post(service, f"/recalls/{recall_no}/end", form, role="store_keeper")
    await service.hear(handed_over(order, "2"))

    assert [each.rule for each in service.told_of(HandOverRefused)] == ["lot-recalled"]
    assert [each.order_no for each in service.told_of(HandOutMade)][-1] == order.order_no


def handed_over(order: DeviceOrderSent, part: str) -> DevicesHandedOver:
    return DevicesHandedOver(
        hand_over_no=f"{order.order_no}.{part}",
        order_no=order.order_no,
        patient_ref=PATIENT,
        care_unit="DEMO-101",
        handed_over_on=date(2026, 11, 23),
        registered_at=A_MONDAY_MORNING,
        lines=(LineHandedOver(line_no=1, article_no="910300", quantity=1),),
    )
