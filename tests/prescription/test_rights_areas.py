"""Product areas: what one sees, and where one may prescribe."""

from typing import Any

import pytest

from shared.events.inventory import ArticleChanged
from tests.prescription.conftest import DRINK, LINE, UNIT, form
from tests.support import InMemory

PAD = DRINK.model_copy(
    update={
        "article_no": "910001",
        "name": "Demoskydd normal",
        "product_area": "incontinence",
        "subgroup": "absorbing_products",
        "piece": "st",
        "pieces_per_package": 30,
    }
)
NURSE: dict[str, Any] = {"profession": "nurse", "product_areas": ["incontinence"], "sub": "nurse-1"}
PADS = {"article_no": "910001", "per_day": 4, "days": 90, "withdrawals": 4}


@pytest.fixture
async def with_pads(service: InMemory) -> InMemory:
    await service.hear(ArticleChanged.model_validate(PAD.model_dump()))
    return service


async def prescribe(service: InMemory, patient_ref: str, **changes: Any) -> Any:
    body = form(patient_ref, prescription_type="incontinence", lines=[PADS], **changes)
    return await service.client.post("/prescriptions", json=body, headers=service.once("prescriber", **NURSE))


async def lines(service: InMemory, patient_ref: str, query: str = "", **claims: Any) -> Any:
    headers = service.token("prescriber", **claims)
    return (await service.client.get(f"/patients/{patient_ref}/lines{query}", headers=headers)).json()


async def test_a_nurse_prescribes_incontinence_aids_and_no_foods(with_pads: InMemory, adult: str) -> None:
    pads = await prescribe(with_pads, adult)
    foods = await with_pads.client.post(
        "/prescriptions",
        json=form(adult),
        headers=with_pads.once("prescriber", **{**NURSE, "product_areas": ["foods", "incontinence"]}),
    )

    assert (pads.status_code, pads.json()["product_area"]) == (201, "incontinence")
    assert pads.json()["lines"][0]["packages"] == 12
    assert foods.json()["rule"] == "profession-may-not-prescribe"


async def test_foods_are_not_prescribed_as_incontinence_aids(with_pads: InMemory, adult: str) -> None:
    body = form(adult, prescription_type="incontinence", lines=[LINE])

    answer = await with_pads.client.post(
        "/prescriptions", json=body, headers=with_pads.once("prescriber", **NURSE)
    )

    assert answer.json()["rule"] == "not-of-the-prescription-type"


async def test_lines_are_seen_in_the_own_areas_and_ticked_off_at_will(
    with_pads: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    await prescribe(with_pads, adult)
    areas = ["foods", "incontinence"]

    both = await lines(with_pads, adult, product_areas=areas)
    foods = await lines(with_pads, adult, "?area=foods&state=active", product_areas=areas)
    nurse = await lines(with_pads, adult, product_areas=["incontinence"])
    ended = await lines(with_pads, adult, "?state=ended", product_areas=areas)

    assert sorted(each["product_area"] for each in both["lines"]) == areas
    assert [each["product_area"] for each in foods["lines"]] == ["foods"]
    assert [(each["product_area"], each["shown"]) for each in foods["areas"]] == [
        ("foods", True),
        ("incontinence", False),
    ]
    assert [each["product_area"] for each in nurse["lines"]] == ["incontinence"]
    assert ended["lines"] == []


async def test_an_area_that_is_not_ones_own_cannot_be_ticked(
    with_pads: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    shown = await lines(with_pads, adult, "?area=foods", product_areas=["incontinence"])

    assert shown["lines"] == []
    assert [each["product_area"] for each in shown["areas"]] == ["incontinence"]


async def test_a_patient_sees_own_lines_of_every_area_and_nobody_elses(
    with_pads: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    await prescribe(with_pads, adult)
    path = f"/patients/{adult}/lines"

    own = await with_pads.client.get(path, headers=with_pads.token("patient", patient_ref=adult))
    others = await with_pads.client.get(path, headers=with_pads.token("patient", patient_ref="p-2"))

    assert (len(own.json()["lines"]), others.status_code) == (2, 403)


async def test_to_see_an_area_is_not_to_prescribe_in_it(service: InMemory) -> None:
    headers = service.token("dietitian", product_areas=["foods", "incontinence"])

    mine = (await service.client.get("/me/prescribing", headers=headers)).json()

    assert [(each["product_area"], each["may_prescribe"]) for each in mine["areas"]] == [
        ("foods", True),
        ("incontinence", False),
    ]
    assert [each["rule"] for each in mine["areas"][0]["rights"]] == ["foods-dietitian-from-16"]
    assert len(mine["areas"][0]["types"]) == 4
    assert (mine["care_units"], mine["profession"], mine["exemptions"]) == ([UNIT], "dietitian", [])


async def test_my_prescribing_shows_my_exemption(service: InMemory) -> None:
    exemption = {
        "dietitian": "dietitian-1",
        "care_units": [UNIT],
        "valid_from": "2026-11-23",
        "valid_through": "2027-05-31",
        "responsible_physician": "physician-1",
        "responsible_physician_name": "Lova Testsson",
        "authorised_by": "head-of-unit-1",
    }
    await service.client.post("/exemptions", json=exemption, headers=service.once("customer_service"))

    mine = (await service.client.get("/me/prescribing", headers=service.token("dietitian"))).json()

    assert [each["responsible_physician"]["sub"] for each in mine["exemptions"]] == ["physician-1"]


async def test_an_order_placer_sees_areas_and_prescribes_nothing(service: InMemory, adult: str) -> None:
    headers = service.token("order_placer", profession="dietitian")

    mine = (await service.client.get("/me/prescribing", headers=headers)).json()
    tried = await service.client.post(
        "/prescriptions", json=form(adult), headers=service.once("order_placer", profession="dietitian")
    )

    assert [each["may_prescribe"] for each in mine["areas"]] == [False]
    assert tried.status_code == 403
