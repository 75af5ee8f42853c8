"""How people try, save, read and annul prescriptions."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.numbers import is_number
from shared.events.prescription import LineAnnulled, PrescriptionRegistered
from tests.prescription.conftest import CHILD, DRINK, LINE, OTHER_UNIT, UNIT, Register, form
from tests.support import InMemory


async def preview(service: InMemory, body: dict[str, Any], role: str = "dietitian", **claims: Any) -> Any:
    headers = {**service.token(role, **claims), "Accept-Language": "en"}
    return await service.client.post("/prescriptions/preview", json=body, headers=headers)


async def save(service: InMemory, body: dict[str, Any], role: str = "dietitian", **claims: Any) -> Any:
    return await service.client.post("/prescriptions", json=body, headers=service.once(role, **claims))


async def test_a_prescription_is_tried_and_nothing_is_kept(service: InMemory, adult: str) -> None:
    tried = (await preview(service, form(adult))).json()

    assert (tried["allowed"], tried["reasons"], tried["warnings"]) == (True, [], [])
    assert tried["valid_through"] == "2027-11-23"
    assert service.told_of(PrescriptionRegistered) == []


async def test_the_calculation_shows_pieces_packages_and_cost_per_withdrawal(
    service: InMemory, adult: str
) -> None:
    body = form(adult, lines=[{**LINE, "per_day": 1.5, "days": 15}])

    (calculation,) = (await preview(service, body)).json()["calculations"]

    assert Decimal(calculation["pieces"]) == Decimal("22.5")
    assert Decimal(calculation["pieces_left_over"]) == Decimal("1.5")
    assert (calculation["packages"], calculation["pieces_per_package"]) == (6, 4)
    assert (calculation["cost"], calculation["total_cost"]) == ("576.00", "6912.00")


async def test_a_preview_gives_every_reason_and_the_calculation_all_the_same(
    service: InMemory, register: Register
) -> None:
    child = await register(number=CHILD)
    body = form(child, lines=[{**LINE, "days": 91}, {**LINE, "article_no": "999999"}])

    tried = (await preview(service, body)).json()

    assert tried["allowed"] is False
    assert [(each["rule"], each["facts"].get("line")) for each in tried["reasons"]] == [
        ("dietitian-only-from-16", None),
        ("more-than-365-days", 1),
        ("more-than-90-days-under-16", 1),
        ("unknown-article", 2),
    ]
    assert [each["line"] for each in tried["calculations"]] == [1]


async def test_an_unusual_quantity_is_warned_of_and_saved_all_the_same(service: InMemory, adult: str) -> None:
    body = form(adult, lines=[{"article_no": "900001", "packages": 200, "days": 30, "withdrawals": 12}])

    tried, saved = await preview(service, body), await save(service, body)

    assert tried.json()["allowed"] is True
    assert [each["rule"] for each in tried.json()["warnings"]] == ["unusual-quantity"]
    assert (saved.status_code, saved.json()["warnings"][0]["line"]) == (201, 1)


async def test_saving_creates_a_numbered_prescription(service: InMemory, adult: str) -> None:
    saved = (await save(service, form(adult))).json()

    assert is_number(saved["prescription_no"], "F")
    (told,) = service.told_of(PrescriptionRegistered)
    assert (told.prescription_no, told.patient_ref) == (saved["prescription_no"], adult)


async def test_the_same_key_saves_once(service: InMemory, adult: str) -> None:
    headers = service.once("dietitian")

    first, again = [
        await service.client.post("/prescriptions", json=form(adult), headers=headers) for _ in range(2)
    ]

    assert first.json() == again.json()
    assert len(service.told_of(PrescriptionRegistered)) == 1


async def test_the_only_care_unit_is_preselected(service: InMemory, adult: str) -> None:
    saved = await save(service, form(adult, care_unit=None))

    assert saved.json()["care_unit"] == UNIT


async def test_who_has_several_care_units_chooses_one_of_them(service: InMemory, adult: str) -> None:
    units = [UNIT, OTHER_UNIT]

    silent = await save(service, form(adult, care_unit=None), care_units=units)
    chosen = await save(service, form(adult, care_unit=OTHER_UNIT), care_units=units)

    assert silent.json()["rule"] == "choose-care-unit"
    assert chosen.json()["care_unit"] == OTHER_UNIT


async def test_nobody_prescribes_for_a_foreign_care_unit(service: InMemory, adult: str) -> None:
    answer = await save(service, form(adult, care_unit=OTHER_UNIT))

    assert (answer.status_code, answer.json()["rule"]) == (403, "not-your-unit")


async def test_nobody_prescribes_outside_the_own_product_areas(service: InMemory, adult: str) -> None:
    answer = await save(service, form(adult), product_areas=["diabetes"])
    with_two_roles = await save(
        service, form(adult), product_areas=["diabetes"], roles=["prescriber", "customer_service"]
    )

    assert (answer.status_code, with_two_roles.status_code) == (403, 403)


async def test_only_physicians_and_dietitians_prescribe(service: InMemory, adult: str) -> None:
    nurse = await save(service, form(adult), profession="nurse")
    clerk = await save(service, form(adult), role="customer_service")

    assert (nurse.status_code, nurse.json()["rule"]) == (422, "profession-may-not-prescribe")
    assert clerk.status_code == 403


async def test_a_physician_prescribes_to_a_child_and_a_dietitian_does_not(
    service: InMemory, register: Register
) -> None:
    child = await register(number=CHILD)

    physician, dietitian = [
        await save(service, form(child), role=role) for role in ("physician", "dietitian")
    ]

    assert (physician.status_code, dietitian.status_code) == (201, 422)
    assert dietitian.json()["rule"] == "dietitian-only-from-16"


async def test_age_is_measured_again_when_the_prescription_is_saved(
    service: InMemory, register: Register
) -> None:
    nearly_16 = await register(number="201108082387")
    tried = await preview(service, form(nearly_16), role="physician")

    service.clock.set(datetime(2027, 8, 8, 9, tzinfo=UTC))
    saved = await save(service, form(nearly_16), role="physician")

    assert tried.json()["allowed"] is True
    assert saved.json()["rule"] == "physician-only-under-16"


async def test_a_discontinued_article_is_no_longer_prescribed(service: InMemory, adult: str) -> None:
    await service.hear(DRINK.model_copy(update={"version": 2, "status": "discontinued"}))
    await service.hear(DRINK)

    answer = await save(service, form(adult))

    assert answer.json()["rule"] == "article-discontinued"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lines": [{**LINE, "colour": "blue"}]}, "body.lines.0.colour"),
        ({"lines": [{**LINE, "days": 0}]}, "body.lines.0.days"),
        ({"prescription_type": "sweets"}, "body.prescription_type"),
    ],
)
async def test_a_field_that_is_wrong_is_named(
    service: InMemory, adult: str, wrong: dict[str, Any], field: str
) -> None:
    answer = await save(service, form(adult, **wrong))

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == [field]


async def test_the_patient_view_shows_active_and_ended_lines(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    second = (await save(service, form(adult))).json()
    await annul(service, second)

    seen = (await service.client.get(f"/patients/{adult}", headers=service.token("dietitian"))).json()

    assert [line["prescription_no"] for line in seen["active_lines"]] == [prescribed["prescription_no"]]
    assert [line["state"] for line in seen["ended_lines"]] == ["annulled"]


async def test_a_patients_prescriptions_are_listed_with_the_audit_row_first(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    listed = await service.client.get(f"/patients/{adult}/prescriptions", headers=service.token("dietitian"))

    assert [each["prescription_no"] for each in listed.json()] == [prescribed["prescription_no"]]
    rows = await service.repository.backend.audit.rows()
    assert rows[-1]["action"] == "prescription.get_patient_prescriptions"


async def annul(service: InMemory, saved: dict[str, Any], role: str = "dietitian", **claims: Any) -> Any:
    number = saved["prescription_no"]
    return await service.client.post(
        f"/prescriptions/{number}/lines/{number}-1/annul",
        json={"reason": "fel smak"},
        headers=service.once(role, **claims),
    )


async def test_a_prescriber_annuls_a_line_once(service: InMemory, prescribed: dict[str, Any]) -> None:
    first, again = await annul(service, prescribed), await annul(service, prescribed)

    assert first.json()["lines"][0]["state"] == "annulled"
    assert (again.status_code, again.json()["rule"]) == (422, "line-not-active")
    assert len(service.told_of(LineAnnulled)) == 1


async def test_a_line_that_is_not_there_is_not_annulled(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    answer = await service.client.post(
        f"/prescriptions/{prescribed['prescription_no']}/lines/{prescribed['prescription_no']}-9/annul",
        json={"reason": "fel"},
        headers=service.once("dietitian"),
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["dietitian", "order_placer"])
async def test_another_care_unit_reaches_neither_prescription_nor_line(
    service: InMemory, prescribed: dict[str, Any], role: str
) -> None:
    path = f"/prescriptions/{prescribed['prescription_no']}"

    own = await service.client.get(path, headers=service.token(role))
    foreign = await service.client.get(path, headers=service.token(role, care_units=[OTHER_UNIT]))
    annulment = await annul(service, prescribed, care_units=[OTHER_UNIT])

    assert (own.status_code, foreign.status_code, annulment.status_code) == (200, 403, 403)


async def test_a_patient_reads_an_own_prescription_and_nobody_elses(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    path = f"/prescriptions/{prescribed['prescription_no']}"

    own = await service.client.get(path, headers=service.token("patient", patient_ref=adult))
    others = await service.client.get(path, headers=service.token("patient", patient_ref="p-2"))

    assert (own.status_code, others.status_code) == (200, 403)
