"""What a service asks of its outbox and its audit log examines hardly more than it answers."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.monitoring import CommandListener, CommandStartedEvent

from shared.relay import EVER
from shared.repository.audit import Chain, Witnessed
from shared.repository.codec import Document
from shared.repository.moments import moment_text
from shared.repository.mongo import Client, Mongo, connect
from tests.shared.examples import AN_ENTRY, KEY, NOON, PURSES

pytestmark = pytest.mark.connected

MANY = 3000
READING = ("find", "aggregate", "count")
A_MINUTE = timedelta(minutes=1)


class Questions(CommandListener):
    """Writes down what is asked."""

    def __init__(self) -> None:
        self.asked: list[Document] = []
        self.databases: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in READING:
            own = ("lsid", "$clusterTime", "$db", "txnNumber", "$readPreference", "readConcern")
            self.databases.append(event.database_name)
            self.asked.append({name: each for name, each in event.command.items() if name not in own})

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
async def client(mongodb_url: str, questions: Questions) -> AsyncIterator[Client]:
    client = connect(mongodb_url, app_name="tests", event_listeners=[questions])
    yield client
    await client.close()


@pytest.fixture
async def backend(client: Client, database_prefix: str, questions: Questions) -> Mongo:
    """A month of facts, nearly all of them told, and a log of four writers about many patients."""
    database = client[f"{database_prefix}_tests"]
    backend = Mongo(database)
    await backend.prepare([PURSES])
    await database["outbox"].insert_many(told(number) for number in range(MANY))
    for writer in ("w1", "w2", "w3", "w4"):
        witnessed = (Witnessed(AN_ENTRY, "done", (f"patient-{number % 50}",)) for number in range(MANY // 4))
        await database["audit"].insert_many(Chain(writer, KEY).link(witnessed, at=NOON))
    questions.asked.clear()
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
    "the sweep": lambda mongo: mongo.unpublished(before=EVER, limit=1024),
    "readiness": lambda mongo: mongo.unpublished(before=NOON, limit=1),
    "what is set aside": lambda mongo: mongo.aside(limit=1000),
    "the outbox's age": lambda mongo: mongo.waiting(),
    "forgetting": lambda mongo: mongo.forget_told(before=NOON + 50 * A_MINUTE, limit=1000),
    "replay": lambda mongo: listed(mongo.outbox_since(since=NOON + (MANY - 40) * A_MINUTE + A_MINUTE / 3)),
    "a partner's trace": lambda mongo: mongo.told_of("s100"),
    "the log's tails": lambda mongo: mongo.audit_tails(),
    "what is new in a chain": lambda mongo: listed(mongo.audit_rows_after("w3", MANY // 4 - 7)),
    "a verification that goes on": lambda mongo: listed(mongo.audit_chains(("w4", MANY // 4 - 9))),
    "signed rows": lambda mongo: mongo.audit_hashes(["w1:000000000007", "w9:000000000001"]),
    "a patient's log": lambda mongo: mongo.audit_of(
        "patient-3", since=NOON, until=None, after=None, limit=60
    ),
    "its next page": lambda mongo: mongo.audit_of(
        "patient-3", since=None, until=None, after=f"{moment_text(NOON)}|w3", limit=60
    ),
}


@pytest.mark.parametrize("name", ASKED)
async def test_what_is_asked_examines_hardly_more_than_it_answers(
    backend: Mongo, client: Client, database_prefix: str, questions: Questions, name: str
) -> None:
    await ASKED[name](backend)

    asked = questions.asked[:]
    assert asked
    for question in asked:
        explained = await client[f"{database_prefix}_tests"].command(
            "explain", question, verbosity="executionStats"
        )
        examined, answered = looked_at(explained)
        assert "COLLSCAN" not in str(explained), (name, question)
        assert examined <= 10 * answered + 100, (name, question)


def looked_at(explained: Any) -> tuple[int, int]:
    """Give how much was examined at most and answered; an aggregate says it in its first stage."""
    first = explained["stages"][0]["$cursor"] if "stages" in explained else explained
    told = first["executionStats"]
    return max(told["totalDocsExamined"], told["totalKeysExamined"]), told["nReturned"]
