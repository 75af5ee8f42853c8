"""A browser for each test of the pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.visiting import Browser, visiting


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with visiting(tmp_path) as browser:
        yield browser
