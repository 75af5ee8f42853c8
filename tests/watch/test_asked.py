"""No door and no job is forgotten when it is measured whether anything takes longer with the years."""

from collections.abc import Iterator
from itertools import chain
from typing import get_origin

from fastapi.routing import APIRoute

from deploy.topology import assembled
from services import SERVICES
from tools.bench.asked import NOT_ASKED, OF_DOORS, OF_FIGURES, OF_JOBS
from tools.bench.questions import ALL

LISTING = ("list", "search", "find", "count", "preview", "suggest")


def doors_that_list() -> Iterator[str]:
    """Name every route that answers with a list, or whose verb says that it looks for several."""
    for service in SERVICES:
        for route in chain.from_iterable(router.routes for router in assembled(service).routers):
            assert isinstance(route, APIRoute)
            is_list = get_origin(route.response_model) is list
            if is_list or route.name.partition("_")[0] in LISTING:
                yield route.name


def jobs() -> Iterator[str]:
    for service in SERVICES:
        yield from (f"{service}: {job.name}" for job in assembled(service).jobs)


def test_every_list_and_every_job_has_a_question_or_a_reason_why_not() -> None:
    there = {*doors_that_list(), *jobs()}

    asked = {*OF_DOORS, *OF_JOBS}
    assert there - asked - NOT_ASKED.keys() == set()
    assert (asked | NOT_ASKED.keys()) - there == set()
    assert asked & NOT_ASKED.keys() == set()


def test_every_service_that_counts_has_a_question() -> None:
    assert {each for each in SERVICES if assembled(each).figures is not None} == OF_FIGURES.keys()


def test_every_question_stands_for_something_and_every_name_is_a_question() -> None:
    named = {*chain.from_iterable((*OF_DOORS.values(), *OF_JOBS.values(), *OF_FIGURES.values()))}

    assert named == ALL.keys()
