"""An inventory in memory, and how a file is imported into it."""

from collections.abc import Iterator

import pytest

from services.inventory.app import assemble
from services.inventory.repository.search import (
    ArticleSearch,
)
from tests.support import InMemory, in_memory


@pytest.fixture
async def service() -> InMemory:
    return await in_memory("inventory", assemble)


@pytest.fixture
def search() -> Iterator[ArticleSearch]:
    index = ArticleSearch()
    yield index
    index.close()
