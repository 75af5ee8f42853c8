"""Why a task was raised is a code with a sentence in both languages, whoever raised it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from services.billing.domain.files.ack_file import Fault
from services.notification.domain.task_reasons import REASONS, VALUES, reason_in_words
from shared.domain.differences import Kind
from shared.events.tasks import TaskRaised

RAISES = {
    "TaskRaised": None,
    "order_task": None,
    "raised": 1,
    "failed": None,
    "contradicting": 0,
    "Judgement": 1,
}
"""What raises a task or says why one will be raised, and which argument is the reason; None for `reason=`."""
ELSEWHERE = {
    "services/billing/domain/files/ack_file.py": get_args(Fault),
    "services/billing/domain/reconciling/reconciliation.py": get_args(Kind),
    "services/billing/domain/files/batch.py": (
        "fixed-width-does-not-fit",
        "fixed-width-character",
        "fixed-width-number",
    ),
}
"""Reasons that are not written where the task is raised."""


def written() -> Iterator[tuple[str, str]]:
    """Give each reason that stands in the code as a text, a pattern where a part of it is a value."""
    for file in sorted(Path("services").rglob("domain/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISES:
                for text in _reasons(node, RAISES[node.func.id]):
                    yield str(file), text


def _reasons(call: ast.Call, place: int | None) -> Iterator[str]:
    named = [each.value for each in call.keywords if each.arg == "reason"]
    given = [call.args[place]] if place is not None and len(call.args) > place else []
    for each in (*named, *given):
        choices = (each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,)
        for choice in choices:
            if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                yield _pattern(choice)
            if isinstance(choice, ast.JoinedStr):
                yield "".join(_pattern(part) for part in choice.values)


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z]+"


FOUND = sorted(set(written()))


@pytest.mark.parametrize(("file", "pattern"), FOUND)
def test_every_reason_of_a_task_has_a_sentence(file: str, pattern: str) -> None:
    assert any(re.fullmatch(pattern, code) for code in REASONS), f"{file}: {pattern}"


@pytest.mark.parametrize("code", [code for codes in ELSEWHERE.values() for code in codes])
def test_a_reason_that_comes_from_elsewhere_has_a_sentence(code: str) -> None:
    assert code in REASONS


def test_the_reasons_are_found_where_services_raise_tasks() -> None:
    assert len(FOUND) > 40
    assert {file.split("/")[1] for file, _ in FOUND} == {
        "billing",
        "inventory",
        "notification",
        "ordering",
        "prescription",
    }


@pytest.mark.parametrize(("code", "words"), REASONS.items())
def test_a_reason_is_a_code_and_its_sentences_name_the_same(code: str, words: object) -> None:
    sv, en = REASONS[code].sv, REASONS[code].en

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    assert sv != en
    assert {name for _, name, _, _ in Formatter().parse(sv)} == {
        name for _, name, _, _ in Formatter().parse(en)
    }


def test_a_sentence_names_the_details_and_says_our_own_codes_in_words() -> None:
    said = reason_in_words("fee_contradicted", "contradicts-the-fee", {"status": "rejected", "stage": "told"})

    assert said is not None
    assert said.sv == "Faktureringen säger att avgiften är avvisad, men den är skickad till faktureringen."
    assert said.en == "Invoicing says that the fee is rejected, but it is sent to invoicing."
    assert all(words.sv != words.en for words in VALUES.values())


def test_an_article_is_named_where_its_name_was_told() -> None:
    details = {"article_no": "910300", "storeroom": "Förrådet"}
    numbered = reason_in_words("replenishment_stopped", "not-replenished-outgoing", details)
    named = reason_in_words(
        "replenishment_stopped", "not-replenished-outgoing", details | {"article_name": "Demomask"}
    )

    assert numbered is not None
    assert named is not None
    assert numbered.sv == "Artikel 910300 är utgående och fylls inte på i Förrådet."
    assert named.sv == "Artikel Demomask (910300) är utgående och fylls inte på i Förrådet."


def test_a_detail_that_is_missing_is_a_dash_and_braces_in_a_detail_are_text() -> None:
    lacking = reason_in_words("fee_rejected", "rejected-with-a-code", {})
    odd = reason_in_words("fee_rejected", "rejected-with-a-code", {"code": "{code} 101"})

    assert lacking is not None
    assert odd is not None
    assert (lacking.en, odd.en) == (
        "Invoicing rejected the fee with the code -.",
        "Invoicing rejected the fee with the code {code} 101.",
    )


@pytest.mark.parametrize("reason", [None, "Invoicing rejected the whole file. Find out why.", "new-to-us"])
def test_a_sentence_from_before_and_a_code_that_is_new_to_us_stand_as_they_are(reason: str | None) -> None:
    assert reason_in_words("batch_rejected", reason, {}) is None


def test_a_fact_of_an_earlier_version_has_no_details() -> None:
    told = {
        "task_id": "t-1",
        "kind": "batch_rejected",
        "role": "economist",
        "reason": "Invoicing rejected it.",
    }

    assert TaskRaised.model_validate(told).details == {}


def test_a_piece_is_said_by_its_name_and_in_a_task_of_an_earlier_version_by_its_number() -> None:
    number = {"device_no": "D100001"}

    named = reason_in_words("k", "device-not-collected", number | {"device": "Demo-CPAP, D100001"})
    before = reason_in_words("k", "device-not-collected", number)

    assert named is not None
    assert before is not None
    assert named.en.startswith("The device Demo-CPAP, D100001 did not come")
    assert before.en.startswith("The device D100001 did not come")
