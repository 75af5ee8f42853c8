"""What happens to patients when the population register answers, is silent, and changes its mind."""

from typing import Any

import httpx
import pytest

from shared.events.tasks import TaskRaised
from tests.prescription.conftest import form
from tests.prescription.register_double import (
    ADULT,
    AWAY,
    CHILD,
    DEAD,
    HOMELESS,
    NEW,
    NOBODYS,
    ONLY,
    PROTECTED,
    UNSURE,
    Registered,
    told,
)


async def reach(registry: Registered, *patient_refs: str) -> list[dict[str, Any]]:
    answer = await registry.service.client.post(
        "/reachability",
        json={"people": [{"patient_ref": each, "purpose": "delivery_notice"} for each in patient_refs]},
        headers=registry.service.token("service_notification"),
    )
    answers: list[dict[str, Any]] = answer.json()["answers"]
    return answers


async def prescribe(registry: Registered, patient_ref: str) -> httpx.Response:
    return await registry.post("/prescriptions", form(patient_ref), role="dietitian")


async def test_a_person_of_the_region_is_fetched_and_kept_when_looked_up(registry: Registered) -> None:
    found = await registry.found(ADULT)

    assert (found["person"]["name"], found["person"]["address"]["line1"]) == ("Test Testsson", "Provvägen 3")
    assert found["copied_at"] == "2026-11-23T09:00:00Z"
    assert [(fact.version, fact.protected) for fact in told(registry)] == [(1, False)]
    assert (await registry.found(ADULT))["patient_ref"] == found["patient_ref"]


async def test_the_fetching_is_in_the_audit_log(registry: Registered) -> None:
    found = await registry.found(ADULT)

    rows = await registry.service.repository.backend.audit.rows()
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
    registry: Registered, number: str, rule: str
) -> None:
    answer = await registry.find(number)

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert "Testsson" not in answer.text
    assert told(registry) == []


async def test_a_deceased_person_is_shown_as_deceased_and_not_prescribed_to(registry: Registered) -> None:
    found = await registry.found(DEAD)

    refused = await prescribe(registry, found["patient_ref"])

    assert found["status"]["deceased_on"] == "2026-10-31"
    assert "deceased" in {reason["rule"] for reason in refused.json()["reasons"]}


async def test_a_change_in_the_register_becomes_a_fact_at_the_next_look(registry: Registered) -> None:
    await registry.found(ADULT)
    await registry.say("adult", "protected")
    registry.service.clock.move(minutes=11)

    assert await registry.refused(ADULT) == "protected-identity"

    assert [(fact.version, fact.protected, fact.name is None) for fact in told(registry)] == [
        (1, False, False),
        (2, True, True),
    ]


async def test_a_fresh_copy_is_not_asked_for_again(registry: Registered) -> None:
    await registry.found(ADULT)
    registry.behave("down")

    found = await registry.found(ADULT)

    assert found["copied_at"] == "2026-11-23T09:00:00Z"


async def test_what_is_due_is_refreshed_by_itself(registry: Registered) -> None:
    await registry.found(ADULT)
    await registry.say("adult", "deceased")
    registry.service.clock.move(hours=12)

    await registry.service.run_jobs()
    await registry.service.run_jobs()

    assert [fact.deceased_on is None for fact in told(registry)] == [True, False]


async def test_a_protected_person_who_is_kept_is_left_alone_until_somebody_has_the_number(
    registry: Registered,
) -> None:
    await registry.found(ADULT)
    await registry.say("adult", "protected")
    registry.service.clock.move(hours=12)
    await registry.service.run_jobs()
    await registry.say("adult", "as-filed")
    registry.service.clock.move(hours=12)
    await registry.service.run_jobs()

    assert [fact.protected for fact in told(registry)] == [False, True]
    assert (await registry.found(ADULT))["person"]["name"] == "Test Testsson"


async def test_while_the_register_is_down_a_kept_person_is_shown_with_the_date_of_the_copy(
    registry: Registered,
) -> None:
    kept = await registry.found(ADULT)
    registry.behave("down")
    registry.service.clock.move(hours=20)

    shown = await registry.found(ADULT)

    assert (shown["patient_ref"], shown["copied_at"]) == (kept["patient_ref"], "2026-11-23T09:00:00Z")
    assert (await prescribe(registry, kept["patient_ref"])).status_code == 201


async def test_a_copy_of_more_than_24_hours_is_not_prescribed_by(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    registry.behave("down")
    registry.service.clock.move(hours=24, seconds=1)

    saved = await prescribe(registry, patient_ref)
    tried = await registry.service.client.post(
        "/prescriptions/preview", json=form(patient_ref), headers=registry.service.token("physician")
    )

    assert saved.json()["rule"] == "register-copy-too-old"
    assert [reason["rule"] for reason in tried.json()["reasons"]] == [
        "register-copy-too-old",
        "physician-only-under-16",
    ]


async def test_a_register_that_answers_again_lets_prescribing_go_on(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    registry.service.clock.move(days=3)

    assert (await prescribe(registry, patient_ref)).status_code == 201


@pytest.mark.parametrize("mode", ["down", "garbled"])
async def test_there_is_no_new_patient_while_the_register_does_not_answer(
    registry: Registered, mode: str
) -> None:
    registry.behave(mode)

    registered = await registry.post("/patients", {"number": ADULT, "protected": False})

    assert await registry.refused(ADULT) == "register-silent"
    assert registered.json()["rule"] == "register-silent"
    assert told(registry) == []


async def test_nobody_is_told_anything_until_the_register_answers(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    registry.behave("down")

    silent = await reach(registry, patient_ref)
    registry.behave("normal")
    answered = await reach(registry, patient_ref)

    assert silent == [{"may_be_told": False, "why": "register_silent"}]
    assert answered == [{"may_be_told": True, "why": None}]


async def test_several_are_asked_about_at_once_and_each_gets_the_own_answer(registry: Registered) -> None:
    kept, child = [(await registry.found(each))["patient_ref"] for each in (ADULT, CHILD)]
    await registry.say("adult", "protected")

    answers = await reach(registry, child, kept, "nobody", child)

    assert [each["why"] for each in answers] == [None, "protected", "unknown", None]


async def test_protection_that_came_a_moment_ago_stops_a_message(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    await registry.say("adult", "protected")

    assert await reach(registry, patient_ref) == [{"may_be_told": False, "why": "protected"}]
    registry.behave("down")
    assert await reach(registry, patient_ref) == [{"may_be_told": False, "why": "protected"}]


async def test_a_patient_who_moves_away_becomes_a_task_for_customer_service(registry: Registered) -> None:
    await registry.found(ADULT)
    await registry.say("adult", "other-region")
    registry.service.clock.move(minutes=11)

    await registry.found(ADULT)

    assert [task.kind for task in registry.service.told_of(TaskRaised)] == ["moved_out_of_region"]


async def test_a_kept_person_whom_the_register_no_longer_has_grows_old(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    await registry.say("adult", "gone")
    registry.service.clock.move(hours=25)

    assert (await prescribe(registry, patient_ref)).json()["rule"] == "register-copy-too-old"


async def test_a_register_that_is_down_is_left_alone_after_three_silences(registry: Registered) -> None:
    for number in (ADULT, ONLY, CHILD, NEW):
        await registry.found(number)
    registry.behave("down")
    registry.service.clock.move(hours=12)
    asked: list[dict[str, Any]] = (registry.folder / "register.jsonl").read_text().splitlines()  # type: ignore[assignment]

    await registry.service.run_jobs()

    now = (registry.folder / "register.jsonl").read_text().splitlines()
    assert len(now) - len(asked) == 3
