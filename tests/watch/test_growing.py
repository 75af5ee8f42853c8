"""No question of a service examines much more than it answers, so that none takes longer with the years."""

import os
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.bench.grown import Grown
from deploy.bench.questions import BY_THE_ROW, DOORS, JOBS, Desk, Question, desk_on
from deploy.topology import assembled
from shared.repository.codec import Document
from shared.repository.mongo import Client, connect
from shared.sealed import new_keys, seals_of
from tests.shared.test_plans import Questions, looked_at

pytestmark = pytest.mark.connected

SIZE = 3_000
SEALS = seals_of(new_keys())
ALL = {**DOORS, **JOBS, **{name: question for name, (question, _) in BY_THE_ROW.items()}}
FEW = {"batches"}
"""What is added up as a whole: files hold 500 entries each."""


@pytest.fixture(scope="module")
def prefix() -> Iterator[str]:
    """Fill the five services' databases once, for all that is asked; the desk makes the indexes."""
    url, name = os.environ["MONGODB_URL"], f"tgrown{uuid4().hex[:10]}"
    Grown(SIZE, SEALS).fill(url, name)
    yield name
    with MongoClient[Document](url) as client:
        for each in client.list_database_names():
            if each.startswith(name):
                client.drop_database(each)


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
async def client(mongodb_url: str, questions: Questions) -> AsyncIterator[Client]:
    client = connect(mongodb_url, app_name="tests", event_listeners=[questions])
    yield client
    await client.close()


@pytest.fixture
async def desk(client: Client, prefix: str) -> AsyncIterator[Desk]:
    async with desk_on(client, prefix, SEALS) as desk:
        yield desk


@pytest.mark.parametrize("name", ALL)
async def test_what_is_asked_examines_hardly_more_than_it_answers(
    desk: Desk, client: Client, questions: Questions, name: str
) -> None:
    assert await plans(ALL[name], desk, client, questions) == []


MISSING = {
    "a patient's withdrawals": ("ordering", "withdrawals", "by_patient_ref"),
    "whom an article is prescribed to": ("ordering", "allowances", "by_lines.article_no__id"),
    "a patient's fees": ("billing", "fees", "by_patient_ref"),
    "look for reports": ("notification", "messages", "by_report_by__id"),
    "open orders of an article": ("ordering", "orders", "by_lines.article_no_over_at_sent_at"),
}


@pytest.mark.parametrize("name", MISSING)
async def test_an_index_that_is_missing_is_noticed(
    desk: Desk, client: Client, questions: Questions, prefix: str, name: str
) -> None:
    service, collection, index = MISSING[name]
    await client[f"{prefix}_{service}"][collection].drop_index(index)

    noticed = await plans(ALL[name], desk, client, questions)

    await desk.repositories[service].backend.prepare(assembled(service).collections)
    assert noticed != []
    assert await plans(ALL[name], desk, client, questions) == []


async def plans(question: Question, desk: Desk, client: Client, questions: Questions) -> list[str]:
    """Ask, and say what was examined where that is more than ten times what was answered and a hundred."""
    questions.asked.clear()
    questions.databases.clear()
    await question(desk)
    assert questions.asked
    asked = zip(questions.databases[:], questions.asked[:], strict=True)
    told = [await too_much(client, database, each) for database, each in asked]
    return [each for each in told if each]


async def too_much(client: Client, database: str, question: Document) -> str | None:
    collection = question.get("find") or question["aggregate"]
    if question.get("filter", {}).keys() == {"_id"}:
        return None  # documents that were named one by one
    explained = await client[database].command("explain", question, verbosity="executionStats")
    scanned = "COLLSCAN" in str(explained) and collection not in FEW
    examined, answered = looked_at(explained)
    is_counted = "$group" in str(question)
    if not scanned and (is_counted or examined <= 10 * answered + 100):
        return None
    return f"{collection}: {examined} examined for {answered} of {question.get('filter')}"
