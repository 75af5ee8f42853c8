"""Ordering in memory, told all that a withdrawal needs."""

import pytest

from tests.ordering.desk import told_desk
from tests.support import InMemory


@pytest.fixture
async def desk() -> InMemory:
    return await told_desk()
