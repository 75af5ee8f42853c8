"""Billing in memory, with a folder of its own."""

from pathlib import Path

import pytest

from services.billing.app import assemble
from tests.billing.in_memory import AT, Billing
from tests.support import in_memory


@pytest.fixture
async def billing(tmp_path: Path) -> Billing:
    service = await in_memory("billing", assemble, at=AT, export_dir=tmp_path / "invoicing")
    return Billing(service, tmp_path / "invoicing")
