"""Two notification processes on a real database find the same message due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from services.notification.domain.message import delivery_notice
from services.notification.repository import MESSAGES, TASKS, Messages
from shared.clock import FixedClock
from shared.repository import Cause
from shared.repository.mongo import Mongo, connect
from shared.service import repository_of
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDERS = [f"B2026-{number:06}-1" for number in range(20)]


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[Messages]:
    client = connect(url, app_name="notification")
    backend = Mongo(client[f"{prefix}_notification"])
    await backend.prepare([MESSAGES, TASKS])
    clock = FixedClock(AT)
    repository = repository_of(backend, service="notification", clock=clock, seals=seals_of_tests())
    try:
        yield Messages(repository, clock)
    finally:
        await repository.close()
        await client.close()


async def test_of_two_processes_one_claims_each_message(mongodb_url: str, database_prefix: str) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as other:
        for order in ORDERS:
            notice = delivery_notice(
                order, patient_ref="p-1", channel="sms", to="sealed:contact:x", language="sv", at=AT
            )
            await one.notify(notice, cause=Cause(order))
        due = await one.due()

        claims = await asyncio.gather(
            *(
                each.claim(message, attempt=name)
                for message in due
                for name, each in (("a", one), ("b", other))
            )
        )

        assert len(due) == len(ORDERS)
        assert sum(claims) == len(ORDERS)
        assert await other.due() == []
