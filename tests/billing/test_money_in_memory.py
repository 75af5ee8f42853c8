"""Corrections, waivers and reconciliations through billing's doors."""

from typing import Any

import pytest

from services.billing.application import waivers
from services.billing.repository import fees
from services.billing.repository.collections import FEES
from shared.events.billing import FeeCredited
from shared.events.prescription import PatientsMerged
from shared.repository import Refs
from tests.billing.doors import get
from tests.billing.in_memory import ANNULLED, NUMBER, SENT, TODAY, Billing, ids

NEW_NUMBER = "200207022385"
GROUP = {"sent_from": "2026-11-01", "sent_through": "2026-11-30"}


async def post(billing: Billing, path: str, body: Any = None, *, by: str = "eko") -> Any:
    headers = billing.service.once("economist", sub=by)
    return await billing.service.client.post(path, json=body, headers=headers)


async def first_fee(billing: Billing) -> str:
    await billing.hear(billing.patient(), SENT)
    return ids(billing.events())[0]


CORRECTION = {"amount": 50, "reason": "the LMA card was not registered"}
AS_READ = {"amount": 50}


async def test_two_people_correct_a_fee_and_invoicing_gets_both_entries(billing: Billing) -> None:
    event_id = await first_fee(billing)

    asked = await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    waiting = await get(billing, "/corrections")
    alone = await post(billing, f"/fees/{event_id}/correction/approve", AS_READ)
    approved = await post(billing, f"/fees/{event_id}/correction/approve", AS_READ, by="ekon")

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
    too_late = await post(billing, f"/fees/{event_id}/correction/approve", AS_READ, by="ekon")

    assert (first.status_code, declined.json()["state"]) == (201, "declined")
    assert (second.status_code, second.json()["rule"]) == (422, "correction-waits")
    assert (too_late.status_code, too_late.json()["rule"]) == (422, "correction-decided")
    assert len(billing.events()) == 2


async def test_an_annulment_after_a_correction_credits_the_corrected_fee(billing: Billing) -> None:
    event_id = await first_fee(billing)
    await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    await post(billing, f"/fees/{event_id}/correction/approve", AS_READ, by="ekon")

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


async def test_a_fee_sent_after_the_number_changed_hands_carries_the_new_one(billing: Billing) -> None:
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


async def test_a_held_fee_of_a_merged_patient_is_sent_with_the_other_ones_number(billing: Billing) -> None:
    personal = billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"})
    await billing.hear(SENT, personal, PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    await billing.service.run_jobs()

    assert [event["patient"]["id"] for event in billing.events()] == [NEW_NUMBER, NEW_NUMBER]


async def test_a_waiting_correction_follows_its_merged_patient(billing: Billing) -> None:
    event_id = await first_fee(billing)
    await post(billing, f"/fees/{event_id}/correction", CORRECTION)
    personal = billing.patient(number=NEW_NUMBER).model_copy(update={"patient_ref": "p-2"})
    await billing.hear(personal, PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))

    await post(billing, f"/fees/{event_id}/correction/approve", AS_READ, by="ekon")

    assert [event["patient"]["id"] for event in billing.events()[-2:]] == [NEW_NUMBER, NEW_NUMBER]
