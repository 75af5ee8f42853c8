"""What a service asks of its outbox and its audit log examines hardly more than it answers."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.messaging.relay import EVER
from shared.repository.audit.chain import Chain, Witnessed
from shared.repository.codec import Document
from shared.repository.moments import moment_text
from shared.repository.mongo.backend import Mongo
from tests.plans import Plans
from tests.shared.examples import AN_ENTRY, KEY, NOON, PURSES

pytestmark = pytest.mark.connected

MANY = 3000
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def plans(mongodb_url: str) -> AsyncIterator[Plans]:
    plans = Plans(mongodb_url)
    yield plans
    await plans.client.close()


@pytest.fixture
async def backend(plans: Plans, database_prefix: str) -> Mongo:
    """A month of facts, nearly all of them told, and a log of four writers about many patients."""
    database = plans.client[f"{database_prefix}_tests"]
    backend = Mongo(database)
    await backend.prepare([PURSES])
    await database["outbox"].insert_many(told(number) for number in range(MANY))
    for writer in ("w1", "w2", "w3", "w4"):
        witnessed = (Witnessed(AN_ENTRY, "done", (f"patient-{number % 50}",)) for number in range(MANY // 4))
        await database["audit"].insert_many(Chain(writer, KEY).link(witnessed, at=NOON))
    return backend


def told(number: int) -> Document:
    at = moment_text(NOON + number * A_MINUTE)
    is_partner = number % 100 == 0
    return {
        "_id": f"m{number}", "partner": is_partner, "subject": f"s{number}", "traceparent": "t",
        "committed_at": at, "published_at": None if number >= MANY - 5 else at,
    }  # fmt: skip


async def listed(rows: AsyncIterator[Document]) -> int:
    return len([row async for row in rows])


ASKED: dict[str, Callable[[Mongo], Any]] = {
    "the sweep": lambda mongo: mongo.outbox.unpublished(before=EVER, limit=1024),
    "readiness": lambda mongo: mongo.outbox.unpublished(before=NOON, limit=1),
    "what is set aside": lambda mongo: mongo.outbox.aside(limit=1000),
    "the outbox's age": lambda mongo: mongo.outbox.waiting(),
    "forgetting": lambda mongo: mongo.outbox.forget_published(before=NOON + 50 * A_MINUTE, limit=1000),
    "replay": lambda mongo: listed(mongo.outbox.rows_since(NOON + (MANY - 40) * A_MINUTE + A_MINUTE / 3)),
    "a partner's trace": lambda mongo: mongo.outbox.traceparent_of("s100"),
    "the log's tails": lambda mongo: mongo.audit.tails(),
    "what is new in a chain": lambda mongo: listed(mongo.audit.rows_after("w3", MANY // 4 - 7)),
    "a verification that goes on": lambda mongo: listed(mongo.audit.chains(("w4", MANY // 4 - 9))),
    "signed rows": lambda mongo: mongo.audit.hashes(["w1:000000000007", "w9:000000000001"]),
    "a patient's log": lambda mongo: mongo.audit.rows_of(
        "patient-3", since=NOON, until=None, after=None, limit=60
    ),
    "its next page": lambda mongo: mongo.audit.rows_of(
        "patient-3", since=None, until=None, after=f"{moment_text(NOON)}|w3", limit=60
    ),
}


@pytest.mark.parametrize("name", ASKED)
async def test_a_question_to_the_outbox_or_the_audit_log_examines_hardly_more_than_it_answers(
    backend: Mongo, plans: Plans, name: str
) -> None:
    assert await plans.too_much(lambda: ASKED[name](backend)) == []
