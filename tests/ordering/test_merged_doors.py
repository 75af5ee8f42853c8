"""Ordering in memory: a reference that was merged into another opens the one person's doors (S65, S68)."""

from typing import Any

import pytest

from shared.events.prescription import PatientsMerged
from tests.ordering.desk import WANTED, drafted, patient, sent, told_desk
from tests.ordering.examples import LINE, PATIENT, TODAY
from tests.support import InMemory

KEPT = "patient-2"


@pytest.fixture
async def desk() -> InMemory:
    """Ordering, told that the patient of the prescription is another patient too."""
    service = await told_desk()
    await service.hear(patient(service.seals, patient_ref=KEPT))
    return service


async def merge(desk: InMemory) -> None:
    await desk.hear(PatientsMerged(patient_ref=PATIENT, into_ref=KEPT, merged_on=TODAY))


async def post(desk: InMemory, path: str, body: Any, role: str = "customer_service", **claims: Any) -> Any:
    return await desk.client.post(path, json=body, headers=desk.once(role, **claims))


@pytest.mark.parametrize("claims", [{}, {"patient_ref": PATIENT}, {"patient_ref": KEPT}])
async def test_the_old_reference_shows_the_one_persons_allowance(
    desk: InMemory, claims: dict[str, str]
) -> None:
    await merge(desk)
    headers = desk.token("patient" if claims else "customer_service", **claims)

    shown = await desk.client.get(f"/allowances/{PATIENT}", headers=headers)

    assert (shown.status_code, shown.json()["patient_ref"]) == (200, KEPT)
    assert [each["line_id"] for each in shown.json()["lines"]] == [LINE.line_id]


async def test_a_withdrawal_begun_with_the_old_reference_is_the_one_persons(desk: InMemory) -> None:
    await merge(desk)

    preview = await post(desk, "/withdrawals/preview", WANTED)
    made = await post(desk, "/withdrawals", WANTED)

    assert preview.json()["allowed"]
    assert (made.status_code, made.json()["patient_ref"]) == (201, KEPT)


async def test_a_citizen_signed_in_with_the_old_reference_withdraws_on_own_lines(desk: InMemory) -> None:
    await merge(desk)

    made = await post(desk, "/withdrawals", WANTED, "patient", patient_ref=PATIENT)
    waiting = await post(desk, "/withdrawals/drafts", {}, "patient", patient_ref=PATIENT)
    number = made.json()["withdrawal_no"]
    sent_by_citizen = await post(desk, f"/withdrawals/{number}/send", None, "patient", patient_ref=PATIENT)

    assert [each["withdrawal_no"] for each in waiting.json()] == [number]
    assert sent_by_citizen.status_code == 200


async def test_withdrawals_and_drafts_are_found_by_the_old_reference(desk: InMemory) -> None:
    draft = await drafted(desk)
    confirmation = await sent(desk)
    await merge(desk)

    found = await post(desk, "/withdrawals/search", {"patient_ref": PATIENT})
    waiting = await post(desk, "/withdrawals/drafts", {"patient_ref": PATIENT})

    assert {each["withdrawal_no"] for each in found.json()} == {confirmation["withdrawal_no"], draft}
    assert [each["withdrawal_no"] for each in waiting.json()] == [draft]


async def test_a_stranger_learns_nothing_by_an_old_reference(desk: InMemory) -> None:
    await merge(desk)

    answer = await desk.client.get(
        f"/allowances/{PATIENT}", headers=desk.token("patient", patient_ref="patient-3")
    )

    assert answer.status_code == 403
