"""How often one person may ask, and how often one may look for somebody by number."""

from inspect import isclass
from typing import get_type_hints

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.inventory.app import assemble as inventory
from services.prescription.app import assemble as prescription
from shared.http import Request, rates
from shared.http.asking import looking_up, looking_up_once
from shared.http.rates import MOST_REMEMBERED, Buckets, TooOften
from tests.support import InMemory, in_memory


class Timer:
    """The seconds that buckets are refilled by."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Timer:
    timer = Timer()
    monkeypatch.setattr(rates, "monotonic", timer)
    return timer


async def statuses(service: InMemory, times: int, sub: str = "somebody") -> list[int]:
    headers = service.token("prescriber", sub=sub)
    return [(await service.client.get("/subgroups", headers=headers)).status_code for _ in range(times)]


async def test_who_asks_too_often_is_told_when_to_come_again(timer: Timer) -> None:
    service = await in_memory("inventory", inventory, requests_per_minute=3)
    assert await statuses(service, 3) == [200, 200, 200]

    refused = await service.client.get("/subgroups", headers=service.token("prescriber", sub="somebody"))

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["rule"] == "too-often"
    assert refused.headers["Retry-After"] == "20"


async def test_after_the_time_that_was_told_one_more_goes_through(timer: Timer) -> None:
    service = await in_memory("inventory", inventory, requests_per_minute=3)
    await statuses(service, 4)

    timer.now += 19
    early = await statuses(service, 1)
    timer.now += 1
    in_time = await statuses(service, 2)

    assert (early, in_time) == ([429], [200, 429])


async def test_one_person_takes_nothing_from_another(timer: Timer) -> None:
    service = await in_memory("inventory", inventory, requests_per_minute=1)
    await statuses(service, 2)

    assert await statuses(service, 1, sub="somebody else") == [200]


async def test_a_forbidden_request_counts_too(timer: Timer) -> None:
    service = await in_memory("inventory", inventory, requests_per_minute=1)

    headers = service.token("physician", roles=["physician"])
    answers = [await service.client.get("/subgroups", headers=headers) for _ in range(2)]

    assert [each.status_code for each in answers] == [403, 429]


async def test_another_service_asks_as_often_as_there_is_work(timer: Timer) -> None:
    service = await in_memory("prescription", prescription, requests_per_minute=1)
    headers = service.token("service_notification")
    question = {"people": [{"patient_ref": "p-1", "purpose": "delivery_notice"}]}

    answers = [await service.client.post("/reachability", json=question, headers=headers) for _ in range(5)]

    assert [each.status_code for each in answers] == [200] * 5


async def test_numbers_cannot_be_tried_one_after_the_other(timer: Timer) -> None:
    service = await in_memory("prescription", prescription, look_ups_per_minute=2)
    headers = service.token("customer_service")
    numbers = ["199007052393", "199307022393", "200207022385"]

    found = [
        await service.client.post("/patients/find", json={"number": each}, headers=headers)
        for each in numbers
    ]
    other = await service.client.get("/patients/p-1", headers=headers)

    assert [each.status_code for each in found] == [422, 422, 429]
    assert found[-1].headers["Retry-After"] == "30"
    assert other.status_code == 404


async def test_a_look_up_that_is_forbidden_is_not_counted_as_one(timer: Timer) -> None:
    service = await in_memory("prescription", prescription, look_ups_per_minute=1)
    headers = service.token("economist")
    body = {"number": "199007052393"}

    answers = [await service.client.post("/patients/find", json=body, headers=headers) for _ in range(3)]

    assert [each.status_code for each in answers] == [403, 403, 403]


def test_buckets_that_are_full_again_are_forgotten(timer: Timer) -> None:
    buckets = Buckets(per_minute=60)
    for number in range(MOST_REMEMBERED):
        buckets.take(str(number))
    timer.now += 2

    buckets.take("one more")

    assert list(buckets.levels) == ["one more"]


def test_an_empty_bucket_is_never_forgotten(timer: Timer) -> None:
    buckets = Buckets(per_minute=1)
    for number in range(MOST_REMEMBERED + 5):
        buckets.take(str(number))

    with pytest.raises(TooOften):
        buckets.take("0")


async def test_every_door_that_takes_a_full_number_counts_as_a_look_up() -> None:
    service = await in_memory("prescription", prescription)
    routes = [each for router in service.assembled.routers for each in router.routes]
    doors = [each for each in routes if isinstance(each, APIRoute) and takes_a_number(each)]

    uncounted = [each.name for each in doors if not is_counted(each.dependant)]

    assert len(doors) == 7
    assert uncounted == []


def takes_a_number(route: APIRoute) -> bool:
    """Tell whether a body has a field for a person's full number, or a record system's word of one."""
    bodies = [each for each in get_type_hints(route.endpoint).values() if isclass(each)]
    fields = {name for each in bodies if issubclass(each, Request) for name in each.model_fields}
    return bool(fields & {"number", "context"})


def is_counted(dependant: Dependant) -> bool:
    return dependant.call in (looking_up, looking_up_once) or any(map(is_counted, dependant.dependencies))
