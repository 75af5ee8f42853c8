"""Wrong rules are found, planted in a copy, and noticed by tests that say what is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.mutate.choosing import chosen, rule_files
from tools.mutate.noticing import Notice, Tests, TestsAreRed
from tools.mutate.planting import copy_of, planted
from tools.mutate.record import Record, figures
from tools.mutate.sites import Site, sites_in

RULE = """from dataclasses import replace

def may_buy(age: int, *, banned: bool = False) -> bool:
    \"\"\"Sell from eighteen.\"\"\"
    if banned:
        return False
    return age >= 18

def kept(thing: object, ages: list[int]) -> object:
    return replace(thing, ages=sorted(each for each in ages if each > 0), name="ö")
"""
GOOD_TESTS = """from services.shop.domain.age import may_buy

def test_at_eighteen_one_may_buy_and_the_day_before_not() -> None:
    assert may_buy(18)
    assert not may_buy(17)
    assert may_buy(40)
    assert not may_buy(40, banned=True)
"""
FILE = "services/shop/domain/age.py"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project of one rule and one test, and its copy."""
    project = tmp_path / "project"
    for file, text in [(FILE, RULE), ("tests/shop/test_age.py", GOOD_TESTS)]:
        (project / file).parent.mkdir(parents=True)
        (project / file).write_text(text)
    (project / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\nmarkers = ["connected", "slow", "long"]\n'
    )
    with copy_of(project) as copy:
        yield copy


def sites(project: Path) -> list[Site]:
    return chosen(project, [FILE], rules=100, seed=1)


def test_a_rule_can_be_wrong_in_every_way_that_people_get_it_wrong(project: Path) -> None:
    found = {(each.function, each.what, each.new) for each in sites_in(project, FILE, lambda *_: True)}

    assert found >= {
        ("may_buy", "Gt for GtE", "(age > 18)"),
        ("may_buy", "one less", "(17)"),
        ("may_buy", "never", "(False)"),
        ("kept", "`ages` left out", "(replace(thing, name='ö'))"),
        ("kept", "`name` left out", "(replace(thing, ages=sorted((each for each in ages if each > 0))))"),
        ("kept", "not filtered", "((each for each in ages))"),
        ("kept", "not sorted", "(list((each for each in ages if each > 0)))"),
    }
    assert not any("Sell" in each.old for each in sites_in(project, FILE, lambda *_: True))


def test_the_same_seed_plants_the_same_and_no_line_is_drawn_more_than_twice(project: Path) -> None:
    drawn = sites(project)

    assert drawn == sites(project)
    assert drawn != chosen(project, [FILE], rules=100, seed=2)
    lines = [each.line for each in drawn]
    assert max(lines.count(each) for each in lines) <= 2
    assert rule_files(project, ["services/shop"]) == [FILE]


def test_what_was_planted_is_taken_out_again(project: Path) -> None:
    site = sites(project)[0]

    with planted(project, site):
        assert (project / FILE).read_text() != RULE

    assert (project / FILE).read_text() == RULE


def test_tests_notice_what_they_say_and_nothing_else(project: Path) -> None:
    tests = Tests(project, everywhere=False)
    all_of_them = sites_in(project, FILE, lambda *_: True)
    (said,) = [each for each in all_of_them if each.what == "Gt for GtE" and each.function == "may_buy"]
    (unsaid,) = [each for each in all_of_them if each.what == "not sorted"]

    tests.demand_green(["shop"])
    with planted(project, said):
        noticed = tests.notice(said)
    with planted(project, unsaid):
        survived = tests.notice(unsaid)

    name = "tests/shop/test_age.py::test_at_eighteen_one_may_buy_and_the_day_before_not"
    assert (noticed, survived) == (Notice(name, is_own=True), None)
    with planted(project, said), pytest.raises(TestsAreRed, match="test_age"):
        tests.demand_green(["shop"])


def test_a_run_goes_on_with_what_was_not_noticed_and_says_its_figures(tmp_path: Path, project: Path) -> None:
    one, other, *_ = sites(project)
    record = Record(tmp_path / "kept" / "1.jsonl")
    assert record.noticed() == {}

    record.keep(one, Notice("tests/a", is_own=True))

    assert record.noticed() == {one.name: Notice("tests/a", is_own=True)}
    told = list(figures([(one, Notice("tests/a", is_own=True)), (other, None)]))
    assert "1 of 2" in told[0]
    assert "(50 %)" in told[0]
    assert told[-1].startswith(f"  alive: {FILE}:{other.line} ")
