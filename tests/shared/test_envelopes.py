"""Facts of a topic share an envelope, each with what it had alone, and nothing is lost on the way."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.envelope import (
    MOST_BYTES,
    MOST_TOGETHER,
    TOGETHER,
    Envelope,
    Message,
    bundles_of,
    envelope_of,
    messages_in,
)
from shared.repository.codec import Document

AT = "2026-11-23T09:00:00.000001Z"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def row(number: int, **other: Any) -> Document:
    return {
        "_id": f"m-{number}",
        "partner": False,
        "exchange": "events",
        "routing_key": "tests.purse_changed.v1",
        "topic": "tests.purse_changed.v1",
        "subject": f"p-{number}",
        "source": "tests",
        "aggregate_version": None,
        "body": f'{{"purse_id":"p-{number}","coins":{number}}}',
        "cause": f"cause-{number}",
        "traceparent": TRACE,
        "committed_at": AT,
        **other,
    }


def opened(each: Document) -> bytes:
    return str(each["body"]).encode()


def letters_of(rows: list[Document], body_of: Callable[[Document], bytes]) -> list[Envelope]:
    return [envelope_of(each, body_of) for each in bundles_of(rows)]


def delivered(letter: Envelope) -> Any:
    """Give it as a consumer gets it from the broker."""
    said = letter.properties
    return SimpleNamespace(
        body=letter.body,
        message_id=said.message_id,
        type=said.message_type,
        correlation_id=said.correlation_id,
        content_type=said.content_type,
        headers=said.headers or {},
    )


def heard(rows: list[Document]) -> list[Message]:
    return [each for letter in letters_of(rows, opened) for each in messages_in(delivered(letter))]


def test_one_fact_travels_alone_in_the_binary_form_of_cloudevents() -> None:
    (letter,) = letters_of([row(1, aggregate_version=7)], opened)

    assert letter.body == b'{"purse_id":"p-1","coins":1}'
    assert letter.properties.content_type == "application/json"
    assert letter.properties.headers == {
        "cloudEvents:specversion": "1.0",
        "cloudEvents:id": "m-1",
        "cloudEvents:type": "tests.purse_changed.v1",
        "cloudEvents:source": "/oppna-sesam/tests",
        "cloudEvents:subject": "p-1",
        "cloudEvents:time": AT,
        "cloudEvents:datacontenttype": "application/json",
        "aggregateversion": 7,
        "traceparent": TRACE,
    }


def test_several_of_a_topic_travel_as_a_batch_of_cloudevents() -> None:
    (letter,) = letters_of([row(1, aggregate_version=7), row(2, traceparent=None)], opened)

    assert letter.properties.content_type == TOGETHER
    first, second = orjson.loads(letter.body)
    assert first == {
        "specversion": "1.0",
        "id": "m-1",
        "type": "tests.purse_changed.v1",
        "source": "/oppna-sesam/tests",
        "subject": "p-1",
        "time": AT,
        "datacontenttype": "application/json",
        "aggregateversion": 7,
        "traceparent": TRACE,
        "cause": "cause-1",
        "data": {"purse_id": "p-1", "coins": 1},
    }
    assert (second["id"], "traceparent" in second, "aggregateversion" in second) == ("m-2", False, False)


def test_facts_of_other_topics_have_letters_of_their_own() -> None:
    rows = [row(1), row(2, routing_key="tests.other.v1"), row(3)]

    found = [[each["_id"] for each in letter.rows] for letter in letters_of(rows, opened)]

    assert sorted(found) == [["m-1", "m-3"], ["m-2"]]


def test_what_goes_to_a_partner_goes_alone_and_opened() -> None:
    rows = [row(number, partner=True, exchange="distributors.orders") for number in range(3)]

    letters = letters_of(rows, lambda each: b"opened " + each["_id"].encode())

    assert [each.body for each in letters] == [b"opened m-0", b"opened m-1", b"opened m-2"]
    assert {each.properties.content_type for each in letters} == {"application/json"}
    assert {each.exchange for each in letters} == {"distributors.orders"}


def test_a_letter_holds_so_many_and_no_more() -> None:
    sizes = [len(each.rows) for each in letters_of([row(number) for number in range(70)], opened)]

    assert sizes == [MOST_TOGETHER, MOST_TOGETHER, 6]


def test_large_facts_share_a_letter_only_while_it_stays_small() -> None:
    large = f'{{"purse_id":"{"x" * (MOST_BYTES // 2)}","coins":1}}'

    letters = letters_of([row(number, body=large) for number in range(3)], opened)

    assert [len(each.rows) for each in letters] == [1, 1, 1]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=80))
def test_every_fact_comes_out_once_as_it_went_in_however_they_were_put_together(
    made: list[tuple[bool, int]],
) -> None:
    rows = [
        row(
            number,
            routing_key=f"tests.{topic}.v1",
            topic=f"tests.{topic}.v1",
            traceparent=TRACE if traced else None,
        )
        for number, (traced, topic) in enumerate(made)
    ]

    found = heard(rows)

    assert sorted(each.message_id or "" for each in found) == sorted(each["_id"] for each in rows)
    alone = {each["_id"]: heard([each])[0] for each in rows}
    for each in found:
        like = alone[each.message_id or ""]
        assert (each.topic, each.traceparent, each.cause, each.told_at) == (
            like.topic, like.traceparent, like.cause, datetime(2026, 11, 23, 9, 0, 0, 1, tzinfo=UTC),
        )  # fmt: skip
        assert orjson.loads(each.body) == orjson.loads(like.body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"{}",
        b'[{"id": "m-1"}]',
        b'[{"id": 7, "type": "t", "time": "now", "data": {}}]',
        b'["m-1"]',
        b" " * 2_000_000 + b"[]",
        b'[{"id": "%s", "type": "t", "time": "now", "data": {}}]' % (b"x" * 300),
        b"[" + b",".join([b'{"id": "m", "type": "t", "time": "now", "data": {}}'] * 33) + b"]",
    ],
    ids=lambda each: each[:12].decode() + str(len(each)),
)
def test_a_batch_that_cannot_be_read_is_one_message_for_somebody_to_look_at(body: bytes) -> None:
    raw: Any = SimpleNamespace(
        body=body, content_type=TOGETHER, message_id="m-1", type="t", headers={}, correlation_id=None
    )

    (found,) = messages_in(raw)

    assert (found.body, found.message_id, found.topic) == (body, None, "t")


def test_an_empty_batch_asks_for_nothing() -> None:
    raw: Any = SimpleNamespace(body=b"[]", content_type=TOGETHER, type="t", headers={})

    assert messages_in(raw) == []


@pytest.mark.parametrize(
    "data", ['{"n":18446744073709551616}', '{"n":NaN}', '{"n":1e400}', '"å\\u0000"', "null"]
)
def test_whatever_a_fact_holds_comes_out_for_its_ear_to_judge(data: str) -> None:
    body = f'[{{"id": "m-1", "type": "t", "time": "now", "data": {data}}}]'.encode()
    raw: Any = SimpleNamespace(body=body, content_type=f"{TOGETHER}; charset=utf-8", type="t", headers={})

    (found,) = messages_in(raw)

    assert found.message_id == "m-1"
    assert found.body.startswith(data[:4].encode()) or b"Infinity" in found.body
