"""What a form allows passes its door: the limit of a body follows from the form (decision 0061)."""

import json
import typing
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from deploy.topology import assembled
from services import SERVICES
from services.billing.api.batches import FileAnswered
from services.billing.api.tariff_forms import TariffAsked
from shared.fields import Code, Email, SingleLine
from shared.http.body_size import Unbounded, largest_body
from shared.http.limits import LARGEST_BODY, limit_of
from shared.messaging.envelope import LARGEST_BODY as LARGEST_MESSAGE
from shared.partners import MOST_LINES, OrderResponse
from tests.ordering.conftest import desk as desk  # noqa: PLC0414  the fixture
from tests.support import InMemory

CODE, KRONOR = "X" * 20, "1234567.89"
LONGEST_CODE = 100
TYPE = {
    "prescription_type": "energy_nutrition",
    "basis": "withdrawal",
    "amount": KRONOR,
    "fee_code": CODE,
    "text": "Å" * 60,
}
ARTICLES = [{"article_no": f"{no:040}", "amount": KRONOR, "per": "package"} for no in range(2000)]
ROWS = [
    {
        "event_id": f"{no:060}",
        "status": "rejected",
        "code": "Å" * 40,
        "invoice_no": "1" * 40,
    }
    for no in range(500)
]


WITHOUT_A_FILE = 4 * 1024 * 1024
WITH_A_FILE = 14 * 1024 * 1024
"""A file of 10 MB as base64: one of more than the 5 MB that are kept is told so in words (S88)."""


@pytest.mark.parametrize("service", SERVICES)
def test_the_largest_form_of_every_door_fits_its_limit(service: str) -> None:
    whole = assembled(service)
    routes = [route for router in (*whole.routers, *whole.webhooks) for route in router.routes]
    doors = [route for route in routes if isinstance(route, APIRoute) and route.body_field]

    assert doors
    for door in doors:
        form = door.body_field and door.body_field.field_info.annotation
        most = WITH_A_FILE if door.name == "upload_attachment" else WITHOUT_A_FILE
        assert LARGEST_BODY <= limit_of(door) <= most, door.name
        assert largest_body(form) <= limit_of(door), door.name


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (TariffAsked, {"valid_from": "2026-01-01", "types": [TYPE] * 20, "articles": ARTICLES}),
        (FileAnswered, {"head": "rejected", "rows": ROWS}),
    ],
)
def test_a_whole_tariff_and_a_whole_answer_file_are_larger_than_64_kib_and_fit(form: Any, said: Any) -> None:
    form.model_validate(said)
    for written in (json.dumps(said), json.dumps(said, indent=2), json.dumps(said, ensure_ascii=False)):
        assert LARGEST_BODY < len(written.encode()) <= largest_body(form)


def test_a_partners_largest_reply_fits_a_message() -> None:
    code, day = "C" * LONGEST_CODE, "2026-01-01"
    line = {
        "line": 1000,
        "status": "accepted",
        "quantity": 100_000,
        "delivery_date": day,
        "replacement_article_no": code,
        "code": code,
        "back_order": 100_000,
        "back_order_date": day,
    }
    said = {
        "type": "order.response.v1",
        "message_id": code,
        "order_no": code,
        "at": "2026-01-01T00:00:00+00:00",
        "lines": [line] * MOST_LINES,
    }

    assert len(OrderResponse.model_validate(said, context={}).lines) == MOST_LINES
    assert len(json.dumps(said, indent=2).encode()) < LARGEST_MESSAGE


class Form(BaseModel):
    """A form with something of every kind."""

    code: Annotated[Code, Field(max_length=3)]
    patterned: Annotated[SingleLine, Field(pattern=r"^[A-Z]{1,5}$")] | None = None
    kind: typing.Literal["a", "long one"] = "a"
    on: date | None = None
    emails: Annotated[list[Email], Field(max_length=2)] = []
    answers: Annotated[dict[Annotated[str, Field(max_length=4)], bool], Field(max_length=3)] = {}


def test_a_form_is_as_large_as_its_parts() -> None:
    said = {
        "code": "ååå",
        "patterned": "ABCDE",
        "kind": "long one",
        "on": "2026-01-01",
        "emails": ["x" * 254] * 2,
        "answers": {"åååå": True, "ååå1": False, "ååå2": False},
    }

    assert len(json.dumps(said, indent=4)) <= largest_body(Form)
    assert largest_body(Form | None) == largest_body(Form)


@pytest.mark.parametrize(
    "endless",
    [str, list[int], tuple[int, ...], SingleLine, dict[str, int], Annotated[list[str], Field(max_length=3)]],
    ids=["text", "list", "tuple", "single line", "mapping", "bounded list of endless texts"],
)
def test_a_form_without_an_end_is_found(endless: Any) -> None:
    with pytest.raises(Unbounded):
        largest_body(endless)


@pytest.mark.parametrize(
    ("path", "kib", "language", "detail"),
    [
        ("/withdrawals/search", 64, "sv", "Innehållet är för stort. Högst 64 KiB."),
        ("/withdrawals/search", 64, "en", "The body is too large. At most 64 KiB."),
        ("/withdrawals", None, "en", "The body is too large. At most {} KiB."),
    ],
)
async def test_a_refusal_says_the_limit_of_its_route(
    desk: InMemory, path: str, kib: int | None, language: str, detail: str
) -> None:
    headers = {**desk.token("customer_service"), "Accept-Language": language}

    answer = await desk.client.post(path, content=b" " * (4 * 1024 * 1024), headers=headers)

    said = answer.json()
    assert (answer.status_code, said["rule"]) == (413, "too-large")
    assert said["detail"] == detail.format(said["largest"] // 1024)
    assert said["largest"] // 1024 == (kib or said["largest"] // 1024)


async def test_one_byte_more_than_the_limit_is_refused_and_the_limit_itself_is_read(desk: InMemory) -> None:
    headers = {**desk.token("customer_service"), "Content-Type": "application/json"}
    statuses = [
        (await desk.client.post("/withdrawals/search", content=b" " * size, headers=headers)).status_code
        for size in (LARGEST_BODY, LARGEST_BODY + 1)
    ]

    assert statuses == [400, 413]


async def test_what_is_sent_in_chunks_has_the_limit_of_its_route_too(desk: InMemory) -> None:
    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * LARGEST_BODY

    headers = desk.once("customer_service")

    too_much = await desk.client.post("/withdrawals", content=chunks(64), headers=headers)
    much = await desk.client.post("/withdrawals", content=chunks(2), headers=headers)

    assert too_much.status_code == 413
    assert too_much.json()["largest"] > 2 * LARGEST_BODY
    assert much.status_code != 413
