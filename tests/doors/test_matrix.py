"""Every role at every door: exactly the table, deny by default."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

import pytest

from services import SERVICES
from shared.auth.rule import Role
from tests.doors.matrix import (
    EVERY_AREA,
    IN_AN_AREA,
    MAY,
    NOBODY,
    OF_A_CHILD,
    OPEN,
    OWN_ONLY,
)
from tests.doors.operations import READS_THE_CATALOGUE
from tests.doors.services import Door, all_services, doors_of, knock, other_routes_of
from tests.support import InMemory
from tools.docs.policy import whole

pytestmark = pytest.mark.slow

ACTIONS = frozenset(action for actions in MAY.values() for action in actions)


Services = dict[str, InMemory]
Opened = Callable[..., set[str]]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One loop for the services of all roles: nobody changes anything with an empty body."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def services(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Services:
    return loop.run(all_services(tmp_path_factory.mktemp("matrix")))


async def opens(services: Services, door: Door, roles: list[str], areas: list[str]) -> bool:
    """Knock as somebody with these roles and no other right; a patient asks for what is the patient's own."""
    service = services[door.service]
    own = {"patient_ref": "p-1"} if "patient" in roles else {}
    headers = service.token("nobody", roles=roles, product_areas=areas, **own)
    ids = dict.fromkeys(re.findall(r"{(\w+)}", door.path), "p-1")
    answer = await knock(service, door, headers, **ids)
    assert answer.status_code < 500
    return answer.status_code not in {401, 403}


@pytest.fixture(scope="module")
def opened(loop: asyncio.Runner, services: Services) -> Opened:
    async def found(roles: list[str], areas: Sequence[str]) -> set[str]:
        doors = [door for service in services.values() for door in doors_of(service) if door.name not in OPEN]
        return {door.action for door in doors if await opens(services, door, roles, list(areas))}

    def told(*roles: str, areas: Sequence[str] = ("foods",)) -> set[str]:
        return loop.run(found(list(roles), areas))

    return told


@pytest.mark.parametrize("role", sorted(MAY))
def test_a_role_opens_exactly_the_doors_of_its_line(opened: Opened, role: str) -> None:
    assert opened(role) == MAY[role]


@pytest.mark.parametrize("role", sorted(MAY))
def test_a_role_without_any_product_area_does_not_open_the_doors_to_withdrawals(
    opened: Opened, role: str
) -> None:
    left = MAY[role] if role in EVERY_AREA else MAY[role] - IN_AN_AREA

    assert opened(role, areas=()) == left


@pytest.mark.parametrize("role", NOBODY)
def test_an_unknown_role_opens_nothing(opened: Opened, role: str) -> None:
    assert opened(role) == set()


def test_no_role_opens_nothing(opened: Opened) -> None:
    assert opened() == set()


def test_nobody_in_particular_opens_nothing_but_the_health_routes(
    loop: asyncio.Runner, services: Services
) -> None:
    for service in services.values():
        for door in doors_of(service):
            ids = dict.fromkeys(re.findall(r"{(\w+)}", door.path), "p-1")
            answer = loop.run(knock(service, door, {}, **ids))

            assert (answer.status_code == 401) == (door.name not in OPEN), door


def test_every_door_has_a_line_in_the_table_and_every_line_a_door(services: Services) -> None:
    doors = {door.action for each in services.values() for door in doors_of(each) if door.name not in OPEN}

    assert doors == ACTIONS == set(whole())


def test_no_service_opens_anything_but_routes(services: Services) -> None:
    assert [other_routes_of(service) for service in services.values()] == [[]] * len(SERVICES)


def test_every_role_of_the_system_has_a_line() -> None:
    assert set(MAY) == set(get_args(Role))


def test_of_every_door_of_a_patient_it_is_said_what_a_guardian_finds_there() -> None:
    nobodys = READS_THE_CATALOGUE | {"ordering.list_pickup_points"}

    assert MAY["patient"] == OF_A_CHILD | OWN_ONLY | nobodys
    assert not OF_A_CHILD & OWN_ONLY
