"""Corrections, waivers and reconciliations through billing's doors."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.billing.application import waivers
from services.billing.repository import fees
from services.billing.repository.collections import FEES
from shared.events.billing import FeeCredited
from shared.events.ordering import LineWithdrawn, Notify, OrderDelivered, OrderSent
from shared.events.prescription import PatientsMerged
from shared.events.tasks import TaskRaised, TaskResolved
from shared.repository import Refs
from tests.billing.in_memory import ANNULLED, AT, NUMBER, SENT, TODAY, WITHDRAWAL, Billing, ids
from tests.billing.test_tariff_in_memory import published

ORDER = SENT.order_nos[0]
ORDER_SENT = OrderSent(
    order_no=ORDER,
    withdrawal_no=WITHDRAWAL,
    patient_ref="p-1",
    distributor="demo",
    sent_on=TODAY,
    lines=(LineWithdrawn(line_id="F1-1", prescription_no="F1", article_no="900100", packages=4),),
    notify=Notify(channel="none"),
)
DELIVERED = OrderDelivered(order_no=ORDER, withdrawal_no=WITHDRAWAL, patient_ref="p-1", delivered_at=AT)
NEW_NUMBER = "200207022385"
GROUP = {"sent_from": "2026-11-01", "sent_through": "2026-11-30"}


async def post(billing: Billing, path: str, body: Any = None, *, by: str = "eko") -> Any:
    headers = billing.service.once("economist", sub=by)
    return await billing.service.client.post(path, json=body, headers=headers)


async def get(billing: Billing, path: str) -> Any:
    return (await billing.service.client.get(path, headers=billing.service.token("economist"))).json()


async def first_fee(billing: Billing) -> str:
    await billing.hear(billing.patient(), SENT)
    return ids(billing.events())[0]


CORRECTION = {"amount": 50, "reason": "the LMA card was not registered"}


async def test_two_people_correct_a_fee_and_invoicing_is_told_both_entries(billing: Billing) -> None:
    event_id = await first_fee(billing)

    asked = await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    waiting = await get(billing, "/corrections")
    alone = await post(billing, f"/fees/{event_id}/correction/approve")
    approved = await post(billing, f"/fees/{event_id}/correction/approve", by="ekon")

    assert (asked.status_code, [each["event_id"] for each in waiting]) == (201, [event_id])
    assert (alone.status_code, alone.json()["rule"]) == (422, "second-person-needed")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    credit, right = billing.events()[-2:]
    assert (credit["kind"], credit["reverses"], credit["amount"]) == ("credit", event_id, "120.00")
    assert (right["kind"], right["amount"]) == ("charge", "50.00")
    assert (await billing.statement()).json()["net"] == "260.00"
    assert await get(billing, "/corrections") == []


async def test_of_two_people_who_correct_one_fee_at_once_one_wins_and_the_other_is_told(
    billing: Billing,
) -> None:
    event_id = await first_fee(billing)

    first = await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    second = await post(billing, f"/fees/{event_id}/correction", CORRECTION, by="ekon")
    declined = await post(billing, f"/fees/{event_id}/correction/decline", by="ekon")
    too_late = await post(billing, f"/fees/{event_id}/correction/approve", by="ekon")

    assert (first.status_code, declined.json()["state"]) == (201, "declined")
    assert (second.status_code, second.json()["rule"]) == (422, "correction-waits")
    assert (too_late.status_code, too_late.json()["rule"]) == (422, "correction-decided")
    assert len(billing.events()) == 2


async def test_an_annulment_after_a_correction_credits_the_corrected_fee(billing: Billing) -> None:
    event_id = await first_fee(billing)
    await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    await post(billing, f"/fees/{event_id}/correction/approve", by="ekon")

    await billing.hear(ANNULLED)

    assert [event["amount"] for event in billing.events()] == ["120.00", "210.00", "120.00", "50.00", "50.00"]
    assert (await billing.statement()).json()["net"] == "210.00"


async def test_a_waiver_is_previewed_decided_by_two_and_credits_each_fee_once(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    preview = await post(billing, "/waivers/preview", GROUP)
    proposed = await post(billing, "/waivers", {**GROUP, "reason": "delivery crisis"})
    path = f"/waivers/{proposed.json()['waiver_id']}"
    alone = await post(billing, f"{path}/decide")
    decided = await post(billing, f"{path}/decide", by="ekon")
    for _ in range(3):
        await billing.service.run_jobs()

    assert preview.json() == {"count": 2, "total": "330.00", "after": None}
    assert (alone.status_code, alone.json()["rule"]) == (422, "second-person-needed")
    assert decided.json()["state"] == "decided"
    assert [event["kind"] for event in billing.events()] == ["charge", "charge", "credit", "credit"]
    assert {fact.why for fact in billing.service.told_of(FeeCredited)} == {"waived"}
    assert (await billing.statement()).json()["net"] == "0.00"
    assert (await get(billing, path))["waived"] == {"count": 2, "total": "330.00"}
    again = await post(billing, "/waivers/preview", GROUP)
    assert again.json() == {"count": 0, "total": "0.00", "after": None}


async def test_a_preview_of_many_fees_comes_in_several_answers_that_go_on_where_the_last_ended(
    billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await billing.hear(billing.patient(), SENT)
    monkeypatch.setattr(fees, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(waivers, "MOST_FORESEEN", 1)

    answers = [(await post(billing, "/waivers/preview", GROUP)).json()]
    while after := answers[-1]["after"]:
        answers.append((await post(billing, "/waivers/preview", {**GROUP, "after": after})).json())

    assert [each["count"] for each in answers] == [1, 2, 2]
    assert answers[-1]["total"] == "330.00"


async def test_a_waiver_that_a_killed_process_left_half_done_is_finished(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    proposed = await post(billing, "/waivers", {**GROUP, "reason": "delivery crisis"})
    path = f"/waivers/{proposed.json()['waiver_id']}"
    await post(billing, f"{path}/decide", by="ekon")
    repository, change, done = billing.service.repository, billing.service.repository.change, 0

    async def dies_after_one(refs: Any, rule: Any, **more: Any) -> Any:
        nonlocal done
        if isinstance(refs, Refs) and refs.refs[0].collection is FEES:
            done += 1
            if done > 1:
                raise ConnectionError
        return await change(refs, rule, **more)

    repository.change = dies_after_one  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await _carry_out(billing)
    repository.change = change  # type: ignore[method-assign]
    assert len(billing.service.told_of(FeeCredited)) == 1

    await billing.service.run_jobs()

    assert len(billing.service.told_of(FeeCredited)) == 2
    assert (await billing.statement()).json()["net"] == "0.00"


async def _carry_out(billing: Billing) -> None:
    for job in billing.service.assembled.jobs:
        if job.name == "carry out waivers":
            await job.run()


async def test_an_annulment_of_a_waived_withdrawal_credits_nothing_more(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    proposed = await post(billing, "/waivers", {**GROUP, "reason": "delivery crisis"})
    await post(billing, f"/waivers/{proposed.json()['waiver_id']}/decide", by="ekon")
    await billing.service.run_jobs()

    await billing.hear(ANNULLED)

    assert (await billing.statement()).json()["net"] == "0.00"


async def test_waivers_are_listed_and_declined(billing: Billing) -> None:
    proposed = await post(billing, "/waivers", {**GROUP, "reason": "delivery crisis"})

    declined = await post(billing, f"/waivers/{proposed.json()['waiver_id']}/decline")

    assert await get(billing, "/waivers") == [declined.json()]


async def test_a_day_that_agrees_is_reconciled_at_night_without_differences(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT, ORDER_SENT, DELIVERED)
    for event_id in ids(billing.events()):
        await billing.acknowledge(event_id, "accepted")
    billing.service.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()

    made = await get(billing, "/reconciliations/2026-11-23")

    assert made["differences"] == []
    assert (made["withdrawals"], made["orders"], made["delivered"], made["fees"]) == (1, 1, 1, 2)
    assert (made["charged"], made["in_files"], made["not_in_files"]) == ("330.00", "330.00", "0.00")
    assert [each["day"] for each in await get(billing, "/reconciliations")] == ["2026-11-23"]


async def test_what_differs_is_work_that_ends_when_it_agrees(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    differing = await get(billing, "/reconciliations/2026-11-23")

    await billing.hear(ORDER_SENT, DELIVERED)
    billing.service.clock.move(days=1)
    await billing.service.run_jobs()

    assert [(each["kind"], each["subject"]) for each in differing["differences"]] == [
        ("order-missing", ORDER)
    ]
    assert "distributören" in differing["differences"][0]["detail"]
    raised = [task for task in billing.service.told_of(TaskRaised) if task.kind == "reconciliation_differs"]
    assert len(raised) == 1
    assert raised[0].task_id in {task.task_id for task in billing.service.told_of(TaskResolved)}
    assert (await get(billing, "/reconciliations/2026-11-23"))["differences"] == []


async def test_after_a_standstill_a_day_is_added_up_once_its_file_is_closed(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT, ORDER_SENT, DELIVERED)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    (adding_up,) = (job for job in billing.service.assembled.jobs if job.name == "add up the days")

    await adding_up.run()
    await billing.service.run_jobs()

    assert (await get(billing, "/reconciliations/2026-11-23"))["differences"] == []


async def test_a_day_that_was_never_added_up_is_not_found(billing: Billing) -> None:
    answer = await billing.service.client.get(
        "/reconciliations/2020-01-01", headers=billing.service.token("economist")
    )

    assert answer.status_code == 404


async def test_a_fee_priced_by_yesterdays_tariff_after_midnight_is_found(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    late = SENT.model_copy(
        update={"fees": tuple(fee.model_copy(update={"tariff": "2025-01-01"}) for fee in SENT.fees)}
    )
    await billing.hear(billing.patient(), late, ORDER_SENT)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()

    made = await get(billing, "/reconciliations/2026-11-23")

    assert {each["kind"] for each in made["differences"]} == {"fee-by-another-tariff"}


async def test_a_fee_told_after_the_number_changed_hands_carries_the_new_one(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    await billing.hear(billing.patient(version=2, number=NEW_NUMBER), ANNULLED)

    assert [event["patient"]["id"] for event in billing.events()] == [NUMBER, NUMBER, NEW_NUMBER]


async def test_fees_of_a_reserve_number_go_on_under_the_personal_number_it_became(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    personal = billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"})
    merged = PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY)
    later = SENT.model_copy(update={"withdrawal_no": "U2026-000124-2"})

    await billing.hear(personal, merged, merged, ANNULLED, later)

    numbers = [event["patient"]["id"] for event in billing.events()]
    assert numbers == [NUMBER, NUMBER, NEW_NUMBER, NEW_NUMBER, NEW_NUMBER]
    for ref in ("p-1", "p-2"):
        assert len((await billing.statement(patient_ref=ref)).json()["fees"]) == 5
    assert len((await billing.statement("patient", patient="p-1", patient_ref="p-1")).json()["fees"]) == 5


async def test_a_held_fee_of_a_merged_patient_is_told_with_the_other_ones_number(billing: Billing) -> None:
    personal = billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"})
    await billing.hear(SENT, personal, PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    await billing.service.run_jobs()

    assert [event["patient"]["id"] for event in billing.events()] == [NEW_NUMBER, NEW_NUMBER]


async def test_a_waiting_correction_follows_its_merged_patient(billing: Billing) -> None:
    event_id = await first_fee(billing)
    await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    personal = billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"})
    await billing.hear(personal, PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    await post(billing, f"/fees/{event_id}/correction/approve", by="ekon")

    assert [event["patient"]["id"] for event in billing.events()[-2:]] == [NEW_NUMBER, NEW_NUMBER]
