"""Yes or no to a device's fee corrected after sending: asked by one, approved by another (S97)."""

from decimal import Decimal
from typing import Any

from services.ordering.domain.devices.fee_correction import MOST_CORRECTIONS
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import DeviceFeeDecided, DeviceOrderSent
from shared.events.tasks import TaskRaised, TaskResolved
from tests.ordering.devices import (
    MASK,
    OTHER_UNIT,
    PRESCRIBER,
    STAFF,
    UNIT,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    refused,
    told_devices,
)
from tests.support import InMemory

NO = {"pays": False, "reason": "Patienten är befriad"}
FREE = {"pays": False}
YES = {"pays": True, "reason": "Ja missades"}


async def ordered(service: InMemory, **changes: Any) -> str:
    answer = await handed_out(service, hand_out_form(**changes))
    return str(answer.json()["order_no"])


async def sent(
    service: InMemory, order_no: str, form: dict[str, Any] | None = None, *, act: str = "", **who: Any
) -> Any:
    path = f"/device-orders/{order_no}/lines/{who.pop('line_no', 1)}/fee-correction{act}"
    return await posted(service, path, form, placer(service, **who))


async def fee_of(service: InMemory, order_no: str) -> Any:
    seen = await service.client.get(
        f"/device-orders/{order_no}", headers=service.token("prescriber", **STAFF)
    )
    return seen.json()["lines"][0]["fee"]


async def test_no_instead_of_yes_is_asked_by_one_and_approved_by_another() -> None:
    service = await told_devices()
    order_no = await ordered(service)

    asked = await sent(service, order_no, NO)
    by_the_same = await sent(service, order_no, FREE, act="/approve")
    before = service.told_of(DeviceFeeDecided)
    unread = await sent(service, order_no, {"pays": True}, act="/approve", sub="colleague")
    by_another = await sent(service, order_no, FREE, act="/approve", sub="colleague")
    again = await sent(service, order_no, FREE, act="/approve", sub="colleague")

    assert (asked.status_code, asked.json()["fee"]) == (201, None)
    assert (by_the_same.json()["rule"], before) == ("second-person-needed", [])
    assert unread.json()["rule"] == "another-proposal"
    assert (by_another.status_code, by_another.json()["state"]) == (200, "approved")
    (decided,) = service.told_of(DeviceFeeDecided)
    assert (decided.order_no, decided.line_no, decided.version, decided.fee) == (order_no, 1, 1, None)
    assert again.json()["rule"] == "fee-correction-decided"
    assert await fee_of(service, order_no) is None
    assert [each.kind for each in service.told_of(TaskRaised)] == ["device_fee_correction_waits"]
    assert [each.how for each in service.told_of(TaskResolved)] == ["approved"]


async def test_yes_instead_of_no_is_priced_by_the_day_of_sending_and_back_again_has_the_same_number() -> None:
    service = await told_devices()
    order_no = await ordered(service, fee=False)

    for form in (YES, NO, YES):
        assert (await sent(service, order_no, form)).status_code == 201
        await sent(service, order_no, {"pays": form["pays"]}, act="/approve", sub="colleague")

    first, no, last = service.told_of(DeviceFeeDecided)
    assert (first.fee.amount, first.fee.fee_no, first.fee.fee_code) == (Decimal(500), 2, "HJM-CPAP")
    assert ([each.version for each in (first, no, last)], no.fee, last.fee) == ([1, 2, 3], None, first.fee)
    assert (await fee_of(service, order_no))["amount"] == "500.00"


async def test_a_line_that_had_a_fee_keeps_its_number() -> None:
    service = await told_devices()
    order_no = await ordered(service)
    (line,) = service.told_of(DeviceOrderSent)[0].lines

    for form in (NO, YES):
        await sent(service, order_no, form)
        await sent(service, order_no, {"pays": form["pays"]}, act="/approve", sub="colleague")

    assert service.told_of(DeviceFeeDecided)[-1].fee == line.fee


async def test_who_placed_the_order_or_answers_for_it_asks_and_nobody_else() -> None:
    service = await told_devices()
    order_no = await ordered(service)

    by_another = await sent(service, order_no, NO, sub="colleague")
    of_another_unit = await sent(service, order_no, NO, care_units=[OTHER_UNIT])
    by_the_prescriber = await sent(service, order_no, NO, sub=PRESCRIBER)

    assert by_another.json()["rule"] == "fee-correction-not-yours"
    assert of_another_unit.status_code == 403
    assert by_the_prescriber.status_code == 201


async def test_what_is_not_to_be_corrected_is_said_with_every_reason() -> None:
    service = await told_devices()
    order_no = await ordered(service)
    await service.hear(device("D200001", MASK))
    free = (await handed_out(service, hand_out_form(device_no="D200001", fee=...))).json()["order_no"]

    so_already = await sent(service, order_no, YES)
    no_fee = await sent(service, free, YES)
    no_line = await sent(service, order_no, NO, line_no=2)
    await sent(service, order_no, NO)
    waits = await sent(service, order_no, NO)

    rules = [each.json()["rule"] for each in (so_already, no_fee, no_line, waits)]
    assert rules == ["fee-is-so-already", "fee-not-asked", "line-not-of-order", "fee-correction-waits"]


async def test_nobody_pays_for_a_hand_out_that_was_refused_or_taken_back() -> None:
    service = await told_devices()
    never = (await handed_out(service, hand_out_form(), answer=refused)).json()["order_no"]
    order_no = await ordered(service)
    await sent(service, order_no, NO)
    (*_, told) = service.told_of(DeviceOrderSent)
    await service.hear(
        HandOutTakenBack(
            order_no=order_no, patient_ref=told.patient_ref, loan_ids=(), taken_back_at=told.sent_at
        )
    )

    refusals = [
        await sent(service, never, NO),
        await sent(service, order_no, FREE, act="/approve", sub="colleague"),
    ]

    assert [each.json()["rule"] for each in refusals] == ["nothing-to-pay-for", "nothing-to-pay-for"]


async def test_a_declined_request_changes_nothing_and_another_may_follow() -> None:
    service = await told_devices()
    order_no = await ordered(service)
    await sent(service, order_no, NO)

    declined = await sent(service, order_no, act="/decline")
    after = await fee_of(service, order_no)
    again = await sent(service, order_no, NO)

    assert (declined.json()["state"], after["amount"], again.status_code) == ("declined", "500.00", 201)
    assert service.told_of(DeviceFeeDecided) == []


async def test_a_line_is_not_corrected_for_ever() -> None:
    service = await told_devices()
    order_no = await ordered(service)
    for _ in range(MOST_CORRECTIONS):
        assert (await sent(service, order_no, NO)).status_code == 201
        await sent(service, order_no, act="/decline")

    assert (await sent(service, order_no, NO)).json()["rule"] == "fee-corrected-too-often"


async def test_what_waits_is_listed_for_the_care_unit_in_the_own_areas() -> None:
    service = await told_devices()
    order_no = await ordered(service)
    await sent(service, order_no, NO)

    async def listed(unit: str, **who: Any) -> Any:
        headers = service.token("order_placer", **STAFF | who)
        answer = await service.client.get(f"/device-fee-corrections?care_unit={unit}", headers=headers)
        return answer.json()

    assert [each["order_no"] for each in await listed(UNIT)] == [order_no]
    assert await listed(UNIT, product_areas=["foods"]) == []
    assert (await listed(OTHER_UNIT))["rule"] == "not-your-unit"
