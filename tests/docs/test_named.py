"""What a page sets as code exists: words, states, topics, settings, commands with options, and alerts."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs import vocabulary

PROJECT = vocabulary.PROJECT
HISTORY = ("docs/decisions/", "docs/performance.md", "CHANGELOG.md")
"""What was true when it was written stays as it was written."""
PAPERS = [
    each
    for each in sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
    if not str(each.relative_to(PROJECT)).startswith(HISTORY)
]
RUNBOOKS = sorted((PROJECT / "docs" / "runbooks").glob("*.md"))
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
FILE = re.compile(r"[\w./<>-]+\.(?:md|py|json|jsonl|toml|verified|ack|txt|csv)")
STATES = re.compile(r"\b(?:states?|stages?|shows)(?: of [a-z ]+)?:? ((?:`\w+`(?:, | and | or )?)+)")
TOPIC = re.compile(r"`([a-z_]+(?:\.[a-z_]+)*\.v[0-9]+)`")
SETTING = re.compile(r"\bSESAM_[A-Z_]+\b")
COMMAND = re.compile(r"\./sesam ([a-z]+)(?: ([a-z]+))?([^`\n#]*)")
MODULE = re.compile(r"python -m ((?:deploy|shared|tools|services)[\w.]*)")
BOLD_ALERT = re.compile(r"\*\*([A-Z][a-z]+(?:[A-Z][a-z]+)+)\*\*")
SAID_ALERT = re.compile(r"\balerts?:? \(?([A-Z][a-z]+(?:[A-Z][a-z]+)+)")
OUTSIDE = {
    "administrator", "afterClusterTime", "crit", "delivery_limit", "egenavgift_20261121-0001", "godinsert",
    "jku", "jwk", "message-ttl", "monitoring", "oidc-provider", "out_of_stock", "ps", "x5u",
}  # fmt: skip
"""Words of RabbitMQ, MongoDB, tokens and the operating system, and examples of a partner's code and file."""

paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda each: str(each.relative_to(PROJECT)))


def unknown_words(text: str) -> Iterator[str]:
    """Name each word in backticks that neither the code nor the world outside has."""
    for span in SPAN.findall(FENCED.sub("", text)):
        if NAME.fullmatch(span) and not FILE.fullmatch(span) and not SETTING.fullmatch(span):
            parts = set(span.split("."))
            if not {each for each in parts if not re.fullmatch(r"v[0-9]+", each)} <= known():
                yield span


@cache
def known() -> frozenset[str]:
    return vocabulary.words() | vocabulary.names_of_tests() | OUTSIDE


def unknown_states(text: str) -> Iterator[str]:
    named = {word for group in STATES.findall(text) for word in re.findall(r"\w+", group)} - {"and", "or"}
    yield from sorted(named - vocabulary.values())


def wrong_commands(text: str) -> Iterator[str]:
    """Name each `./sesam` line whose command, subcommand or option does not exist."""
    for name, following, rest in COMMAND.findall(text):
        under, options = vocabulary.commands().get(name, (None, frozenset()))
        asked = set(re.findall(r"(?<!\S)--[a-z-]+", rest)) if name != "test" else set()
        is_plain = not under or not following or following in under or following in PROSE
        if under is None or not is_plain or asked - options:
            yield f"{name} {following}{rest}".replace("  ", " ").strip()


PROSE = {
    "in",
    "and",
    "or",
    "at",
    "is",
    "to",
    "does",
    "by",
    "runs",
    "tells",
    "plays",
    "takes",
    "with",
    "starts",
    "as",
}


@paper
def test_a_word_that_a_page_sets_as_code_is_in_the_code(paper: Path) -> None:
    assert [*unknown_words(paper.read_text())] == []


@paper
def test_a_state_that_a_page_names_is_a_state(paper: Path) -> None:
    assert [*unknown_states(paper.read_text())] == []


@paper
def test_a_topic_that_a_page_names_is_published_or_consumed(paper: Path) -> None:
    assert set(TOPIC.findall(paper.read_text())) - vocabulary.topics() - vocabulary.values() == set()


@paper
def test_a_setting_that_a_page_names_is_read(paper: Path) -> None:
    assert set(SETTING.findall(paper.read_text())) - vocabulary.settings() == set()


@paper
def test_a_command_with_its_options_is_as_a_page_gives_it(paper: Path) -> None:
    assert [*wrong_commands(paper.read_text())] == []


@paper
def test_a_module_that_a_page_runs_is_there(paper: Path) -> None:
    for name in MODULE.findall(paper.read_text()):
        file = PROJECT / name.replace(".", "/")
        assert file.with_suffix(".py").is_file() or (file / "__main__.py").is_file(), name


@paper
def test_an_alert_that_a_page_names_is_an_alert(paper: Path) -> None:
    text = paper.read_text()
    bold = BOLD_ALERT.findall(text) if paper in RUNBOOKS else []

    assert {*bold, *SAID_ALERT.findall(text)} - vocabulary.alerts() == set()


def test_every_alert_has_a_runbook_and_a_place_in_their_list() -> None:
    listed = (PROJECT / "docs" / "runbooks" / "README.md").read_text()
    told = "".join(each.read_text() for each in RUNBOOKS if each.name != "README.md")

    assert [each for each in sorted(vocabulary.alerts()) if each not in listed] == []
    assert [each for each in sorted(vocabulary.alerts()) if each not in told] == []


def test_what_is_invented_is_noticed() -> None:
    assert [*unknown_words("`LineExpired`, `line_expired` and `too_late`")] == ["LineExpired", "line_expired"]
    assert [*unknown_states("The withdrawal shows `draft`. The states `new` and `posted`.")] == [
        "draft",
        "posted",
    ]
    assert [
        *wrong_commands("`./sesam audit verify --full`, `./sesam audit check`, `./sesam run --fast`")
    ] == [
        "audit check",
        "run --fast",
    ]
    assert "SESAM_DISTRIBUTORS" in vocabulary.settings()
    assert "SESAM_COLOUR" not in vocabulary.settings()
    assert "order.v1" in vocabulary.topics()
    assert "FactsAreLate" not in vocabulary.alerts()
