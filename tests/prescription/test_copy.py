"""Ended lines copied into a new prescription, with what has changed since."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.prescription.domain.prescriptions.copying import (
    AnnulBeforeCopying,
    Change,
    LinesOfSeveralPatients,
    LinesOfSeveralTypes,
    Ticked,
    changes_since,
    copy_lines,
    lines_of,
)
from services.prescription.domain.prescriptions.lines import annul_line
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest
from services.prescription.domain.prescriptions.quantity import LineRequest
from shared.domain.decision import NotFound, Refused
from shared.domain.money import Money
from shared.domain.numbers import number
from tests.prescription.conftest import DRINK as HEARD_DRINK
from tests.prescription.conftest import LINE as LINE_FORM
from tests.prescription.conftest import OTHER_UNIT
from tests.prescription.examples import DRINK, FIRST, LINE, OF_FOODS, PRESCRIPTION, SECOND, TODAY
from tests.support import InMemory

AFTER = PRESCRIPTION.valid_through + timedelta(days=1)
PRICED = replace(LINE, package_price=DRINK.package_price, pieces_per_package=DRINK.pieces_per_package)
ENDED, _ = annul_line(
    replace(PRESCRIPTION, lines=(PRICED,)), line_id=FIRST, reason="renewed", by="dietitian", on=TODAY
)
TICKED = Ticked(ENDED, ENDED.line(FIRST))


def changes(article: Any = DRINK, ticked: Ticked = TICKED, rules: Any = OF_FOODS) -> list[Change]:
    return list(changes_since([ticked], {article.article_no: article}, rules=rules, on=TODAY))


def test_an_ended_line_is_copied_with_article_and_quantity_as_they_were() -> None:
    wanted = copy_lines([TICKED], care_unit="SE-UNIT-2", on=TODAY)

    line = LineRequest("900001", days=30, withdrawals=2, per_day=Decimal(2))
    assert wanted == PrescriptionRequest("energy_nutrition", "SE-UNIT-2", (line,))


def test_a_line_that_was_given_in_packages_is_copied_in_packages() -> None:
    in_packages = replace(TICKED, line=replace(TICKED.line, per_day=None))

    (line,) = copy_lines([in_packages], care_unit="SE-UNIT-1", on=TODAY).lines

    assert (line.per_day, line.packages) == (None, 15)


def test_an_active_line_is_annulled_before_it_is_copied() -> None:
    with pytest.raises(AnnulBeforeCopying) as refused:
        copy_lines([Ticked(PRESCRIPTION, LINE)], care_unit="SE-UNIT-1", on=PRESCRIPTION.valid_through)

    assert refused.value.facts == {"line": 1, "line_id": FIRST}


def test_a_line_whose_time_ran_out_today_is_copied_although_nobody_ended_it_yet() -> None:
    wanted = copy_lines([Ticked(PRESCRIPTION, LINE)], care_unit="SE-UNIT-1", on=AFTER)

    assert [line.article_no for line in wanted.lines] == ["900001"]


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        (replace(ENDED, prescription_type="infant_formula"), LinesOfSeveralTypes),
        (replace(ENDED, patient_ref="p-2"), LinesOfSeveralPatients),
    ],
)
def test_lines_of_different_kinds_are_copied_one_by_one(other: Any, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        copy_lines([TICKED, Ticked(other, other.line(FIRST))], care_unit="SE-UNIT-1", on=TODAY)


def test_nothing_is_said_to_have_changed_when_nothing_has() -> None:
    assert changes() == []


def test_a_new_price_size_and_name_are_shown_with_what_they_were() -> None:
    now = replace(DRINK, package_price=Money.of("99.00"), pieces_per_package=6, name="Demodryck kakao")

    assert changes(now) == [
        Change(1, "price", "96.00", "99.00"),
        Change(1, "package_size", "4", "6"),
        Change(1, "name", "Demodryck choklad", "Demodryck kakao"),
    ]


def test_a_discontinued_article_is_shown_with_what_came_instead() -> None:
    gone = replace(DRINK, status="discontinued", replaced_by="900002")

    assert changes(gone) == [
        Change(1, "status", "active", "discontinued"),
        Change(1, "replaced_by", "900001", "900002"),
    ]


def test_a_line_from_before_prices_were_kept_says_nothing_of_them() -> None:
    old = replace(TICKED, line=replace(TICKED.line, package_price=None, pieces_per_package=None))

    assert changes(replace(DRINK, package_price=Money.of("99.00"), pieces_per_package=6), old) == []


def test_an_article_that_is_not_there_any_more_has_no_changes_to_show() -> None:
    assert list(changes_since([TICKED], {}, rules=OF_FOODS, on=TODAY)) == []


def test_rules_that_ended_or_began_since_are_named() -> None:
    (row,) = OF_FOODS.longest_times
    before = replace(row, holds=replace(row.holds, valid_through=TODAY))
    since = replace(row, rule="foods-longest-180-days", holds=replace(row.holds, valid_from=AFTER), days=180)
    rules = replace(OF_FOODS, longest_times=(before, since))

    told = list(changes_since([TICKED], {}, rules=rules, on=AFTER))

    assert told == [
        Change(1, "rule", "foods-longest-365-days", None),
        Change(1, "rule", None, "foods-longest-180-days"),
    ]


def test_ticked_lines_keep_their_order() -> None:
    both = replace(PRESCRIPTION, lines=(LINE, replace(LINE, line_id=SECOND)))

    assert [each.line.line_id for each in lines_of([both], [SECOND, FIRST])] == [SECOND, FIRST]
    with pytest.raises(NotFound):
        lines_of([both], [f"{PRESCRIPTION.prescription_no}-9"])


async def copied(service: InMemory, *line_ids: str, **claims: Any) -> Any:
    return await service.client.post(
        "/prescriptions/copies", json={"line_ids": line_ids}, headers=service.token("dietitian", **claims)
    )


async def annul(service: InMemory, number: str) -> None:
    answer = await service.client.post(
        f"/prescriptions/{number}/lines/{number}-1/annul",
        json={"reason": "förnyas"},
        headers=service.once("dietitian"),
    )
    assert answer.status_code == 200


async def test_a_copy_is_prefilled_tried_and_saved_as_any_other(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    number = prescribed["prescription_no"]
    refused = await copied(service, f"{number}-1")
    await annul(service, number)
    await service.hear(HEARD_DRINK.model_copy(update={"version": 2, "package_price": Decimal("99.00")}))

    answer = (await copied(service, f"{number}-1")).json()
    saved = await service.client.post(
        "/prescriptions", json=answer["prescription"], headers=service.once("dietitian")
    )

    assert (refused.status_code, refused.json()["rule"]) == (422, "annul-before-copying")
    assert answer["changes"] == [{"line": 1, "what": "price", "was": "96.00", "now": "99.00"}]
    assert (answer["allowed"], answer["calculations"][0]["cost"]) == (True, "1485.00")
    assert answer["copied"] == [{"line_id": f"{number}-1", "registered_on": "2026-11-23"}]
    assert saved.status_code == 201
    assert saved.json()["lines"][0]["article_no"] == LINE_FORM["article_no"]


async def test_a_copy_of_a_discontinued_article_says_so_before_it_is_saved(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    number = prescribed["prescription_no"]
    await annul(service, number)
    gone = {"version": 2, "status": "discontinued", "replaced_by": "900002"}
    await service.hear(HEARD_DRINK.model_copy(update=gone))

    answer = (await copied(service, f"{number}-1")).json()

    assert [each["rule"] for each in answer["reasons"]] == ["article-discontinued"]
    assert [each["now"] for each in answer["changes"]] == ["discontinued", "900002"]


async def test_nobody_copies_another_care_units_lines(service: InMemory, prescribed: dict[str, Any]) -> None:
    number = prescribed["prescription_no"]
    await annul(service, number)

    answer = await copied(service, f"{number}-1", care_units=[OTHER_UNIT])

    assert answer.status_code == 403


async def test_a_line_of_no_prescription_is_not_copied(service: InMemory) -> None:
    unknown = f"{number('F', year=2026, running=999)}-1"

    assert (await copied(service, unknown)).status_code == 404
    assert (await copied(service, "F2026-000999-9-1")).json()["rule"] == "not-a-number"
