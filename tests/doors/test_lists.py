"""Every list of every door goes on, or says where it ends (decision 0061)."""

import base64
import json
import typing
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from deploy.topology import assembled
from services import SERVICES
from services.ordering.repository.collections import WITHDRAWALS
from shared.domain.numbers import number
from shared.http import Router
from shared.http.pages import NotACursor
from shared.http.router import takes_pages
from shared.repository import Cause
from tests.ordering.conftest import desk as desk  # noqa: PLC0414  the fixture
from tests.ordering.desk import drafted
from tests.support import InMemory

PROJECT = Path(__file__).resolve().parents[2]
GOES_ON_IN_ITS_BODY = {
    "get_access_log": "next",
    "list_long_replies": "after",
    "search_articles": "hits",
    "search_device_articles": "hits",
    "search_patients": "next",
    "search_renewals": "after",
}
"""Answers that said where they go on before there was one way: the field that says it."""
IS_WHOLE = {
    "count_tasks": "a row for each role",
    "get_patient_prescriptions": "of one patient, all of them",
    "list_attachments": "the filled forms of one prescription, all of them",
    "list_care_units": "of one person, or kept by file, all of them",
    "list_device_classes": "the classes below one, at most a hundred",
    "list_exemptions": "kept by hand, all of them",
    "list_forms": "the forms of the configuration",
    "list_guidance": "the texts of the pages, all of them",
    "list_functions": "the functions of the system",
    "list_patient_functions": "the functions of the system",
    "list_lines": "of one patient, all of them",
    "list_pickup_points": "kept by hand, all of them",
    "list_goods_to_do": "a row for each box, which says what lists the rest",
    "list_orders_to_do": "a row for each box, which says what lists the rest",
    "report_delivery_times": "a row for each care unit and product area",
    "list_prescribers": "of one care unit, all of them",
    "name_patients": "those that were asked for, at most 200",
    "list_prescription_drafts": "at most 20 for each person",
    "list_product_areas": "written in the code",
    "list_rules": "the rule book",
    "list_saved_searches": "at most 50 for each person",
    "list_storerooms": "of one person, or kept by file, all of them",
    "list_subgroups": "the subgroups of the foods",
    "list_unit_names": "kept by file, all of them",
    "list_tariffs": "one or two a year, all of them",
    "search_fees": "the fees of one patient or one withdrawal, all of them, with their sum",
}
"""Lists that hold all there is, and why they stay short."""


LISTS = ("find_", "list_", "search_")


def is_a_list(annotation: Any) -> bool:
    if typing.get_origin(annotation) in (typing.Union, UnionType):
        return any(map(is_a_list, typing.get_args(annotation)))
    return typing.get_origin(annotation) in (list, tuple)


def is_said_to_end(route: APIRoute) -> bool:
    """Say whether an answer goes on in one of the ways that there are, or is known to be whole."""
    fields = getattr(route.response_model, "model_fields", {})
    return (
        takes_pages(route.endpoint) or route.name in IS_WHOLE or GOES_ON_IN_ITS_BODY.get(route.name) in fields
    )


def lists_of(routes: Iterable[Any]) -> list[APIRoute]:
    """Find the doors that answer with rows; in any other answer a list is a part of the one thing shown."""
    found = []
    for route in routes:
        if isinstance(route, APIRoute):
            fields = getattr(route.response_model, "model_fields", {})
            rows = any(is_a_list(field.annotation) for field in fields.values())
            if is_a_list(route.response_model) or (
                rows and route.name.startswith((*LISTS, "get_access_log"))
            ):
                found.append(route)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_goes_on_or_holds_all_there_is(service: str) -> None:
    lists = lists_of(route for router in assembled(service).routers for route in router.routes)

    assert lists
    assert [route.name for route in lists if not is_said_to_end(route)] == []


def test_a_list_that_ends_in_silence_is_found() -> None:
    router = Router("tests")

    @router.get("/rows")
    async def list_rows() -> list[str]:
        return []

    assert [route.name for route in lists_of(router.routes) if not is_said_to_end(route)] == ["list_rows"]


@pytest.mark.parametrize("service", ["ordering", "billing", "notification"])
def test_the_documents_say_that_a_list_goes_on(service: str) -> None:
    paths = json.loads((PROJECT / "docs" / "openapi" / f"{service}.json").read_text())["paths"]
    doors = [door for methods in paths.values() for door in methods.values()]
    paged = [door for door in doors if any(each["name"] == "cursor" for each in door.get("parameters", ()))]

    assert paged
    assert all({"Link", "Next-Cursor"} <= set(each["responses"]["200"]["headers"]) for each in paged)


async def fill(desk: InMemory, many: int) -> set[str]:
    """Copies of a draft until there are so many."""
    number_ = await drafted(desk)
    draft = await desk.repository.get(WITHDRAWALS.ref(number_))
    numbers = {number_}
    for running in range(1000, 1000 + many - 1):
        copy = replace(draft, withdrawal_no=number("U", year=2026, running=running))
        await desk.repository.change(
            WITHDRAWALS.maybe(copy.withdrawal_no),
            lambda _, kept=copy: (kept, ()),  # type: ignore[misc]
            cause=Cause(key=copy.withdrawal_no),
        )
        numbers.add(copy.withdrawal_no)
    return numbers


async def drafts(desk: InMemory, query: str = "", **form: str) -> httpx.Response:
    return await desk.client.post(
        f"/withdrawals/drafts{query}", json=form, headers=desk.token("customer_service")
    )


def numbers_in(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["withdrawal_no"] for each in answer.json()]


async def test_205_drafts_are_all_found(desk: InMemory) -> None:
    kept = await fill(desk, 205)

    first = await drafts(desk)
    target, said = first.headers["link"].split(">; ")
    second = await drafts(desk, target.removeprefix("<"))

    assert (said, len(numbers_in(first)), len(numbers_in(second))) == ('rel="next"', 200, 5)
    assert {*numbers_in(first), *numbers_in(second)} == kept
    assert "link" not in second.headers
    assert "next-cursor" not in second.headers


async def test_a_cursor_serves_its_own_question_only(desk: InMemory) -> None:
    await fill(desk, 201)
    cursor = (await drafts(desk)).headers["next-cursor"]

    others = [
        await drafts(desk, f"?cursor={cursor}", care_unit="DEMO-101"),
        await desk.client.post(
            f"/withdrawals/mine?cursor={cursor}", json={}, headers=desk.token("customer_service")
        ),
    ]

    assert [(each.status_code, each.json()["rule"]) for each in others] == [(422, "not-a-cursor")] * 2


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "e30",
        "W10",
        "å",
        "%00",
        "null",
        "A" * 599,
        "W1tbW1tbW1tb",
        "\u200b",
        "200",
        "-1",
        "_",
        "W1siJGd0Il1d",
    ],
)
async def test_what_is_no_cursor_is_refused_in_words(desk: InMemory, cursor: str) -> None:
    answer = await drafts(desk, f"?cursor={cursor}")

    assert answer.status_code == 422
    assert answer.json()["rule"] in {"not-a-cursor", "invalid"}


async def test_a_cursor_names_no_operators_of_the_database(desk: InMemory) -> None:
    await fill(desk, 201)
    cursor = (await drafts(desk)).headers["next-cursor"]
    question, _, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=="))

    said = base64.urlsafe_b64encode(json.dumps([question, {"$ne": None}, row_id]).encode()).decode()
    answer = await drafts(desk, f"?cursor={said.rstrip('=')}")

    assert (answer.status_code, answer.json()["rule"]) == (422, NotACursor.rule)
