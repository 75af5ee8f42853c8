"""What a page or a docstring names is there: pages, decisions, routes, commands, metrics, states."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from typer.main import get_command

from deploy.topology import assembled
from services import SERVICES
from services.ordering.domain import order, withdrawal
from tools.cli import app
from tools.docs.decisions import records

PROJECT = Path(__file__).resolve().parents[2]
PAGE = re.compile(r"(?<![\w./*-])((?:[\w-]+/)*[\w-]+\.md)(?:(?:,? section)? ([0-9]+)\b(?! and))?")
DECISION = re.compile(r"\bdecisions? ([0-9]{4})\b")
DESIGN = re.compile(r"\(design[:,]? |\bshared/(?:design|domain|trials)/[\w-]+\.md")
ROUTE = re.compile(r"\b(GET|POST|PUT)\s+`?(/[a-z][\w/{}-]*)`?")
COMMAND = re.compile(r"\./sesam ([a-z]+)")
METRIC = re.compile(r"\bsesam_[a-z_]+\b(?!\*)")
SHOWS = re.compile(r"\b(withdrawal|order) shows `([a-z_]+)`")
OUTSIDE = {
    ("POST", "/persons/lookup"), ("GET", "/messages"), ("POST", "/a1/sms"),
    ("POST", "/token"), ("GET", "/people"), ("PUT", "/persons/{}/switch"),
}  # fmt: skip
"""Of the region's register, the SMS gateway, the identity provider and the demo's own."""
HISTORY = ("docs/decisions/", "docs/performance.md", "CHANGELOG.md")
"""What was true when it was written stays as it was written."""
PAPERS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("docs/*.yaml")])
TODAY = [each for each in PAPERS if not str(each.relative_to(PROJECT)).startswith(HISTORY)]
OWN_CODE = sorted(file for folder in ("services", "shared") for file in (PROJECT / folder).rglob("*.py"))
CODE = [
    *OWN_CODE,
    *(PROJECT / "deploy").rglob("*.py"),
    *(PROJECT / "tools").rglob("*.py"),
    *(each for each in (PROJECT / "tests").rglob("*.py") if each.parent != Path(__file__).parent),
]
ENDINGS = re.compile(r"_(bucket|count|sum|total)$")


def relative(file: Path) -> str:
    return str(file.relative_to(PROJECT))


paper = pytest.mark.parametrize("paper", TODAY, ids=relative)


def missing_pages(file: Path, text: str) -> Iterator[str]:
    """Name each page that a text cites and that is not there, and each section that the page lacks."""
    for name, section in PAGE.findall(text):
        places = (file.parent / name, PROJECT / name, *named(Path(name).name))
        found = [each for each in places if each.is_file()]
        if not found:
            yield name
        elif section and Path(name).name == "formats.md" and f"\n## {section}. " not in found[-1].read_text():
            yield f"{name} section {section}"


@cache
def named(name: str) -> list[Path]:
    return [each for each in PAPERS if each.name == name]


@cache
def decisions() -> frozenset[str]:
    return frozenset(each.number for each in records(PROJECT / "docs" / "decisions"))


@cache
def routes() -> frozenset[tuple[str, str]]:
    routers = (router for each in map(assembled, SERVICES) for router in (*each.routers, *each.webhooks))
    doors = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    own = {(method, shape(route.path)) for route in doors for method in route.methods or ()}
    return frozenset(own | {("GET", f"/{each}") for each in ("ready", "live", "metrics")})


def shape(path: str) -> str:
    """The path with every part that varies called alike."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


@cache
def commands() -> frozenset[str]:
    whole: Any = get_command(app)
    return frozenset(whole.commands)


@cache
def metrics() -> frozenset[str]:
    written = "".join(each.read_text() for each in OWN_CODE)
    return frozenset(ENDINGS.sub("", each) for each in METRIC.findall(written))


def test_every_page_that_is_cited_is_there() -> None:
    texts = {file: file.read_text() for file in (*PAPERS, *CODE)}

    missing = {relative(file): [*missing_pages(file, text)] for file, text in texts.items()}
    assert {file: found for file, found in missing.items() if found} == {}
    assert [relative(file) for file, text in texts.items() if DESIGN.search(text)] == []


def test_every_decision_that_is_cited_is_there() -> None:
    cited = {number for file in (*PAPERS, *CODE) for number in DECISION.findall(file.read_text())}

    assert cited - decisions() == set()


@paper
def test_a_route_that_a_page_names_is_a_route(paper: Path) -> None:
    told = {(method, shape(path)) for method, path in ROUTE.findall(paper.read_text())}

    assert told - routes() - OUTSIDE == set()


@paper
def test_a_command_that_a_page_names_is_a_command(paper: Path) -> None:
    assert set(COMMAND.findall(paper.read_text())) - commands() == set()


@paper
def test_a_metric_that_a_page_names_is_measured(paper: Path) -> None:
    assert {ENDINGS.sub("", each) for each in METRIC.findall(paper.read_text())} - metrics() == set()


@paper
def test_a_state_that_a_page_shows_is_a_state(paper: Path) -> None:
    states = {"withdrawal": get_args(withdrawal.State), "order": get_args(order.State)}

    for thing, state in SHOWS.findall(paper.read_text()):
        assert state in states[thing], (thing, state)


def test_a_page_that_is_not_there_is_noticed() -> None:
    file = PROJECT / "shared" / "messaging" / "topology.py"

    assert list(missing_pages(file, "as in nowhere.md and formats.md section 3")) == ["nowhere.md"]
    assert list(missing_pages(file, "formats.md 12")) == ["formats.md section 12"]
    assert ("GET", "/stray-replies") not in routes()
    assert ("GET", "/replies/stray") in routes()
