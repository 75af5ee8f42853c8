"""No question of a service examines much more than it answers, so that none takes longer with the years."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.topology import assembled
from shared.repository.codec import Document
from shared.repository.mongo.backend import connect
from shared.sealed import new_keys, seals_of
from tests.plans import Plans
from tools.bench.databases import Desk, desk_on, prepare
from tools.bench.grown import Grown
from tools.bench.questions import ALL

pytestmark = pytest.mark.connected

SIZE = 3_000
SEALS = seals_of(new_keys())
FEW = {"batches"}
"""What is added up as a whole: files hold 500 entries each."""


@pytest.fixture(scope="module")
def prefix() -> Iterator[str]:
    """Fill the five services' databases once, for all that is asked."""
    url, name = os.environ["MONGODB_URL"], f"tgrown{uuid4().hex[:10]}"
    Grown(SIZE, SEALS).fill(url, name)
    asyncio.run(prepared(url, name))
    yield name
    with MongoClient[Document](url) as client:
        for each in client.list_database_names():
            if each.startswith(name):
                client.drop_database(each)


async def prepared(url: str, name: str) -> None:
    client = connect(url, app_name="tests")
    await prepare(client, name)
    await client.close()


@pytest.fixture
async def plans(mongodb_url: str) -> AsyncIterator[Plans]:
    plans = Plans(mongodb_url)
    yield plans
    await plans.client.close()


@pytest.fixture
async def desk(plans: Plans, prefix: str) -> AsyncIterator[Desk]:
    async with desk_on(plans.client, prefix, SEALS) as desk:
        yield desk


@pytest.mark.parametrize("name", ALL)
async def test_a_question_of_a_door_or_a_job_examines_hardly_more_than_it_answers(
    desk: Desk, plans: Plans, name: str
) -> None:
    assert await plans.too_much(lambda: ALL[name](desk), few=FEW) == []


MISSING = {
    "a patient's withdrawals": ("ordering", "withdrawals", "by_patient_ref"),
    "whom an article is prescribed to": ("ordering", "allowances", "by_lines.article_no__id"),
    "a patient's fees": ("billing", "fees", "by_patient_ref"),
    "look for reports": ("notification", "messages", "by_report_by__id"),
    "open orders of an article": ("ordering", "orders", "by_lines.article_no_over_at_sent_at"),
}


@pytest.mark.parametrize("name", MISSING)
async def test_an_index_that_is_missing_is_noticed(desk: Desk, plans: Plans, prefix: str, name: str) -> None:
    service, collection, index = MISSING[name]
    await plans.client[f"{prefix}_{service}"][collection].drop_index(index)

    noticed = await plans.too_much(lambda: ALL[name](desk), few=FEW)

    await desk.repositories[service].backend.prepare(assembled(service).collections)
    assert noticed != []
    assert await plans.too_much(lambda: ALL[name](desk), few=FEW) == []
