"""Ids and our own numbers as people paste them: read at every door, or told what they look like (Q16)."""

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from services import SERVICES
from shared.domain.decision import Refused
from shared.http.ids import ArticleNo, BatchId, Id, TaskId
from tests.doors.matrix import MAY
from tests.doors.services import all_services, doors_of
from tests.doors.test_fields import routes_of, taken

AN_ID = "5f0c1c1e-0c8e-4b52-9b3a-2f1a7f3e0001"
PASTED = (
    f"\u202a{AN_ID.upper()}\u202c",
    f" {{{AN_ID}}}\u200b",
    AN_ID.replace("-", "\u2011"),
    f"\ufeff{AN_ID}\r\n",
)
NUMBERS = {
    "prescription_no": "F2026-000016-7",
    "withdrawal_no": "U2026-000123-9",
    "order_no": "B2026-000091-6",
}
A_REPLENISHMENT = "P2026-000123-0"


def asked_for(*, inside: bool = True) -> Iterator[tuple[str, str, Any]]:
    """Give every field of every door, in paths, queries and bodies: door, name and type."""
    for service in SERVICES:
        for route in routes_of(service):
            for name, annotation in taken(route):
                if inside:
                    yield from _fields(f"{service}.{route.name}", name, annotation)
                else:
                    yield f"{service}.{route.name}", name, annotation


def _fields(door: str, name: str, annotation: Any) -> Iterator[tuple[str, str, Any]]:
    yield door, name, annotation
    for model in models_of(annotation):
        for inner, field in model.model_fields.items():
            whole = (field.annotation, *field.metadata)
            yield from _fields(door, inner, Annotated[whole] if field.metadata else field.annotation)


def models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in typing.get_args(annotation):
        yield from models_of(each)


def read(annotation: Any, written: str) -> Any:
    return TypeAdapter(annotation).validate_python(written)


def told(annotation: Any, written: str) -> str:
    with pytest.raises((ValidationError, Refused)) as wrong:
        read(annotation, written)
    if isinstance(wrong.value, ValidationError):
        return str(wrong.value.errors()[0]["ctx"]["rule"])
    return str(getattr(wrong.value, "rule", wrong.value))


def variants(number: str) -> tuple[str, ...]:
    return (
        number.lower(),
        number.replace("-", " "),
        number.replace("-", "\u2013"),
        number.replace("-", ""),
        f"\u00a0{number}\u200b\r\n",
    )


def test_every_door_reads_our_numbers_in_any_hand_and_says_what_is_wrong_with_one() -> None:
    seen = set()
    for door, name, annotation in asked_for():
        if name in NUMBERS:
            number = A_REPLENISHMENT if "replenishment" in door or "purchase" in door else NUMBERS[name]
            seen.add(name)
            wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
            assert {read(annotation, each) for each in variants(number)} == {number}, (door, name)
            assert told(annotation, wrong) == "not-a-number", (door, name)

    assert seen == set(NUMBERS)


def test_every_door_recognises_a_number_of_another_kind_and_reads_a_line_by_its_number() -> None:
    lines = 0
    for door, name, annotation in asked_for():
        if name in NUMBERS:
            others = [each for other, each in NUMBERS.items() if other != name]
            expected = {"another-kind-of-number"}
            takes_orders_too = door == "billing.search_fees"
            got = {told(annotation, each) for each in others if not (takes_orders_too and each[0] == "B")}
            assert got == expected, (door, name)
        elif name == "line_id":
            lines += 1
            assert read(annotation, "f2026 000016 7 2") == "F2026-000016-7-2", door

    assert lines > 1


def test_every_door_reads_an_id_as_it_was_pasted_and_refuses_what_is_none() -> None:
    seen = set()
    for door, name, annotation in asked_for():
        if name.endswith(("_ref", "event_id", "draft_id", "waiver_id", "exemption_id", "address_id")):
            seen.add(name)
            assert {read(annotation, each) for each in PASTED} == {AN_ID}, (door, name)
            assert told(annotation, "191212121212") == "not-an-id", (door, name)
            assert told(annotation, "u2026 000123 9") == "number-for-an-id", (door, name)

    assert {"patient_ref", "guardian_ref", "event_id", "draft_id", "waiver_id", "exemption_id"} <= seen


@pytest.mark.parametrize("written", ["a b", "\u200b", "å", "a/b", "../x", "x\x00y", "{'$ne': 1}", "a-"])
def test_what_cannot_be_an_id_is_none(written: str) -> None:
    assert told(Id, written) == "not-an-id"


def test_a_batch_a_task_and_an_article_are_read_in_any_hand() -> None:
    assert read(BatchId, " 20261123\u20130001") == "20261123-0001"
    assert told(BatchId, "2026-11-23") == "not-a-batch-id"
    assert read(TaskId, "\ufeffunsent-draft:U2026-000123-9\n") == "unsent-draft:U2026-000123-9"
    assert told(TaskId, "191212121212") == "not-a-task-id"
    assert read(ArticleNo, "dx\u20111001 ") == "DX-1001"
    assert told(ArticleNo, "kräm") == "not-an-article-number"


async def test_every_door_with_an_id_in_its_path_answers_a_malformed_one_in_words(tmp_path: Path) -> None:
    services, wrong = await all_services(tmp_path), []
    for service in services.values():
        for door in doors_of(service):
            ids = re.findall(r"{(\w+)}", door.path)
            if not ids or set(ids) & {"token", "day", "point_id"}:
                continue
            roles = [role for role in sorted(MAY) if door.action in MAY[role]][:1]
            headers = service.once("somebody", roles=roles)
            path = door.filled(**dict.fromkeys(ids, "%00%C3%A5"))
            answer = await service.client.request(door.method, path, json={}, headers=headers)
            said = answer.json()
            fields = {each["field"].rpartition(".")[2] for each in said.get("fields", [])}
            if answer.status_code != 422 or not (said["rule"] == "not-a-number" or set(ids) <= fields):
                wrong.append((door.action, answer.status_code, said))

    assert wrong == []
