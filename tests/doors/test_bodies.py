"""Bodies that are none, at every door that takes one: a 4xx with a reason, never a 5xx."""

import re
from pathlib import Path

import pytest

from tests.doors.grounding import BROKEN, KINDS
from tests.doors.matrix import MAY, OPEN
from tests.doors.services import Door, all_services, doors_of
from tests.support import InMemory


def who_may(action: str) -> str:
    return next(role for role, actions in MAY.items() if action in actions)


@pytest.fixture
async def services(tmp_path: Path) -> dict[str, InMemory]:
    return await all_services(tmp_path)


async def answers(service: InMemory, door: Door, body: bytes, kind: str) -> tuple[int, str]:
    role = who_may(door.action)
    own = {"patient_ref": "p-1"} if role == "patient" else {}
    path = door.filled(**dict.fromkeys(re.findall(r"{(\w+)}", door.path), "p-1"))
    headers = {**service.once(role, **own), "Content-Type": kind}
    answer = await service.client.request(door.method, path, content=body, headers=headers)
    return answer.status_code, answer.json()["rule"] if answer.is_error else ""


def taking_bodies(services: dict[str, InMemory]) -> list[tuple[InMemory, Door]]:
    doors = [(service, door) for service in services.values() for door in doors_of(service)]
    return [(service, door) for service, door in doors if door.method != "GET" and door.name not in OPEN]


async def test_no_door_breaks_on_a_body_that_is_none(services: dict[str, InMemory]) -> None:
    for service, door in taking_bodies(services):
        for body in BROKEN:
            status, rule = await answers(service, door, body, "application/json")

            assert status < 500, (door.action, body[:40], rule)


async def test_a_body_that_is_no_json_is_called_malformed(services: dict[str, InMemory]) -> None:
    service = services["inventory"]
    (door,) = (each for each in doors_of(service) if each.name == "search_articles")

    found = [
        await answers(service, door, body, "application/json") for body in (b"{", b"[", b"\xff\xfe", b"{}{}")
    ]

    assert found == [(400, "malformed")] * 4


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("application/json")])
async def test_a_body_sent_as_something_else_is_refused_at_every_door(
    services: dict[str, InMemory], kind: str
) -> None:
    for service, door in taking_bodies(services):
        assert await answers(service, door, b'{"a": 1}', kind) == (415, "not-json"), door.action


async def test_a_method_that_a_path_does_not_have_is_named_so(services: dict[str, InMemory]) -> None:
    service = services["inventory"]
    for method in ("DELETE", "PATCH", "PUT", "TRACE"):
        answer = await service.client.request(method, "/subgroups", headers=service.token("prescriber"))

        assert (answer.status_code, answer.json()["rule"]) == (405, "method-not-allowed")
        assert answer.headers["Allow"] == "GET"
