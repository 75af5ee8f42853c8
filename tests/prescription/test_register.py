"""What happens to patients when the population register answers, is silent, and changes its mind."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.events.prescription import PatientChanged
from shared.events.tasks import TaskRaised
from tests.prescription.conftest import DRINK, form
from tests.prescription.register_double import (
    ADULT,
    AWAY,
    CHILD,
    DEAD,
    HOMELESS,
    NEW,
    NOBODYS,
    OLD,
    ONLY,
    PROTECTED,
    UNSURE,
    Registered,
    start,
)


@pytest.fixture
async def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Registered]:
    registered = await start(tmp_path, monkeypatch)
    await registered.service.hear(DRINK)
    yield registered
    await registered.http.aclose()


def told(register: Registered) -> list[PatientChanged]:
    return list(register.service.told_of(PatientChanged))


async def reach(register: Registered, patient_ref: str) -> httpx.Response:
    return await register.service.client.post(
        "/reachability",
        json={"patient_ref": patient_ref, "purpose": "delivery_notice"},
        headers=register.service.token("service_notification"),
    )


async def prescribe(register: Registered, patient_ref: str) -> httpx.Response:
    return await register.post("/prescriptions", form(patient_ref), role="dietitian")


async def test_a_person_of_the_region_is_fetched_and_kept_when_looked_up(register: Registered) -> None:
    found = await register.found(ADULT)

    assert (found["person"]["name"], found["person"]["address"]["line1"]) == ("Test Testsson", "Provvägen 3")
    assert found["copied_at"] == "2026-11-23T09:00:00Z"
    assert [(fact.version, fact.protected) for fact in told(register)] == [(1, False)]
    assert (await register.found(ADULT))["patient_ref"] == found["patient_ref"]


async def test_the_fetching_is_in_the_audit_log(register: Registered) -> None:
    found = await register.found(ADULT)

    rows = await register.service.repository.backend.audit_rows()
    assert {row["action"] for row in rows} == {"prescription.find_patient"}
    assert all(found["patient_ref"] in row["patient_refs"] for row in rows)


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (PROTECTED, "protected-identity"),
        (UNSURE, "protected-identity"),
        (HOMELESS, "no-fixed-address"),
        (AWAY, "out-of-region"),
        (NOBODYS, "unknown-patient"),
        ("19850302T123", "unknown-reserve-number"),
    ],
)
async def test_who_cannot_be_served_is_refused_and_nothing_is_kept(
    register: Registered, number: str, rule: str
) -> None:
    answer = await register.find(number)

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert "Testsson" not in answer.text
    assert told(register) == []


async def test_a_deceased_person_is_shown_as_deceased_and_not_prescribed_to(register: Registered) -> None:
    found = await register.found(DEAD)

    refused = await prescribe(register, found["patient_ref"])

    assert found["status"]["deceased_on"] == "2026-10-31"
    assert "deceased" in {reason["rule"] for reason in refused.json()["reasons"]}


async def test_a_change_in_the_register_becomes_a_fact_at_the_next_look(register: Registered) -> None:
    await register.found(ADULT)
    await register.say("adult", "protected")
    register.service.clock.move(minutes=11)

    assert await register.refused(ADULT) == "protected-identity"

    assert [(fact.version, fact.protected, fact.name is None) for fact in told(register)] == [
        (1, False, False),
        (2, True, True),
    ]


async def test_a_fresh_copy_is_not_asked_for_again(register: Registered) -> None:
    await register.found(ADULT)
    register.behave("down")

    found = await register.found(ADULT)

    assert found["copied_at"] == "2026-11-23T09:00:00Z"


async def test_what_is_due_is_refreshed_by_itself(register: Registered) -> None:
    await register.found(ADULT)
    await register.say("adult", "deceased")
    register.service.clock.move(hours=12)

    await register.service.run_jobs()
    await register.service.run_jobs()

    assert [fact.deceased_on is None for fact in told(register)] == [True, False]


async def test_a_protected_person_who_is_kept_is_left_alone_until_somebody_has_the_number(
    register: Registered,
) -> None:
    await register.found(ADULT)
    await register.say("adult", "protected")
    register.service.clock.move(hours=12)
    await register.service.run_jobs()
    await register.say("adult", "as-filed")
    register.service.clock.move(hours=12)
    await register.service.run_jobs()

    assert [fact.protected for fact in told(register)] == [False, True]
    assert (await register.found(ADULT))["person"]["name"] == "Test Testsson"


async def test_while_the_register_is_down_a_kept_person_is_shown_with_the_date_of_the_copy(
    register: Registered,
) -> None:
    kept = await register.found(ADULT)
    register.behave("down")
    register.service.clock.move(hours=20)

    shown = await register.found(ADULT)

    assert (shown["patient_ref"], shown["copied_at"]) == (kept["patient_ref"], "2026-11-23T09:00:00Z")
    assert (await prescribe(register, kept["patient_ref"])).status_code == 201


async def test_a_copy_of_more_than_24_hours_is_not_prescribed_by(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    register.behave("down")
    register.service.clock.move(hours=24, seconds=1)

    saved = await prescribe(register, patient_ref)
    tried = await register.service.client.post(
        "/prescriptions/preview", json=form(patient_ref), headers=register.service.token("physician")
    )

    assert saved.json()["rule"] == "register-copy-too-old"
    assert [reason["rule"] for reason in tried.json()["reasons"]] == [
        "register-copy-too-old",
        "physician-only-under-16",
    ]


async def test_a_register_that_answers_again_lets_prescribing_go_on(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    register.service.clock.move(days=3)

    assert (await prescribe(register, patient_ref)).status_code == 201


@pytest.mark.parametrize("mode", ["down", "garbled"])
async def test_there_is_no_new_patient_while_the_register_does_not_answer(
    register: Registered, mode: str
) -> None:
    register.behave(mode)

    registered = await register.post("/patients", {"number": ADULT, "protected": False})

    assert await register.refused(ADULT) == "register-silent"
    assert registered.json()["rule"] == "register-silent"
    assert told(register) == []


async def test_a_reserve_number_is_registered_by_hand_also_while_the_register_is_down(
    register: Registered,
) -> None:
    register.behave("down")
    by_hand = {"number": "19850302T123", "protected": False, "name": "Amal Testsson", "born": "1985-03-02"}
    address = {"line1": "Provvägen 15", "postal_code": "21120", "city": "MALMÖ"}

    answer = await register.post("/patients", {**by_hand, "address": address, "lma_number": "50123456"})

    assert answer.status_code == 201
    found = await register.found("19850302T123")
    assert (found["copied_at"], found["person"]["lma_number"]) == (None, "50-123456")


async def test_nobody_is_told_anything_until_the_register_answers(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    register.behave("down")

    silent = await reach(register, patient_ref)
    register.behave("normal")
    answered = await reach(register, patient_ref)

    assert (silent.status_code, silent.json()["rule"]) == (503, "register-silent")
    assert answered.json() == {"may_be_told": True, "why": None}


async def test_protection_that_came_a_moment_ago_stops_a_message(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    await register.say("adult", "protected")

    assert (await reach(register, patient_ref)).json() == {"may_be_told": False, "why": "protected"}
    register.behave("down")
    assert (await reach(register, patient_ref)).json() == {"may_be_told": False, "why": "protected"}


async def test_a_number_that_was_replaced_finds_the_person_by_both_numbers(register: Registered) -> None:
    by_old = await register.found(OLD)
    by_new = await register.found(NEW)

    assert by_old["patient_ref"] == by_new["patient_ref"]
    assert by_old["person"]["number"] == NEW
    assert len(told(register)) == 1


async def test_a_number_that_changes_hands_is_told_with_the_new_number(register: Registered) -> None:
    before = await register.found(ADULT)
    await register.say("adult", "moved", number=ONLY)
    register.service.clock.move(minutes=11)

    after = await register.found(ADULT)

    assert (after["patient_ref"], after["person"]["number"]) == (before["patient_ref"], ONLY)
    assert [register.service.seals.open(fact.number or "") for fact in told(register)] == [ADULT, ONLY]


async def test_two_kept_patients_who_are_one_person_become_a_task(register: Registered) -> None:
    await register.found(ADULT)
    await register.found(ONLY)
    await register.say("adult", "moved", number=ONLY)
    register.service.clock.move(minutes=11)

    await register.found(ADULT)

    assert {task.kind for task in register.service.told_of(TaskRaised)} == {"patients-are-one-person"}


async def test_two_patients_are_merged_when_the_register_says_that_one_number_replaced_the_other(
    register: Registered,
) -> None:
    old_ref = (await register.found(ADULT))["patient_ref"]
    new_ref = (await register.found(ONLY))["patient_ref"]
    merge = {"number": ONLY, "reason": "nytt nummer"}
    before = await register.post(f"/patients/{old_ref}/number", merge)
    await register.say("adult", "moved", number=ONLY)

    after = await register.post(f"/patients/{old_ref}/number", merge)

    assert before.json()["rule"] == "not-a-reserve-number"
    assert (after.json()["how"], after.json()["patient_ref"]) == ("merged", new_ref)
    assert (await register.found(ADULT))["patient_ref"] == new_ref


async def test_a_merged_patient_is_refreshed_no_more(register: Registered) -> None:
    old_ref = (await register.found(ADULT))["patient_ref"]
    await register.found(ONLY)
    await register.say("adult", "moved", number=ONLY)
    await register.post(f"/patients/{old_ref}/number", {"number": ONLY, "reason": "nytt nummer"})
    told_before = len(told(register))
    register.service.clock.move(hours=13)

    await register.service.run_jobs()

    assert len(told(register)) == told_before


async def test_a_person_is_not_recorded_under_the_number_of_another_whom_the_register_knows(
    register: Registered,
) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    await register.found(ONLY)

    answer = await register.service.client.put(
        f"/patients/{patient_ref}",
        json={"number": ONLY, "protected": False},
        headers=register.service.once("customer_service"),
    )

    assert answer.json()["rule"] == "another-patients-number"


async def test_nobody_is_merged_into_a_protected_person(register: Registered) -> None:
    by_hand = {"number": "19850302T123", "protected": False, "name": "Amal Testsson", "born": "1985-03-02"}
    address = {"line1": "Provvägen 15", "postal_code": "21120", "city": "MALMÖ"}
    old_ref = (await register.post("/patients", {**by_hand, "address": address})).json()["patient_ref"]

    answer = await register.post(f"/patients/{old_ref}/number", {"number": PROTECTED, "reason": "x"})

    assert answer.json()["rule"] == "protected-identity"
    assert len(told(register)) == 1


async def test_a_number_that_is_replaced_in_a_circle_is_refused(register: Registered) -> None:
    await register.say("adult", "moved", number=ONLY)
    await register.say("only_in_register", "moved", number=ADULT)

    assert await register.refused(ADULT) == "number-given-away"


async def test_a_person_of_another_region_is_registered_by_customer_service_first(
    register: Registered,
) -> None:
    answer = await register.post(
        "/patients",
        {
            "number": AWAY,
            "protected": False,
            "payer": "home_region",
            "home_region": "Grannregionen",
            "phone": "070-1740614",
        },
    )

    assert answer.status_code == 201
    found = await register.found(AWAY)
    assert (found["person"]["name"], found["person"]["phone"]) == ("Rut Testsson", "+46701740614")
    assert found["status"]["home_region"] == "Grannregionen"


async def test_what_a_form_says_otherwise_than_the_register_is_refused(register: Registered) -> None:
    registered = await register.post(
        "/patients", {"number": AWAY, "protected": False, "name": "Annan Testsson"}
    )
    found = await register.found(ADULT)

    recorded = await register.service.client.put(
        f"/patients/{found['patient_ref']}",
        json={"number": ADULT, "protected": False, "name": "Annan Testsson"},
        headers=register.service.once("customer_service"),
    )

    assert registered.json()["rule"] == recorded.json()["rule"] == "register-keeps-person"


async def test_the_protection_of_the_register_holds_whatever_the_form_says(register: Registered) -> None:
    answer = await register.post("/patients", {"number": PROTECTED, "protected": False, "name": "X Testsson"})

    assert answer.status_code == 201
    assert [(fact.protected, fact.name) for fact in told(register)] == [(True, None)]
    lifted = await register.post(f"/patients/{answer.json()['patient_ref']}/status", {"protected": False})
    assert lifted.json()["rule"] == "register-says-otherwise"


async def test_protection_set_by_hand_ends_when_the_person_is_recorded_anew(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    await register.post(f"/patients/{patient_ref}/status", {"protected": True})
    register.service.clock.move(minutes=11)
    still = await register.refused(ADULT)

    answer = await register.service.client.put(
        f"/patients/{patient_ref}",
        json={"number": ADULT, "protected": False, "phone": "070-1740605"},
        headers=register.service.once("customer_service"),
    )

    assert (still, answer.status_code) == ("protected-identity", 200)
    assert (await register.found(ADULT))["person"]["phone"] == "+46701740605"


async def test_a_patient_who_moves_away_becomes_a_task_for_customer_service(register: Registered) -> None:
    await register.found(ADULT)
    await register.say("adult", "other-region")
    register.service.clock.move(minutes=11)

    await register.found(ADULT)

    assert [task.kind for task in register.service.told_of(TaskRaised)] == ["moved-out-of-region"]


async def test_a_kept_person_whom_the_register_no_longer_has_grows_old(register: Registered) -> None:
    patient_ref = (await register.found(ADULT))["patient_ref"]
    await register.say("adult", "gone")
    register.service.clock.move(hours=25)

    assert (await prescribe(register, patient_ref)).json()["rule"] == "register-copy-too-old"


async def test_a_register_that_is_down_is_left_alone_after_three_silences(register: Registered) -> None:
    for number in (ADULT, ONLY, CHILD, NEW):
        await register.found(number)
    register.behave("down")
    register.service.clock.move(hours=12)
    asked: list[dict[str, Any]] = (register.folder / "register.jsonl").read_text().splitlines()  # type: ignore[assignment]

    await register.service.run_jobs()

    now = (register.folder / "register.jsonl").read_text().splitlines()
    assert len(now) - len(asked) == 3
