"""A period that ends before it begins is refused at every door that asks for one, and by `audit extract`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.audit import extract
from shared.http.models import PERIODS, Request
from tests.doors.matrix import MAY
from tests.doors.services import all_services, doors_of
from tests.doors.test_ids import asked_for, models_of

DOCUMENTS = Path(__file__).parents[2] / "docs" / "openapi"
REVERSED = {
    "since": "2026-11-24",
    "until": "2026-11-23",
    "valid_from": "2026-11-24",
    "valid_through": "2026-11-23",
    "sent_from": "2026-11-24",
    "sent_through": "2026-11-23",
    "due_from": "2026-11-24",
    "due_through": "2026-11-23",
}
OF_MOMENTS = {"since": "2026-11-24T00:00:00+01:00", "until": "2026-11-23T23:59:59+01:00"}


def forms(*, inside: bool = True) -> Iterator[tuple[str, type[Any], tuple[str, str]]]:
    """Give every form that holds a period: of which door, the form, and what first and last are called."""
    for door, _, annotation in asked_for(inside=inside):
        for model in models_of(annotation):
            names = set(model.model_fields)
            for first in names:
                for last in {first.replace("from", "through"), first.replace("since", "until")} - {first}:
                    if last in names:
                        yield door, model, (first, last)


def test_every_form_with_a_first_and_a_last_day_refuses_the_wrong_order() -> None:
    found = list(forms())

    assert {door for door, _, _ in found} >= {
        "ordering.search_overrides", "billing.preview_waiver", "prescription.register_exemption",
        "prescription.change_status",
    }  # fmt: skip
    assert {pair for _, _, pair in found} == set(PERIODS)
    assert [model for _, model, _ in found if not issubclass(model, Request)] == []


def test_no_door_asks_for_a_period_outside_of_a_form() -> None:
    by_door: dict[str, set[str]] = {}
    for door, name, _ in asked_for(inside=False):
        by_door.setdefault(door, set()).add(name)

    assert [door for door, names in by_door.items() for pair in PERIODS if set(pair) <= names] == []


def examples(service: str) -> dict[str, dict[str, Any]]:
    document = json.loads((DOCUMENTS / f"{service}.json").read_text())
    return {
        f"{method.upper()} {path}": content.get("example", {})
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        for content in said.get("requestBody", {}).get("content", {}).values()
    }


def turned(said: Any, pair: tuple[str, str], days: dict[str, str]) -> Any:
    """Turn the period round, wherever in an example it stands."""
    if not isinstance(said, dict):
        return said
    inner = {name: turned(each, pair, days) for name, each in said.items()}
    return {**inner, **{name: days[name] for name in pair}} if set(pair) & set(said) else inner


async def test_every_door_answers_a_reversed_period_in_words(tmp_path: Path) -> None:
    pairs = {door: pair for door, _, pair in [*forms(), *forms(inside=False)]}
    outer = {door for door, _, _ in forms(inside=False)}
    answers = {}
    for name, service in (await all_services(tmp_path)).items():
        bodies = examples(name)
        for door in (each for each in doors_of(service) if each.action in pairs):
            body = bodies[f"{door.method} {door.path}"]
            pair, days = pairs[door.action], OF_MOMENTS if door.name == "get_access_log" else REVERSED
            first = {pair[0]: days[pair[0]]} if door.action in outer else {}
            sent = turned({**body, **first}, pair, days)
            if sent == body:
                continue
            path = door.path.format(patient_ref="5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001")
            role = next(each for each in sorted(MAY) if door.action in MAY[each])
            answer = await service.client.request(
                door.method, path, json=sent, headers=service.once("somebody", roles=[role])
            )
            answers[door.action] = (answer.status_code, answer.json()["rule"])

    assert len(answers) >= len({"overrides", "waiver", "preview", "exemption", "access log"})
    assert set(answers.values()) == {(422, "period-reversed")}, answers


async def test_an_extract_of_a_reversed_period_is_refused_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ref = "11111111-1111-4111-8111-111111111111"

    ended = await extract(ref, since="2026-11-24", until="2026-11-22", as_json=False)

    assert ended != 0
    assert "--until 2026-11-22 is before --since 2026-11-24" in capsys.readouterr().out
