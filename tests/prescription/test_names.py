"""Names as people have them and type them: apostrophes, initials, other letters, other scripts, slips."""

from dataclasses import replace
from typing import Any

import pytest

from services.prescription.app import assemble
from services.prescription.domain.patients.search import Criteria, against_search
from services.prescription.repository.collections import PATIENTS
from shared.repository import Cause
from tests.prescription.conftest import ADULT, FORM, post
from tests.support import InMemory, in_memory


async def found(service: InMemory, name: str) -> list[dict[str, Any]]:
    answer = await post(service, "/patients/search", {"criteria": {"name": name}}, "customer_service")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["patients"]
    return rows


@pytest.fixture
async def named() -> InMemory:
    return await in_memory("prescription", assemble)


async def registered(service: InMemory, name: str) -> str:
    answer = await post(service, "/patients", {**FORM, "name": name}, "customer_service")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["patient_ref"])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siobhán O'Brien", "Siobhán O\u2019Brien"),
        ("Siobhán O\u2019Brien", "obrien"),
        ("Siobhán O'Brien", "Brien"),
        ("Maria D'Angelo", "Maria D`Angelo"),
        ("Anna B Svensson", "Anna B Svensson"),
        ("Anna Beata Svensson", "Anna B Svensson"),
        ("Bo Ek", "bo ek"),
        ("Søren Sørensen", "Sorensen"),
        ("Soren Sorensen", "Sørensen"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Anna Beata Cecilia Dagny Elsa Frida Gunilla Hansson", "Hansson Gunilla"),
        ("李明", "李"),
        ("Иван Петров", "петров"),
        ("ศิริ ไทย", "ศิริ"),
    ],
)
async def test_a_name_is_found_as_people_write_it(named: InMemory, name: str, typed: str) -> None:
    patient_ref = await registered(named, name)

    rows = await found(named, typed)

    assert [(row["patient_ref"], row["near_miss"]) for row in rows] == [(patient_ref, False)]


@pytest.mark.parametrize("typed", ["Testson", "Testssson", "Tetsson", "Tesstson", "Testsson Tset"])
async def test_a_near_miss_is_offered_as_one(named: InMemory, typed: str) -> None:
    patient_ref = await registered(named, "Test Testsson")

    assert [(row["patient_ref"], row["near_miss"]) for row in await found(named, typed)] == [
        (patient_ref, True)
    ]


async def test_nobody_is_offered_beside_the_very_name(named: InMemory) -> None:
    await registered(named, "Test Testsson")
    answer = await post(
        named, "/patients", {**FORM, "number": "199307022393", "name": "Test Testson"}, "customer_service"
    )

    assert [row["patient_ref"] for row in await found(named, "Testson")] == [answer.json()["patient_ref"]]


@pytest.mark.parametrize("typed", ["A", "B. C", "'"])
def test_one_letter_alone_finds_nobody(typed: str) -> None:
    assert [each.rule for each in against_search(Criteria(name=typed))] == ["name-too-short"]


async def test_who_was_indexed_before_is_indexed_anew_a_page_at_a_time(named: InMemory) -> None:
    patient_ref = await registered(named, "Siobhán O'Brien")
    patient = await named.repository.get(PATIENTS.ref(patient_ref))
    assert patient.person
    earlier = replace(patient, person=replace(patient.person, name_keys=(), indexed_as=1))
    await named.repository.change(PATIENTS.ref(patient_ref), lambda _: (earlier, []), cause=Cause(key=None))
    assert await found(named, "O'Brien") == []

    for job in named.assembled.jobs:
        if job.name == "names":
            await job.run()

    assert [row["number"] for row in await found(named, "O'Brien")] == [ADULT]
