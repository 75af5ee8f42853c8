"""A repository of purses, on memory and on MongoDB."""

from collections.abc import AsyncIterator

import pytest

from shared.repository import Repository
from shared.repository.backend import Backend
from tests.shared.examples import Opened, opened_on


@pytest.fixture
async def opened(backend: Backend) -> AsyncIterator[Opened]:
    async with opened_on(backend) as opened:
        yield opened


@pytest.fixture
async def purses(opened: Opened) -> Repository:
    return opened("tests-1")
