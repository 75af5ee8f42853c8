"""Searching for patients by what is prescribed and by name, one's own lists, and who is listed for whom."""

from typing import Any

import httpx
import pytest

from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.events.prescription import PatientChanged
from tests.prescription.conftest import ADULT, LINE, STRANGER, UNIT, Register, form
from tests.support import InMemory

THIRD, FOURTH = "200207022385", "200607102399"
DIETITIAN = "dietitian-1"


async def prescribe(service: InMemory, patient_ref: str, *, unit: str = UNIT, by: str = DIETITIAN) -> str:
    answer = await service.client.post(
        "/prescriptions",
        json=form(patient_ref, care_unit=unit, lines=[{**LINE, "days": 30, "withdrawals": 1}]),
        headers=service.once("dietitian", sub=by, care_units=[UNIT, "DEMO-102"]),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["prescription_no"])


async def search(
    service: InMemory, role: str = "customer_service", *, claims: dict[str, Any] | None = None, **asked: Any
) -> httpx.Response:
    headers = service.token(role, **(claims or {}))
    return await service.client.post("/patients/search", json=asked, headers=headers)


async def names(service: InMemory, role: str = "customer_service", **criteria: Any) -> list[str]:
    answer = await search(service, role, criteria=criteria)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["patients"]]


@pytest.fixture
async def people(register: Register) -> list[str]:
    """Register three adults whose names are near each other."""
    given = {ADULT: "Bo Andreasson", STRANGER: "Andreas Testsson", THIRD: "Åsa Testsson"}
    return [await register(number=number, name=name) for number, name in given.items()]


async def test_my_active_patients_of_a_unit_are_listed_with_their_prescriptions(
    service: InMemory, people: list[str]
) -> None:
    number = await prescribe(service, people[0])
    await prescribe(service, people[1], unit="DEMO-102")
    await prescribe(service, people[2], by="dietitian-2")

    answer = await search(
        service, "dietitian", criteria={"prescriber": DIETITIAN, "activity": "active", "care_unit": UNIT}
    )

    (row,) = answer.json()["patients"]
    assert (row["patient_ref"], row["number"], row["prescription_nos"]) == (people[0], ADULT, [number])


async def test_a_search_for_a_name_finds_surnames_that_begin_so_and_the_whole_name_first(
    service: InMemory, people: list[str]
) -> None:
    assert await names(service, name="andreas") == ["Andreas Testsson", "Bo Andreasson"]
    assert await names(service, name="test Andreas") == ["Andreas Testsson"]
    assert await names(service, name="ASA") == ["Åsa Testsson"]
    assert await names(service, name="nobody") == []


async def test_staff_list_only_patients_of_their_own_care_units(service: InMemory, people: list[str]) -> None:
    await prescribe(service, people[0])
    await prescribe(service, people[1], unit="DEMO-102")

    assert await names(service, "dietitian", name="andreas") == ["Bo Andreasson"]
    assert await names(service, "dietitian", care_unit="DEMO-102") == []
    assert len(await names(service, name="andreas")) == 2


async def test_every_listed_person_is_in_the_audit_log(service: InMemory, people: list[str]) -> None:
    await names(service, name="andreas")

    row = (await service.repository.backend.audit.rows())[-1]
    assert (row["action"], set(row["patient_refs"])) == ("prescription.search_patients", set(people[:2]))


async def test_a_long_list_comes_page_by_page_each_patient_once(service: InMemory, people: list[str]) -> None:
    for patient_ref in people:
        await prescribe(service, patient_ref)
        await prescribe(service, patient_ref)
    seen: list[str] = []
    for criteria in ({"prescriber": DIETITIAN}, {"name": "test"}, {"name": "andreas"}):
        after: str | None = None
        while True:
            asked: dict[str, Any] = {"criteria": criteria, "limit": 1, **({"after": after} if after else {})}
            page = (await search(service, **asked)).json()
            seen += [each["name"] for each in page["patients"]]
            after = page["next"]
            if after is None:
                break

    assert sorted(seen[:3]) == ["Andreas Testsson", "Bo Andreasson", "Åsa Testsson"]
    assert sorted(seen[3:5]) == ["Andreas Testsson", "Åsa Testsson"]
    assert seen[5:] == ["Andreas Testsson", "Bo Andreasson"]


async def test_a_hit_opens_the_patient_view(service: InMemory, people: list[str]) -> None:
    await prescribe(service, people[0])
    (row,) = (await search(service, "dietitian", criteria={"name": "andreas"})).json()["patients"]

    view = await service.client.get(f"/patients/{row['patient_ref']}", headers=service.token("dietitian"))

    assert (view.json()["person"]["name"], row["name"]) == ("Bo Andreasson", "Bo Andreasson")
    assert [each["prescription_no"] for each in view.json()["active_lines"]] == row["prescription_nos"]


async def test_what_ends_soon_and_what_has_ended_is_found(service: InMemory, people: list[str]) -> None:
    number = await prescribe(service, people[0])
    await service.client.post(
        f"/prescriptions/{number}/lines/{number}-1/annul",
        json={"reason": "wrong"},
        headers=service.once("dietitian"),
    )
    await prescribe(service, people[1])

    assert await names(service, activity="ended") == ["Bo Andreasson"]
    assert await names(service, ends_within_days=365) == ["Andreas Testsson"]
    assert await names(service, ends_within_days=30) == []
    assert await names(service, prescription_type="energy_nutrition", activity="active") == [
        "Andreas Testsson"
    ]


async def test_a_person_who_became_protected_is_in_no_list(service: InMemory, people: list[str]) -> None:
    await prescribe(service, people[0])
    await service.client.post(
        f"/patients/{people[0]}/status", json={"protected": True}, headers=service.once("customer_service")
    )

    assert await names(service, name="andreasson") == []
    assert await names(service, prescriber=DIETITIAN) == []


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, "search-too-broad"),
        ({"criteria": {}}, "search-too-broad"),
        ({"criteria": {"name": "A"}}, "name-too-short"),
    ],
)
async def test_a_search_for_everybody_is_refused(service: InMemory, asked: Any, rule: str) -> None:
    assert (await search(service, **asked)).json()["rule"] == rule


async def test_a_full_number_gives_the_one_patient_and_an_empty_one_the_latest_opened(
    service: InMemory, people: list[str]
) -> None:
    for patient_ref in (people[0], people[1], people[0]):
        await service.client.get(f"/patients/{patient_ref}", headers=service.token("dietitian"))

    by_number = (await search(service, "dietitian", number=STRANGER)).json()["patients"]
    opened = (await search(service, "dietitian", number="")).json()["patients"]
    others = (await search(service, "order_placer", number="")).json()["patients"]

    assert [each["patient_ref"] for each in by_number] == [people[1]]
    assert [each["patient_ref"] for each in opened] == [people[0], people[1]]
    assert others == []


async def test_a_search_is_saved_under_a_name_for_oneself(service: InMemory) -> None:
    mine = {"name": "Mina aktiva", "criteria": {"prescriber": DIETITIAN, "name": "Andreas"}}

    kept = await service.client.post("/searches", json=mine, headers=service.once("dietitian"))
    listed = await service.client.get("/searches", headers=service.token("dietitian"))
    others = await service.client.get("/searches", headers=service.token("order_placer"))

    assert kept.json() == {"searches": ["Mina aktiva"]}
    (saved,) = listed.json()
    assert (saved["name"], saved["criteria"]["name"]) == ("Mina aktiva", "Andreas")
    assert others.json() == []


async def test_a_saved_search_is_taken_away(service: InMemory) -> None:
    mine = {"name": "Mina", "criteria": {"prescriber": DIETITIAN}}
    await service.client.post("/searches", json=mine, headers=service.once("dietitian"))

    for status in (200, 404):
        answer = await service.client.post(
            "/searches/forget", json={"name": "mina"}, headers=service.once("dietitian")
        )
        assert answer.status_code == status


async def test_no_name_stands_in_clear_where_searches_and_patients_are_kept(
    service: InMemory, people: list[str]
) -> None:
    mine = {"name": "Mina", "criteria": {"name": "Andreasson"}}
    await service.client.post("/searches", json=mine, headers=service.once("dietitian"))

    kept = str(vars(service.repository.backend)).casefold()
    assert "andreas" not in kept
    assert "andreas" not in str([fact.model_dump() for fact in service.told_of(PatientChanged)]).casefold()


def test_a_prescription_has_the_fields_that_are_searched() -> None:
    searched = {"care_unit", "product_area", "prescriber", "prescription_type", "valid_through", "lines"}

    assert searched <= set(Prescription.__dataclass_fields__)
