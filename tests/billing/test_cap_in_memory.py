"""A cap for the patient, from the drafted tariff to the statement."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.events.billing import FeeCharged
from shared.events.ordering import OrderSent, WithdrawalSent
from shared.events.prescription import PatientsMerged
from shared.events.tasks import TaskRaised
from tests.billing.doors import DELIVERED, ORDER_SENT, get
from tests.billing.in_memory import AT, SENT, TODAY, Billing
from tests.billing.test_tariff_in_memory import PRICED, TARIFF, draft, published

CAPPED = TARIFF | {"cap": {"scope": "patient", "amount": "200.00", "window_days": 30}}


def withdrawal(number: int, *, day: date = TODAY, kronor: int = 120) -> WithdrawalSent:
    fee = SENT.fees[0].model_copy(update={"amount": Decimal(kronor), "at_most": True})
    named = {"withdrawal_no": f"U2026-00020{number}-1", "order_nos": (f"B2026-00020{number}-1",)}
    moment = AT + (day - TODAY)
    return SENT.model_copy(update={**named, "fees": (fee,), "sent_on": day, "sent_at": moment})


async def paid(billing: Billing, **asked: Any) -> list[tuple[str, str | None]]:
    fees = (await billing.statement(**asked)).json()["fees"]
    return sorted((each["amount"], each["before_cap"]) for each in fees if each["kind"] == "charge")


async def test_what_does_not_fit_under_the_cap_is_taken_off_published_and_shown(billing: Billing) -> None:
    await published(billing, CAPPED)
    await billing.hear(billing.patient(), *(withdrawal(number) for number in range(3)))

    assert await paid(billing) == [("0.00", "120.00"), ("120.00", None), ("80.00", "120.00")]
    told = billing.service.told_of(FeeCharged)
    assert [(str(each.amount), str(each.taken_off)) for each in told] == [("120.00", "0"), ("80.00", "40.00")]
    assert [each["amount"] for each in billing.events()] == ["120.00", "80.00"]


async def test_after_the_days_of_the_cap_there_is_room_again(billing: Billing) -> None:
    await published(billing, CAPPED)
    billing.service.clock.move(days=60)
    days = [TODAY, TODAY + timedelta(days=29), TODAY + timedelta(days=30)]

    await billing.hear(billing.patient(), *(withdrawal(no, day=day) for no, day in enumerate(days)))

    assert await paid(billing) == [("120.00", None), ("120.00", None), ("80.00", "120.00")]


async def test_what_was_taken_off_is_no_difference_at_night(billing: Billing) -> None:
    await published(billing, CAPPED)
    await billing.service.run_jobs()
    for number in range(2):
        sent = withdrawal(number)
        order = {"order_no": sent.order_nos[0], "withdrawal_no": sent.withdrawal_no}
        facts = (sent, ORDER_SENT.model_copy(update=order), DELIVERED.model_copy(update=order))
        assert isinstance(facts[1], OrderSent)
        await billing.hear(billing.patient(), *facts)
    for moment in (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), datetime(2026, 11, 24, 3, 0, tzinfo=UTC)):
        billing.service.clock.set(moment)
        await billing.service.run_jobs()

    made = await get(billing, "/reconciliations/2026-11-23")

    assert (made["charged"], made["differences"]) == ("200.00", [])


async def test_a_correction_over_the_cap_is_refused_and_says_how_much_fits(billing: Billing) -> None:
    await published(billing, CAPPED)
    await billing.hear(billing.patient(), withdrawal(1), withdrawal(2, kronor=50))
    event_id = billing.events()[0]["event_id"]
    wanted = {"amount": 151, "reason": "another tariff row"}
    client, path = billing.service.client, f"/fees/{event_id}/correction"
    await client.post(path, json=wanted, headers=billing.service.once("economist", sub="eko"))

    refused = await client.post(
        f"{path}/approve",
        json={"amount": wanted["amount"]},
        headers=billing.service.once("economist", sub="ekon"),
    )

    assert (refused.status_code, refused.json()["rule"]) == (422, "over-the-cap")
    assert refused.json()["reasons"][0]["facts"] == {"most": "150.00"}


async def test_a_draft_with_a_cap_is_tried_with_it(billing: Billing) -> None:
    await published(billing)
    others = [PRICED.model_copy(update={"withdrawal_no": f"U2026-00030{number}-1"}) for number in range(3)]
    elsewhere = PRICED.model_copy(update={"withdrawal_no": "U2026-000309-1", "patient_ref": "p-2"})
    await billing.hear(*others, elsewhere)

    draft_id = (await draft(billing, CAPPED | {"valid_from": "2027-01-01"})).json()["draft_id"]
    tried = await billing.service.client.get(
        f"/tariffs/drafts/{draft_id}/preview", headers=billing.service.token("economist")
    )

    found = tried.json()
    assert (found["before"], found["after"], found["cheaper"]) == ("480.00", "320.00", 2)


async def test_two_patients_who_were_one_and_paid_more_than_the_cap_are_a_task(billing: Billing) -> None:
    await published(billing, CAPPED)
    other = billing.patient(number="200207022385").model_copy(update={"patient_ref": "p-2"})
    second = withdrawal(2, kronor=150).model_copy(update={"patient_ref": "p-2"})
    await billing.hear(billing.patient(), other, withdrawal(1), second)

    await billing.hear(PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    (task,) = [each for each in billing.service.told_of(TaskRaised) if each.kind == "fees_beyond_cap"]
    assert (task.role, task.patient_ref, task.details["total"]) == (
        "economist",
        "p-2",
        "70.00",
    )
    assert await paid(billing, patient_ref="p-2") == [("120.00", None), ("150.00", None)]
    assert [each["kind"] for each in billing.events()] == ["charge", "charge"]
