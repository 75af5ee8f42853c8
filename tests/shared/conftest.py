"""A repository of purses, on memory and on MongoDB."""

from collections.abc import AsyncIterator

import pytest

from shared.repository import Repository
from shared.repository.backend import Backend
from shared.repository.memory import Memory
from shared.repository.mongo import Mongo, connect
from tests.shared.examples import Opened, opened_on


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.connected)])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    if request.param == "memory":
        yield Memory()
        return
    url, prefix = request.getfixturevalue("mongodb_url"), request.getfixturevalue("database_prefix")
    client = connect(url, app_name="tests")
    yield Mongo(client[f"{prefix}_tests"])
    await client.close()


@pytest.fixture
async def opened(backend: Backend) -> AsyncIterator[Opened]:
    async with opened_on(backend) as opened:
        yield opened


@pytest.fixture
async def purses(opened: Opened) -> Repository:
    return opened("tests-1")
