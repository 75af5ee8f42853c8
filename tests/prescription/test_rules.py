"""The rule book: its published cases, its files, and what it answers."""

import json
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.prescriptions.quantity import LineRequest, calculate
from services.prescription.domain.rules.rule_book import ExemptionRow, in_force
from services.prescription.domain.rules.rules import Case, Stretch, Verdict, judge, judge_right
from services.prescription.gateways.rule_book import PACKAGED, read_forms, read_rule_book
from shared.domain.days import Period, begins_at, local_day, valid_through
from shared.domain.money import Money
from shared.domain.subgroups import area_of
from tests.prescription.examples import BOOK, DRINK, OF_FOODS
from tests.support import InMemory

CASES = Path(__file__).resolve().parents[2] / "docs" / "rules"
Vector = dict[str, Any]


def published(name: str) -> list[Any]:
    cases = json.loads((CASES / f"{name}.json").read_text())
    return [pytest.param(each, id=each["name"]) for each in cases]


def verdicts_of(given: Vector) -> list[Verdict]:
    case = Case(
        given["prescription_type"],
        given["profession"],
        date.fromisoformat(given["born"]) if "born" in given else None,
        given.get("exempted", False),
    )
    stretches = [Stretch(1, given["days"], given["withdrawals"])] if "days" in given else []
    rules = BOOK.of(area_of(case.prescription_type).key)
    return list(judge(rules, case, stretches=stretches, on=date.fromisoformat(given["on"])))


def judged(given: Vector) -> Vector:
    verdicts = verdicts_of(given)
    return {
        "allowed": all(each.allows for each in verdicts),
        "refused": [each.refused.rule for each in verdicts if each.refused],
        "decided_by": [each.row.rule for each in verdicts if each.row],
    }


@pytest.mark.parametrize("case", published("prescribing"))
def test_every_published_case_is_decided_as_it_says(case: Vector) -> None:
    assert judged(case["given"]) == case["expect"]


def test_a_refusal_by_the_book_names_the_row_that_decided() -> None:
    cases = json.loads((CASES / "prescribing.json").read_text())
    refused = [each for case in cases for each in verdicts_of(case["given"]) if each.refused and each.row]

    assert {"LongestTime", "TypeAge"} <= {type(each.row).__name__ for each in refused}
    for each in refused:
        assert each.refused
        assert each.row
        assert each.refused.facts["decided_by"] == each.row.rule


def test_a_right_decides_before_an_exemption_that_would_do_as_well() -> None:
    right = next(row for row in OF_FOODS.rights if row.covers(30))
    exemption = ExemptionRow("an-exemption", "a source", right.holds, right.profession, below_years=99)
    case = Case("energy_nutrition", right.profession, date(1996, 1, 1), exempted=True)

    rules = replace(OF_FOODS, exemptions=(exemption,))
    (verdict,) = judge_right(rules, case, on=date(2026, 11, 24))

    assert verdict == Verdict(right)


@pytest.mark.parametrize("case", published("validity"))
def test_a_prescription_ends_when_the_published_case_says(case: Vector) -> None:
    last = valid_through(date.fromisoformat(case["prescribed_on"]))

    ended_at = begins_at(last + timedelta(days=1))

    assert last.isoformat() == case["valid_through"]
    assert ended_at == datetime.fromisoformat(case["begins_to_be_ended_at"])


@pytest.mark.parametrize("case", published("quantity"))
def test_a_quantity_is_calculated_as_the_published_case_says(case: Vector) -> None:
    given, expect = case["given"], case["expect"]
    article = replace(
        DRINK,
        pieces_per_package=given["pieces_per_package"],
        package_price=Money.of(given["package_price"]),
    )
    per_day = Decimal(given["per_day"]) if "per_day" in given else None

    quantity = calculate(
        LineRequest("900001", given["days"], given["withdrawals"], per_day, given.get("packages")), article
    )

    assert quantity.pieces == Decimal(expect["pieces"])
    assert quantity.pieces_left_over == Decimal(expect["pieces_left_over"])
    assert (quantity.packages, quantity.cost) == (expect["packages"], Money.of(expect["cost"]))


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)))
def test_a_day_begins_at_local_midnight_whatever_the_summer_time(day: date) -> None:
    begins = begins_at(day)

    assert local_day(begins) == day
    assert local_day(begins - timedelta(seconds=1)) == day - timedelta(days=1)


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)))
def test_a_prescription_is_valid_for_365_days_over_leap_years_and_summer_time(day: date) -> None:
    last = valid_through(day)

    assert (last - day).days == 365
    assert local_day(begins_at(last)) == last


@given(
    st.sampled_from(["physician", "dietitian", "nurse"]),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.dates(date(2002, 1, 1), date(2040, 12, 31)),
    st.booleans(),
)
def test_every_decision_names_a_rule_or_says_that_there_is_none(
    profession: str, born: date, on: date, exempted: bool
) -> None:
    case = Case("energy_nutrition", profession, born, exempted)

    verdicts = list(judge(OF_FOODS, case, stretches=[Stretch(1, 30, 12)], on=on))

    assert verdicts
    assert all(each.row or each.refused for each in verdicts)
    assert all(each.row is None or each.row.holds.covers(on) for each in verdicts)


def test_the_latest_row_that_has_begun_comes_first() -> None:
    (row,) = OF_FOODS.longest_times
    stricter = replace(row, rule="foods-longest-180-days", holds=Period(date(2027, 1, 1)), days=180)

    chosen = in_force((row, stricter), date(2027, 1, 1))

    assert [each.rule for each in chosen] == ["foods-longest-180-days", "foods-longest-365-days"]
    assert in_force((row, stricter), date(2026, 12, 31)) == (row,)


def test_an_area_without_a_notice_rule_tells_nobody_of_renewals() -> None:
    assert OF_FOODS.notice_days(date(2026, 3, 2)) == 30
    assert OF_FOODS.notice_days(date(2002, 9, 30)) is None


def test_every_rule_has_a_name_of_its_own_and_a_source() -> None:
    rows = [row for area in BOOK.areas for row in area.rows]

    assert len({row.rule for row in rows}) == len(rows)
    assert all(row.source for row in rows)


def test_a_word_that_means_nothing_stops_the_service(tmp_path: Path) -> None:
    folder = own_book(tmp_path)
    book = json.loads((folder / "foods.json").read_text())
    book["rights"][0]["below_yeers"] = book["rights"][0].pop("below_years")
    (folder / "foods.json").write_text(json.dumps(book))

    with pytest.raises(ValueError, match="below_yeers"):
        read_rule_book(folder)


def test_a_missing_area_stops_the_service(tmp_path: Path) -> None:
    folder = own_book(tmp_path)
    (folder / "diabetes.json").unlink()

    with pytest.raises(ValueError, match=r"diabetes\.json"):
        read_rule_book(folder)


def test_a_region_keeps_a_book_of_its_own_with_its_own_forms(tmp_path: Path) -> None:
    folder = own_book(tmp_path)
    (folder / "forms" / "nikola.json").unlink()

    assert read_rule_book(folder) == BOOK
    assert list(read_forms(folder)) == ["kontinenskort"]


async def test_the_rules_of_any_day_are_listed(service: InMemory) -> None:
    headers = service.token("dietitian")

    today = (await service.client.get("/rules?product_area=foods", headers=headers)).json()
    before = (await service.client.get("/rules?on=2002-09-30", headers=headers)).json()

    right = next(each for each in today if each["rule"] == "foods-dietitian-from-16")
    assert (right["kind"], right["source"], right["says"]["from_years"]) == ("Right", "S20, Q2", 16)
    assert before == []


async def test_a_case_is_explained_by_the_rule_that_decided(service: InMemory) -> None:
    case = {"prescription_type": "infant_formula", "profession": "dietitian", "age": 16, "on": "2026-03-02"}
    headers = {**service.token("order_placer"), "Accept-Language": "en"}

    answer = (await service.client.post("/rules/explain", json=case, headers=headers)).json()

    assert (answer["allowed"], answer["valid_through"]) == (False, "2027-03-02")
    assert [(each["rule"], each["allows"], each["code"]) for each in answer["verdicts"]] == [
        ("foods-dietitian-from-16", True, None),
        ("foods-infant-formula-below-16", False, "infant-formula-not-from-16"),
    ]
    assert "cannot be prescribed" in answer["verdicts"][1]["detail"]


async def test_today_is_meant_when_no_day_is_named(service: InMemory) -> None:
    case = {"prescription_type": "diabetes", "profession": "nurse", "days": 30, "withdrawals": 13}

    answer = await service.client.post("/rules/explain", json=case, headers=service.token("patient"))

    assert (answer.json()["on"], answer.json()["product_area"]) == ("2026-11-23", "diabetes")
    assert [each["code"] for each in answer.json()["verdicts"]] == ["more-than-365-days"]


@pytest.mark.parametrize("wrong", [{"age": 3, "born": "2020-01-01"}, {"days": 30}])
async def test_a_case_that_contradicts_itself_is_refused(service: InMemory, wrong: Vector) -> None:
    case = {"prescription_type": "infant_formula", "profession": "physician", **wrong}

    answer = await service.client.post("/rules/explain", json=case, headers=service.token("dietitian"))

    assert answer.status_code == 422


def own_book(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "book"))
