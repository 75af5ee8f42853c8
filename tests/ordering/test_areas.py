"""Ordering in memory: incontinence and diabetes aids, withdrawn like foods by people of their area (Q30)."""

from datetime import date
from typing import Any

import pytest

from shared.events.inventory import ArticleChanged
from shared.events.ordering import WithdrawalSent
from shared.events.prescription import LinePrescribed
from tests.ordering.desk import REGISTERED, articles, drafted, patient, sent, told_desk
from tests.ordering.examples import LINE, PATIENT, TARIFF
from tests.support import InMemory

AIDS = {"incontinence": "F2026-000002-7", "diabetes": "F2026-000003-5"}
AREAS = sorted(AIDS)
UNPRICED = TARIFF.model_copy(update={"tariff": "2026-06-01", "version": 2, "valid_from": date(2026, 6, 1)})
A_CHILD = "2016-07-03"


def article_of(area: str) -> ArticleChanged:
    aid = {"article_no": f"91-{area}", "name": f"Demohjälpmedel {area}", "product_area": area}
    return articles()[-1].model_copy(update={**aid, "is_generic": False, "variant_of": None})


def wanted(area: str) -> dict[str, Any]:
    return {"patient_ref": PATIENT, "items": [{"line_id": f"{AIDS[area]}-1"}]}


async def prescribed(service: InMemory, area: str, *, days: int = 30) -> None:
    line = LinePrescribed(
        line_id=f"{AIDS[area]}-1",
        article_no=f"91-{area}",
        packages=3,
        days=days,
        withdrawals=4,
        valid_through=date(2027, 10, 1),
    )
    told = {"prescription_no": AIDS[area], "prescription_type": area, "product_area": area, "lines": (line,)}
    for fact in (article_of(area), REGISTERED.model_copy(update={**told, "prescriber": "nurse-1"})):
        await service.hear(fact)


@pytest.fixture
async def desk() -> InMemory:
    service = await told_desk()
    for area in AREAS:
        await prescribed(service, area)
    return service


@pytest.mark.parametrize("area", AREAS)
async def test_an_aid_is_withdrawn_by_an_order_placer_of_its_area_without_a_fee(
    desk: InMemory, area: str
) -> None:
    placer: dict[str, Any] = {"product_areas": [area]}
    made = await desk.client.post(
        "/withdrawals", json=wanted(area), headers=desk.once("order_placer", **placer)
    )

    confirmation = await desk.client.post(
        f"/withdrawals/{made.json()['withdrawal_no']}/send", headers=desk.once("order_placer", **placer)
    )

    assert (confirmation.status_code, confirmation.json()["total"]) == (200, "0.00"), confirmation.text
    (told,) = desk.told_of(WithdrawalSent)
    assert (told.product_area, told.fees) == (area, ())
    assert len(desk.partner_messages()) == 1


async def test_an_aid_costs_what_the_tariff_says_where_it_says_something(desk: InMemory) -> None:
    fee = TARIFF.types[0].model_copy(update={"prescription_type": "incontinence", "fee_code": "INK-1"})
    await desk.hear(UNPRICED.model_copy(update={"types": (*TARIFF.types, fee)}))

    shown = await desk.client.post(
        "/withdrawals/preview", json=wanted("incontinence"), headers=desk.token("customer_service")
    )

    assert [(each["fee_code"], each["amount"]) for each in shown.json()["fees"]] == [("INK-1", "120.00")]


@pytest.mark.parametrize("area", AREAS)
async def test_staff_who_work_with_foods_alone_do_not_see_or_withdraw_an_aid(
    desk: InMemory, area: str
) -> None:
    number = await drafted(desk, **wanted(area))
    foods: dict[str, Any] = {"product_areas": ["foods"]}

    shown = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("order_placer", **foods))
    refused = await desk.client.post(
        "/withdrawals", json=wanted(area), headers=desk.once("order_placer", **foods)
    )
    opened = await desk.client.get(f"/withdrawals/{number}", headers=desk.token("order_placer", **foods))
    waiting = await desk.client.post(
        "/withdrawals/drafts", json={}, headers=desk.token("order_placer", **foods)
    )
    listed = await desk.client.post(
        "/withdrawals/search", json={"patient_ref": PATIENT}, headers=desk.token("order_placer", **foods)
    )

    assert [each["product_area"] for each in shown.json()["lines"]] == ["foods"]
    assert (refused.status_code, refused.json()["rule"]) == (422, "not-your-patient")
    assert (opened.status_code, waiting.json(), listed.json()) == (403, [], [])


async def test_staff_who_work_in_no_area_of_the_patient_learn_nothing(desk: InMemory) -> None:
    headers = desk.token("order_placer", product_areas=["hearing"])

    answer = await desk.client.get(f"/allowances/{PATIENT}", headers=headers)

    assert answer.status_code == 403


async def test_staff_who_left_an_area_do_not_find_its_withdrawals_among_their_own(desk: InMemory) -> None:
    both: dict[str, Any] = {"product_areas": ["foods", "diabetes"]}
    for body in (wanted("diabetes"), {"patient_ref": PATIENT, "items": [{"line_id": LINE.line_id}]}):
        await desk.client.post("/withdrawals", json=body, headers=desk.once("order_placer", **both))

    async def mine(areas: list[str]) -> int:
        headers = desk.token("order_placer", product_areas=areas)
        return len((await desk.client.post("/withdrawals/mine", json={}, headers=headers)).json())

    assert (await mine(["foods", "diabetes"]), await mine(["foods"])) == (2, 1)


async def test_the_patient_withdraws_aids_as_well_as_foods(desk: InMemory) -> None:
    own = {"patient_ref": PATIENT}
    shown = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("patient", **own))

    made = await desk.client.post(
        "/withdrawals", json=wanted("diabetes"), headers=desk.once("patient", **own)
    )

    assert {each["product_area"] for each in shown.json()["lines"]} == {"foods", *AREAS}
    assert made.status_code == 201


async def test_foods_on_their_way_do_not_block_an_aid(desk: InMemory) -> None:
    foods = await sent(desk)

    aid = await drafted(desk, **wanted("incontinence"))

    assert aid != foods["withdrawal_no"]


async def test_the_90_days_of_a_childs_foods_do_not_bind_an_aid() -> None:
    service = await told_desk()
    await prescribed(service, "incontinence", days=180)
    await service.hear(
        patient(service.seals, version=2, born=service.seals.seal(A_CHILD, purpose="identity"))
    )

    shown = await service.client.post(
        "/withdrawals/preview", json=wanted("incontinence"), headers=service.token("customer_service")
    )

    assert "too-many-days-for-a-child" not in [each["rule"] for each in shown.json()["reasons"]]
