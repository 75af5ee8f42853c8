"""Handing out a device in place of one that the patient has (Q48)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.ordering.domain.devices.loans import Loan, note_ended, note_lent
from shared.events.ordering_devices import DeviceOrderSent
from tests.ordering.devices import (
    DEVICE_NO,
    article,
    device,
    hand_out_form,
    handed_out,
    made,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.support import A_MONDAY_MORNING, InMemory

OLD = {"device_no": DEVICE_NO}
LENT = Loan("loan-1", PATIENT, "910001", "D1", lent_at=A_MONDAY_MORNING)


async def with_one_on_loan() -> InMemory:
    service = await told_devices()
    await handed_out(service, hand_out_form())
    await service.hear(device("D200001"))
    service.clock.move(minutes=5)
    return service


def form(**changes: Any) -> dict[str, Any]:
    return {**hand_out_form(device_no="D200001", fee=...), "exchange": OLD, **changes}


def continued(sent: DeviceOrderSent) -> Any:
    """Inventory's answer to an exchange names the loan that continues."""
    (line,) = made(sent).lines
    loan_id = sent.lines[0].exchange.loan_id if sent.lines[0].exchange else ""
    return made(sent).model_copy(update={"lines": (line.model_copy(update={"loan_ids": (loan_id,)}),)})


async def test_an_exchange_names_the_old_device_and_its_loan_and_costs_nothing() -> None:
    service = await with_one_on_loan()
    (first,) = service.told_of(DeviceOrderSent)

    answer = await handed_out(service, form(), answer=continued)

    assert answer.status_code == 200, answer.text
    (line,) = service.told_of(DeviceOrderSent)[-1].lines
    assert (line.device_no, line.fee) == ("D200001", None)
    assert (line.exchange.device_no, line.exchange.loan_id, line.exchange.disposition) == (
        DEVICE_NO, f"loan-{first.order_no}", "return",
    )  # fmt: skip


async def test_after_an_exchange_the_new_device_is_what_the_patient_has() -> None:
    service = await with_one_on_loan()
    await handed_out(service, form(), answer=continued)
    await service.hear(device("D300001"))
    third = hand_out_form(device_no="D300001")

    again = await posted(service, "/hand-outs", third | {"exchange": OLD, "fee": None}, placer(service))
    now = await handed_out(
        service, third | {"exchange": {"device_no": "D200001"}, "fee": None}, answer=continued
    )

    assert again.json()["rule"] == "nothing-to-exchange"
    assert now.status_code == 200, now.text


async def test_an_exchange_ends_no_loan_of_an_area_that_one_does_not_work_in() -> None:
    service = await with_one_on_loan()
    hearing_aid = article("910700", "Demohörapparat", 900, marked=True)
    await service.hear(hearing_aid.model_copy(update={"product_area": "hearing"}))
    await service.hear(device("H100001", "910700"))
    wanted = form(device_no="H100001", fee=None)

    of_one = placer(service, product_areas=["hearing"])
    of_both = placer(service, product_areas=["cpap", "hearing"])

    assert (await posted(service, "/hand-outs/preview", wanted, of_one)).status_code == 403
    assert (await posted(service, "/hand-outs/preview", wanted, of_both)).status_code == 200


async def test_what_the_patient_has_not_is_not_exchanged_and_no_fee_is_asked_anew() -> None:
    service = await with_one_on_loan()

    unknown = await posted(service, "/hand-outs", form(exchange={"device_no": "D200001"}), placer(service))
    paid = await posted(service, "/hand-outs", form(fee=True), placer(service))

    assert unknown.json()["rule"] == "nothing-to-exchange"
    assert paid.json()["rule"] == "fee-continues"


async def test_an_exchange_is_undone_by_another_exchange() -> None:
    service = await with_one_on_loan()
    order_no = (await handed_out(service, form(), answer=continued)).json()["order_no"]

    reason = {"reason": "Fel hjälpmedel valdes"}
    answer = await posted(service, f"/hand-outs/{order_no}/mistaken", reason, placer(service))

    assert answer.json()["rule"] == "exchange-stands"


def test_the_last_exchange_counts_in_whatever_order_the_facts_come() -> None:
    moved = replace(LENT, device_no="D2", product_area="hearing", care_unit="DEMO-102")
    exchanged = replace(moved, lent_at=A_MONDAY_MORNING + timedelta(days=3))

    in_order, _ = note_lent(note_lent(None, lent=LENT)[0], lent=exchanged)
    reversed_, _ = note_lent(note_lent(None, lent=exchanged)[0], lent=LENT)
    over, _ = note_lent(note_ended(LENT, loan_id="loan-1", patient_ref=PATIENT)[0], lent=exchanged)

    assert in_order == reversed_ == exchanged
    assert over.is_over
