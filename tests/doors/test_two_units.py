"""Whose things: staff learn nothing of another unit's or area's, a patient nothing of another patient's."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.doors.world import AREAS, TYPES, UNITS, Thing, World, article_of, betrayed, the_world

Call = tuple[str, str, str, Any]
"""Service, method, path and body."""


pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Somebody:
    """Who asks: staff of some care units and product areas, or a patient."""

    role: str
    care_units: frozenset[str]
    owner: str
    product_areas: frozenset[str] = frozenset(AREAS)

    def may_see(self, thing: Thing, world: World) -> bool:
        if self.role == "patient":
            return world.patients.get(self.owner) == thing.patient_ref and thing.kind != "task"
        of_the_area = thing.kind == "task" or thing.product_area in self.product_areas
        return thing.care_unit in self.care_units and of_the_area

    def headers(self, world: World, service: str) -> dict[str, str]:
        own = {"patient_ref": world.patients.get(self.owner, "nobody")} if self.role == "patient" else {}
        units = [] if self.role == "patient" else sorted(self.care_units)
        return world.services[service].once(
            self.role,
            sub=f"stranger-{self.role}",
            care_units=units,
            product_areas=sorted(self.product_areas),
            **own,
        )


STAFF = some.builds(
    Somebody,
    some.sampled_from(["dietitian", "physician", "order_placer"]),
    some.frozensets(some.sampled_from([*UNITS, "DEMO-103"]), max_size=2),
    some.just(""),
    some.frozensets(some.sampled_from([*AREAS, "diabetes"]), max_size=2),
)
PATIENTS = some.builds(
    Somebody,
    some.just("patient"),
    some.just(frozenset[str]()),
    some.sampled_from(["of-101", "of-102", "of-both", "stranger"]),
)

PLACES = some.integers(0, 10_000)


def readings(thing: Thing, other: Thing) -> Iterator[Call]:
    """Every way to read about a thing: by its number, by its patient, in a list, in a preview."""
    ref, unit = thing.patient_ref, thing.care_unit
    yield "prescription", "GET", f"/patients/{ref}", None
    yield "prescription", "GET", f"/patients/{ref}/prescriptions", None
    yield "prescription", "POST", f"/patients/{ref}/access-log", {}
    yield "ordering", "GET", f"/allowances/{ref}", None
    yield "ordering", "POST", f"/patients/{ref}/access-log", {}
    yield "ordering", "POST", "/withdrawals/search", {"patient_ref": ref}
    yield "ordering", "POST", "/withdrawals/drafts", {}
    yield "ordering", "POST", "/withdrawals/drafts", {"patient_ref": ref}
    yield "ordering", "POST", "/withdrawals/drafts", {"care_unit": unit}
    yield "ordering", "POST", "/withdrawals/drafts", {"patient_ref": ref, "care_unit": unit}
    yield "billing", "POST", "/fees/search", {"patient_ref": ref}
    yield "notification", "GET", "/tasks", None
    yield "notification", "GET", "/tasks/counts", None
    for role in ("prescriber", "order_placer"):
        yield "notification", "GET", f"/tasks/{thing.id}-{role}", None
    for number in {thing.id, other.id}:
        yield "prescription", "GET", f"/prescriptions/{number}", None
        yield "ordering", "GET", f"/withdrawals/{number}", None
        yield "ordering", "GET", f"/orders/{number}", None
        yield "billing", "POST", "/fees/search", {"withdrawal_no": number}
        wish = {"patient_ref": ref, "items": [{"line_id": f"{number}-1"}]}
        yield "ordering", "POST", "/withdrawals/preview", wish


def changes(thing: Thing) -> Iterator[Call]:
    """Every way to change a thing, or to make something out of it."""
    wish = {"patient_ref": thing.patient_ref, "items": [{"line_id": f"{thing.id}-1"}]}
    reason = {"reason": "not theirs"}
    yield "prescription", "POST", f"/prescriptions/{thing.id}/lines/{thing.id}-1/annul", reason
    article_no = article_of(thing.product_area, thing.care_unit)
    yield "prescription", "POST", "/prescriptions", {
        "patient_ref": thing.patient_ref,
        "prescription_type": TYPES[thing.product_area],
        "care_unit": thing.care_unit,
        "lines": [{"article_no": article_no, "packages": 1, "days": 30, "withdrawals": 1}],
    }  # fmt: skip
    verbs = {"claim": None, "release": None, "assign": {"to": "x"}, "resolve": {"how": "done"}}
    for verb, body in verbs.items():
        yield "notification", "POST", f"/tasks/{thing.id}-order_placer/{verb}", body
    yield "ordering", "POST", "/withdrawals", wish
    yield "ordering", "PUT", f"/withdrawals/{thing.id}", {"items": wish["items"]}
    yield "ordering", "POST", f"/withdrawals/{thing.id}/send", None
    yield "ordering", "POST", f"/withdrawals/{thing.id}/annul", None


async def ask(world: World, somebody: Somebody, call: Call) -> httpx.Response:
    service, method, path, body = call
    client = world.services[service].client
    return await client.request(method, path, json=body, headers=somebody.headers(world, service))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One loop for one world and all that hypothesis asks of it."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def world(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = loop.run(the_world(tmp_path_factory.mktemp("world")))
    yield made
    loop.run(made.close())


def often(examples: int) -> Callable[..., Any]:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@often(120)
@given(somebody=STAFF | PATIENTS, first=PLACES, second=PLACES)
def test_no_answer_betrays_what_is_not_ones_own(
    loop: asyncio.Runner, world: World, somebody: Somebody, first: int, second: int
) -> None:
    thing, other = (world.things[each % len(world.things)] for each in (first, second))
    hidden = [each for each in world.things if not somebody.may_see(each, world)]
    asked = {thing.id, other.id}

    for call in readings(thing, other):
        answer = loop.run(ask(world, somebody, call))

        told = [mark for mark in betrayed(answer, hidden) if mark not in asked or answer.is_success]
        assert told == [], call
        assert answer.status_code < 500, (call, answer.text)


@often(60)
@given(somebody=STAFF | PATIENTS, place=PLACES)
def test_what_is_not_ones_own_cannot_be_changed(
    loop: asyncio.Runner, world: World, somebody: Somebody, place: int
) -> None:
    hidden = [each for each in world.things if not somebody.may_see(each, world)]
    if not hidden:
        return
    thing = hidden[place % len(hidden)]
    told_before = {name: len(service.rows) for name, service in world.services.items()}

    for call in changes(thing):
        answer = loop.run(ask(world, somebody, call))

        assert answer.status_code in {403, 404, 422}, (call, answer.status_code, answer.text)
        assert betrayed(answer, hidden) in ([], [thing.id], [f"{thing.id}-1"], [thing.id, f"{thing.id}-1"])
    assert {name: len(service.rows) for name, service in world.services.items()} == told_before


def test_everybody_finds_what_is_their_own(loop: asyncio.Runner, world: World) -> None:
    """The control: with nobody finding anything the properties would hold too."""
    paths = {
        "prescription": ("prescription", "/prescriptions/{}"),
        "withdrawal": ("ordering", "/withdrawals/{}"),
        "order": ("ordering", "/orders/{}"),
    }
    for thing in world.things:
        staff = Somebody("order_placer", frozenset({thing.care_unit}), "")
        service, path = paths.get(thing.kind, ("", ""))
        if service:
            answer = loop.run(ask(world, staff, (service, "GET", path.format(thing.id), None)))
            assert answer.status_code == 200
            assert thing.id in answer.text


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("area", AREAS)
def test_lists_hold_all_of_the_own_unit_and_area_and_only_that(
    loop: asyncio.Runner, world: World, unit: str, area: str
) -> None:
    staff = Somebody("order_placer", frozenset({unit}), "", frozenset({area}))
    ref = world.patients["of-both"]
    lists: list[Call] = [
        ("prescription", "GET", f"/patients/{ref}", None),
        ("prescription", "GET", f"/patients/{ref}/lines", None),
        ("ordering", "GET", f"/allowances/{ref}", None),
        ("ordering", "POST", "/withdrawals/search", {"patient_ref": ref}),
        ("billing", "POST", "/fees/search", {"patient_ref": ref}),
        ("notification", "GET", "/tasks", None),
    ]

    answers = [loop.run(ask(world, staff, call)).text for call in lists]

    shared = [each for each in world.things if each.patient_ref == ref]
    for thing in shared:
        assert any(thing.id in answer for answer in answers) == staff.may_see(thing, world), thing
