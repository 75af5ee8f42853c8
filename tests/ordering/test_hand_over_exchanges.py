"""Who hands over goods from the warehouse may exchange them for a device on loan (Q43, Q48)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.ordering.api.devices import hand_overs
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.handing_over import (
    MOST_HAND_OVERS,
    HandedOverTooOften,
    HandOverRequest,
    hand_over,
)
from services.ordering.repository.collections import DEVICE_ORDERS
from shared.events.fact import Fact
from shared.events.inventory_goods import (
    HandOutMade,
    HandOutNotTakenBack,
    HandOutTakenBack,
    HandOverRefused,
    LineHandedOut,
    StoreroomChanged,
)
from shared.events.ordering_devices import DeviceOrderSent, DevicesHandedOver, HandOutMistaken
from shared.events.tasks import TaskRaised
from tests.ordering.baskets import added, begun, sent, shown
from tests.ordering.devices import (
    CPAP,
    DEVICE_NO,
    UNIT,
    article,
    hand_out_form,
    handed_out,
    placer,
    posted,
    told_devices,
    while_it_waits,
)
from tests.ordering.test_handing_over import DESPATCHED, despatched, received
from tests.support import InMemory

NEW = f"D{CPAP}"
EXCHANGE = {"lines": [{"line_no": 1, "exchange": {"device_no": DEVICE_NO}}]}
SECOND_STOREROOM = StoreroomChanged(
    storeroom_no="DEMO-S3", version=1, name="Förrådet Sömn 2", kind="storeroom", care_units=(UNIT,)
)


async def at_the_unit() -> tuple[InMemory, DeviceOrderSent]:
    """The patient has a CPAP, and another one from the warehouse waits at the unit."""
    service = await told_devices()
    await handed_out(service, hand_out_form())
    service.clock.move(minutes=5)
    await begun(service)
    await added(service, article_no=CPAP, fee=True, is_additional=True, source="warehouse")
    answer = await sent(service)
    assert answer.status_code == 200, answer.text
    order = service.told_of(DeviceOrderSent)[-1]
    for fact in (despatched(order), received(order)):
        await service.hear(fact)
    service.clock.move(days=6)
    return service, order


def made(fact: DevicesHandedOver) -> Fact:
    (line,) = fact.lines
    loan_id = line.exchange.loan_id if line.exchange else ""
    handed = LineHandedOut(
        line_no=1,
        article_no=CPAP,
        quantity=1,
        device_nos=line.device_nos,
        loan_ids=(loan_id,),
        exchanged=True,
    )
    return HandOutMade(
        order_no=fact.order_no, patient_ref=fact.patient_ref, handed_out_on=fact.handed_over_on,
        handed_out_at=fact.registered_at, lines=(handed,), hand_over_no=fact.hand_over_no,
    )  # fmt: skip


def refused(fact: DevicesHandedOver) -> Fact:
    return HandOverRefused(
        hand_over_no=fact.hand_over_no, order_no=fact.order_no, rule="returned-already", line_no=1,
        sv="Hjälpmedlet är redan återlämnat.", en="The device was returned already.", refused_at=DESPATCHED,
    )  # fmt: skip


async def exchanged(
    service: InMemory, order: DeviceOrderSent, form: Any = EXCHANGE, *, answer: Any = made
) -> Any:
    """Hand over, and let inventory answer while the request waits."""
    path = f"/device-orders/{order.order_no}/hand-overs"
    asking = posted(service, path, form, placer(service))
    return await while_it_waits(asking, service, DevicesHandedOver, answer)


async def test_the_hand_over_names_the_old_device_its_loan_and_where_it_is_put() -> None:
    service, order = await at_the_unit()
    before = await shown(service, f"/device-orders/{order.order_no}")

    answer = await exchanged(service, order)

    (fact,) = service.told_of(DevicesHandedOver)
    (line,) = fact.lines
    seen = await shown(service, f"/device-orders/{order.order_no}")
    first = service.told_of(DeviceOrderSent)[0]
    assert answer.status_code == 200, answer.text
    assert line.exchange is not None
    assert (line.exchange.device_no, line.exchange.loan_id) == (DEVICE_NO, f"loan-{first.order_no}")
    assert (fact.storeroom_no, fact.registered_by) == ("DEMO-S1", "order_placer-1")
    assert (before["lines"][0]["fee"]["amount"], seen["lines"][0]["fee"]) == ("500.00", None)
    assert (seen["state"], seen["lines"][0]["in_place_of"]) == ("handed_out", DEVICE_NO)


async def test_after_it_the_patient_has_the_new_device_under_the_first_loan() -> None:
    service, order = await at_the_unit()
    await exchanged(service, order)

    listed = await shown(service, f"/patients/{order.patient_ref}/aids")

    first = service.told_of(DeviceOrderSent)[0]
    (has,) = listed["has"]
    assert (has["device_no"], has["loan_id"], has["handed_out_on"]) == (
        NEW, f"loan-{first.order_no}", "2026-11-23",
    )  # fmt: skip


async def test_what_inventory_refuses_is_said_and_the_goods_wait_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service, order = await at_the_unit()

    answer = await exchanged(service, order, answer=refused)
    seen = await shown(service, f"/device-orders/{order.order_no}")
    monkeypatch.setattr(hand_overs, "EXCHANGED_WITHIN_SECONDS", 0.05)
    path = f"/device-orders/{order.order_no}/hand-overs"
    again = await posted(service, path, EXCHANGE, placer(service))

    assert (answer.status_code, answer.json()["rule"]) == (409, "returned-already")
    assert (seen["state"], seen["lines"][0]["at_unit"]) == ("received", 1)
    assert seen["hand_overs"][0]["refusal"]["rule"] == "returned-already"
    assert service.told_of(TaskRaised) == []
    assert again.status_code == 202, "inventory has said nothing of the second hand-over yet"


async def test_a_refused_exchange_is_asked_for_again_under_another_number() -> None:
    service, order = await at_the_unit()
    await exchanged(service, order, answer=refused)

    headers = placer(service)
    path = f"/device-orders/{order.order_no}/hand-overs"
    plain = await posted(service, path, {}, headers)
    replayed = await posted(service, path, {}, headers)

    assert (plain.status_code, replayed.status_code) == (200, 200)
    assert [each.hand_over_no[-2:] for each in service.told_of(DevicesHandedOver)] == ["-1", "-2"]


async def test_of_a_plain_hand_over_that_was_refused_the_unit_finds_out_what_the_patient_has() -> None:
    service, order = await at_the_unit()

    answer = await exchanged(service, order, {}, answer=refused)

    (task,) = service.told_of(TaskRaised)
    assert (answer.status_code, task.kind, task.care_unit) == (409, "hand_over_refused", UNIT)
    assert task.details == {"day": date(2026, 11, 29).isoformat()}


async def test_what_the_patient_has_not_and_what_is_no_device_is_not_exchanged() -> None:
    service, order = await at_the_unit()
    await service.hear(article("910800", "Demokudde"))
    path = f"/device-orders/{order.order_no}/hand-overs"

    async def asked(**form: Any) -> Any:
        return (await posted(service, path, form, placer(service))).json()

    twice = [{"line_no": 1, "exchange": {"device_no": DEVICE_NO}}] * 2
    not_theirs = await asked(lines=[{"line_no": 1, "exchange": {"device_no": "D777777"}}])
    two = await asked(lines=[{"line_no": 1, "quantity": 2, "exchange": {"device_no": DEVICE_NO}}])
    same = await asked(lines=twice)

    assert not_theirs["status"] == 404
    assert "only-devices-are-exchanged" in {two["rule"], *(each["rule"] for each in two.get("also", ()))}
    assert "nothing-to-exchange" in {same["rule"], *(each["rule"] for each in same.get("also", ()))}
    assert service.told_of(DevicesHandedOver) == []


async def test_what_was_made_counts_above_a_refusal_that_comes_late() -> None:
    service, order = await at_the_unit()
    first = service.told_of(DeviceOrderSent)[0].order_no
    await exchanged(service, order)
    (fact,) = service.told_of(DevicesHandedOver)

    await service.hear(refused(fact))
    for late in (
        HandOutTakenBack(
            order_no=first, patient_ref=order.patient_ref, loan_ids=(), taken_back_at=DESPATCHED
        ),
        HandOutNotTakenBack(order_no=first, rule="r", sv="Nej.", en="No.", refused_at=DESPATCHED),
    ):
        await service.hear(late)

    seen = await shown(service, f"/device-orders/{order.order_no}")
    assert seen["hand_overs"][0]["refusal"] is None
    kept = await service.repository.get(DEVICE_ORDERS.ref(first))
    assert (kept.state, kept.mistake_refusal) == ("taken_back", None)


async def test_an_order_is_not_handed_over_without_end() -> None:
    service, order = await at_the_unit()
    await exchanged(service, order, answer=refused)
    kept = await service.repository.get(DEVICE_ORDERS.ref(order.order_no))

    full = replace(kept, hand_overs=kept.hand_overs * MOST_HAND_OVERS)
    request = HandOverRequest(
        on=date(2026, 11, 29), reason=None, lines=(), by="order_placer-1", at=service.clock.now(),
        catalogue=DeviceCatalogue({}, {}, {}),
    )  # fmt: skip

    with pytest.raises(HandedOverTooOften):
        hand_over(full, request=request)
    after, _ = hand_over(replace(full, hand_overs=full.hand_overs[1:]), request=request)
    assert len(after.hand_overs) == MOST_HAND_OVERS


async def test_of_several_own_storerooms_it_is_said_which_one_takes_the_old_device() -> None:
    service, order = await at_the_unit()
    await service.hear(SECOND_STOREROOM)
    service.clock.move(seconds=5)

    silent = await exchanged(service, order)
    wrong = await exchanged(service, order, {**EXCHANGE, "storeroom_no": "DEMO-W1"})
    said = await exchanged(service, order, {**EXCHANGE, "storeroom_no": "DEMO-S3"})

    assert [silent.json()["rule"], wrong.json()["rule"]] == ["no-storeroom-for-old"] * 2
    assert said.status_code == 200, said.text
    assert service.told_of(DevicesHandedOver)[-1].storeroom_no == "DEMO-S3"


async def test_no_fee_is_asked_for_afterwards_for_what_came_in_exchange() -> None:
    service, order = await at_the_unit()
    await exchanged(service, order)
    path = f"/device-orders/{order.order_no}/lines/1/fee-correction"

    answer = await posted(service, path, {"pays": True, "reason": "Glömdes"}, placer(service))

    assert answer.json()["rule"] == "fee-continues"


async def test_a_mistake_that_inventory_cannot_undo_is_refused_where_it_is_asked() -> None:
    service, _ = await at_the_unit()
    first = service.told_of(DeviceOrderSent)[0].order_no
    path, reason = f"/hand-outs/{first}/mistaken", {"reason": "Fel patient valdes"}

    def not_undone(_: HandOutMistaken) -> HandOutNotTakenBack:
        return HandOutNotTakenBack(
            order_no=first, rule="exchanged-since", sv="Bytt.", en="Exchanged.", refused_at=DESPATCHED
        )

    asking = posted(service, path, reason, placer(service))
    answer = await while_it_waits(asking, service, HandOutMistaken, not_undone)
    seen = await shown(service, f"/device-orders/{first}")

    assert (answer.status_code, answer.json()["rule"]) == (409, "exchanged-since")
    assert (seen["state"], seen["mistake"]["refusal"]["rule"]) == ("handed_out", "exchanged-since")
