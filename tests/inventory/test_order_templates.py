"""A template is shared by who works there, and ordered from in whole or in part (S122, S169 to S171, Q13)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.inventory.replenished import UNIT, done, replenishments, with_level
from tests.inventory.shelves import CPAP, HOSE, MASK, OWN, keep_article, keep_place, receive
from tests.support import InMemory

H, M, C = HOSE.article_no, MASK.article_no, CPAP.article_no
FORM = {
    "care_unit": "DEMO-101",
    "storeroom_no": "DEMO-S1",
    "name": "Veckans påfyllnad",
    "description": "Slangar och CPAP",
    "lines": [{"article_no": H, "packages": 2}, {"article_no": C, "packages": 1}],
}
OTHER = {"care_units": ["DEMO-102"], "product_areas": ["cpap"]}


@pytest.fixture
async def service() -> InMemory:
    service = await with_level()
    await keep_article(service, replace(HOSE, pieces_per_package=4))
    return service


async def asked(service: InMemory, method: str, path: str, body: Any = None, **who: Any) -> Any:
    headers = service.once("order_placer", **(who or UNIT))
    return await service.client.request(method, f"/order-templates{path}", json=body, headers=headers)


async def made(service: InMemory, **changes: Any) -> str:
    answer = await asked(service, "POST", "", FORM | changes)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["template_id"])


async def test_a_template_is_seen_by_who_works_there_and_by_nobody_else(service: InMemory) -> None:
    template_id = await made(service)

    own, others = await asked(service, "GET", ""), await asked(service, "GET", "", **OTHER)
    hidden = await asked(service, "GET", f"/{template_id}", **OTHER)

    assert [(each["name"], each["articles"]) for each in own.json()] == [("Veckans påfyllnad", 2)]
    assert (others.json(), hidden.status_code) == ([], 404)


async def test_its_rows_show_what_there_is_and_why_one_is_invalid(service: InMemory) -> None:
    rows = [{"article_no": each, "packages": 1} for each in (H, M, C)]
    template_id = await made(service, lines=rows)
    await receive(service, "DEMO-W1", article_no=H, quantity=9)
    await keep_article(service, replace(CPAP, status="discontinued"))

    shown = (await asked(service, "GET", f"/{template_id}")).json()

    assert [(each["article_no"], [one["rule"] for one in each["reasons"]]) for each in shown["rows"]] == [
        (H, []), (M, ["replenished-by-itself"]), (C, ["may-not-be-replenished"]),
    ]  # fmt: skip
    assert (shown["invalid"], shown["rows"][0]["in_warehouse"]) == (2, 9)


async def test_all_that_can_be_ordered_is_and_comes_together(service: InMemory) -> None:
    template_id = await made(service)
    await keep_article(service, replace(CPAP, status="outgoing"))

    order = (await asked(service, "POST", f"/{template_id}/order", {})).json()

    assert (order["source"], order["joint"]) == ("template", True)
    assert [(each["article_no"], each["quantity"]) for each in order["lines"]] == [(H, 8)]


async def test_a_part_with_another_quantity_is_for_this_time_only(service: InMemory) -> None:
    template_id = await made(service)
    some = {"lines": [{"article_no": H, "packages": 5}], "joint": False}

    order = (await asked(service, "POST", f"/{template_id}/order", some)).json()
    shown = (await asked(service, "GET", f"/{template_id}")).json()

    assert (order["joint"], [each["quantity"] for each in order["lines"]]) == (False, [20])
    assert [each["packages"] for each in shown["rows"]] == [2, 1]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([{"article_no": M, "packages": 1}], "not-in-template"),
        ([{"article_no": C, "packages": 1}], "may-not-be-replenished"),
        ([{"article_no": H, "packages": 0}], "invalid"),
    ],
)
async def test_what_is_named_and_cannot_be_ordered_is_refused(
    service: InMemory, lines: list[dict[str, Any]], rule: str
) -> None:
    template_id = await made(service)
    await keep_article(service, replace(CPAP, status="outgoing"))

    answer = await asked(service, "POST", f"/{template_id}/order", {"lines": lines})

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert await replenishments(service) == []


async def test_a_template_whose_articles_are_all_invalid_says_why(service: InMemory) -> None:
    empty, invalid = await made(service, lines=[]), await made(service)
    for each in (HOSE, CPAP):
        await keep_article(service, replace(each, status="discontinued"))

    answers = [await asked(service, "POST", f"/{each}/order", {}) for each in (empty, invalid)]

    assert [(each.status_code, each.json()["rule"]) for each in answers] == [
        (422, "nothing-in-template"), (422, "may-not-be-replenished"),
    ]  # fmt: skip
    assert len(answers[1].json()["reasons"]) == 2


async def test_a_changed_template_keeps_what_went_out_and_takes_nothing_unknown(service: InMemory) -> None:
    template_id = await made(service)
    contents = {"name": "Ny lista", "lines": [{"article_no": H, "packages": 9}]}

    unknown = await asked(
        service, "PUT", f"/{template_id}", contents | {"lines": [{"article_no": "999", "packages": 1}]}
    )
    person = await asked(service, "PUT", f"/{template_id}", contents | {"name": "Till 191212121212"})
    changed = await asked(service, "PUT", f"/{template_id}", contents)

    assert [(each.status_code, each.json().get("rule")) for each in (unknown, person)] == [
        (422, "no-such-article"), (422, "number-of-person"),
    ]  # fmt: skip
    assert (changed.json()["name"], changed.json()["articles"]) == ("Ny lista", 1)


async def test_the_unit_that_owns_a_template_archives_it(service: InMemory) -> None:
    shared = replace(OWN, care_units=("DEMO-101", "DEMO-102"))
    await keep_place(service, shared)
    template_id = await made(service)

    other = await asked(service, "POST", f"/{template_id}/archive", **OTHER)
    seen = await asked(service, "GET", "", **OTHER)
    archived = await asked(service, "POST", f"/{template_id}/archive")
    again = await asked(service, "POST", f"/{template_id}/archive")
    ordered = await asked(service, "POST", f"/{template_id}/order", {})

    assert (other.status_code, len(seen.json()), archived.json()["archived"]) == (404, 1, True)
    assert [each.json()["rule"] for each in (again, ordered)] == ["template-archived"] * 2
    assert (await asked(service, "GET", "")).json() == []


async def test_what_a_template_brings_is_received_where_the_storeroom_says_so(service: InMemory) -> None:
    await keep_place(service, replace(OWN, receipts=("template",)))
    await receive(service, "DEMO-W1", article_no=H, quantity=9)
    template_id = await made(service)
    some = {"lines": [{"article_no": H, "packages": 1}]}

    order = await done(service, f"/order-templates/{template_id}/order", some, **UNIT)

    assert order["receipt_needed"] is True
