"""A device that is under way when it is recalled: who it reaches is told then, also by late facts (N4)."""

from datetime import date, timedelta

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES
from shared.events.inventory import RecallConcernsPatient
from shared.events.inventory_goods import HandOutMade, HandOverRefused
from shared.events.ordering_devices import DeviceOrderSent, DevicesHandedOver, LineHandedOver
from shared.events.tasks import TaskRaised, TaskResolved
from tests.inventory.shelves import PATIENT, order_of, state_of
from tests.inventory.test_recalls import now, recalled
from tests.inventory.test_recalls import service as service  # noqa: PLC0414  the fixture
from tests.inventory.upkeep import get, post
from tests.support import A_MONDAY_MORNING, InMemory

BOTH = {"care_units": ["DEMO-W1", "DEMO-101"]}
STEPS = ("take", "pick", "pack")


async def brought_to(service: InMemory, step: str, deliver_to: str = "unit") -> DeviceOrderSent:
    """Take D100009 from the warehouse for an order, as far as a step."""
    order = order_of(13, deliver_to=deliver_to)
    await service.hear(order)
    forms = {"take": {}, "pick": {"device_no": "D100009"}, "pack": {"parcel_no": "P-1"}}
    for each in STEPS:
        path = f"/device-orders/{order.order_no}/pick-list/{each}"
        answer = await post(service, path, forms[each], role="store_keeper")
        assert answer.status_code == 200, answer.text
        if each == step:
            return order
    for each in ("despatch", "receive"):
        answer = await post(service, f"/parcels/P-1/{each}", {}, role="store_keeper", **BOTH)
        assert answer.status_code == 200, answer.text
        if each == step:
            break
    return order


def handed_over(order: DeviceOrderSent, part: str, *, minutes: int) -> DevicesHandedOver:
    return DevicesHandedOver(
        hand_over_no=f"{order.order_no}.{part}",
        order_no=order.order_no,
        patient_ref=PATIENT,
        care_unit="DEMO-101",
        handed_over_on=date(2026, 11, 23),
        registered_at=A_MONDAY_MORNING + timedelta(minutes=minutes),
        lines=(LineHandedOver(line_no=1, article_no="910001", quantity=1, device_nos=("D100009",)),),
    )


def pieces_told(service: InMemory) -> list[str]:
    return [each.details["piece"] for each in service.told_of(TaskRaised) if each.kind == "goods_recalled"]


@pytest.mark.parametrize("step", ["pick", "pack"])
async def test_a_device_in_a_parcel_is_not_packed_or_sent_and_lies_apart_when_it_is_put_back(
    service: InMemory, step: str
) -> None:
    order = await brought_to(service, step)
    recall_no = await recalled(service)
    path = f"/device-orders/{order.order_no}/pick-list"

    pack = await post(service, f"{path}/pack", {"parcel_no": "P-2"}, role="store_keeper")
    sent = await post(service, "/parcels/P-1/despatch", {}, role="store_keeper")
    await post(service, f"{path}/take", {}, role="store_keeper")
    back = await post(service, f"{path}/put-back", {"device_no": "D100009"}, role="store_keeper")

    assert pack.json()["rule"] == ("device-recalled" if step == "pick" else "pick-list-not-taken")
    assert sent.status_code in {404, 409, 422}
    assert back.status_code == 200, back.text
    assert await state_of(service, "D100009") == "quarantined"
    kept = await service.repository.get(DEVICE_ORDERS.ref(order.order_no))
    assert (kept.lines[0].reserved, kept.lines[0].waiting) == (0, 1)
    assert pieces_told(service) == ["D100001"]
    assert (await now(service, recall_no))[0] == {"with_patients": 1, "set_apart": 3}


async def test_a_unit_is_told_when_a_recalled_device_reaches_it_and_hands_none_over(
    service: InMemory,
) -> None:
    order = await brought_to(service, "despatch")
    recall_no = await recalled(service)
    before = pieces_told(service)

    await post(service, "/parcels/P-1/receive", {}, role="store_keeper", **BOTH)
    await service.run_jobs()
    await service.run_jobs()
    await service.hear(handed_over(order, "1", minutes=9))

    assert (before, pieces_told(service)) == (["D100001"], ["D100001", "D100009"])
    assert service.told_of(TaskRaised)[-1].reason == "recalled-goods-wait-at-unit"
    assert len(service.told_of(RecallConcernsPatient)) == 1
    assert [each.rule for each in service.told_of(HandOverRefused)] == ["device-recalled"]
    assert await now(service, recall_no) == ({"under_way": 1, "with_patients": 1, "set_apart": 2}, 2)


async def test_a_patient_who_gets_a_recalled_device_at_home_is_told_then(service: InMemory) -> None:
    await brought_to(service, "despatch", "home")
    recall_no = await recalled(service)

    form = {"delivered_on": "2026-11-23"}
    delivered = await post(service, "/parcels/P-1/deliver", form, role="store_keeper")
    await service.run_jobs()

    assert delivered.status_code == 200, delivered.text
    assert [each.notice_id.split(":")[0] for each in service.told_of(RecallConcernsPatient)] == [
        recall_no
    ] * 2
    assert pieces_told(service) == ["D100001", "D100009"]
    assert not (await service.repository.get(DEVICES.ref("D100009"))).to_notice
    assert (await now(service, recall_no))[1] == 2


async def test_a_hand_over_before_the_recall_that_is_reported_after_it_counts_and_the_patient_is_told(
    service: InMemory,
) -> None:
    order = await brought_to(service, "receive")
    service.clock.move(minutes=5)
    recall_no = await recalled(service)
    waiting = pieces_told(service)

    await service.hear(handed_over(order, "1", minutes=1))
    await service.run_jobs()

    assert [each.order_no for each in service.told_of(HandOutMade)][-1] == order.order_no
    assert waiting == ["D100001", "D100009"]
    assert len(service.told_of(RecallConcernsPatient)) == 2
    assert [each.how for each in service.told_of(TaskResolved)] == ["handed_over"]
    notices = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    theirs = [(each["how"], each["is_open"]) for each in notices if each["device_no"] == "D100009"]
    assert sorted(theirs, key=str) == [("handed_over", False), (None, True)]
