"""On a real database: two processes find the same message due, and lists are asked for as in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.application.messages import Messages
from services.notification.application.tasks import Tasks
from services.notification.domain.message import CHAIN
from services.notification.domain.notices import delivery_notice
from services.notification.domain.task import Task
from services.notification.repository.collections import COLLECTIONS
from services.notification.repository.tasks import TasksWanted
from shared.clock import FixedClock
from shared.repository import Cause
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORDERS = [f"B2026-{number:06}-1" for number in range(20)]


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[tuple[Messages, Tasks]]:
    client = connect(url, app_name="notification")
    backend = Mongo(client[f"{prefix}_notification"])
    await backend.prepare(COLLECTIONS)
    clock = FixedClock(AT)
    repository = repository_of(backend, service="notification", clock=clock, seals=seals_of_tests())
    try:
        yield Messages(repository, clock), Tasks(repository, clock)
    finally:
        await repository.close()
        await client.close()


async def test_of_two_processes_one_claims_each_message(mongodb_url: str, database_prefix: str) -> None:
    async with (
        replica(mongodb_url, database_prefix) as (one, _),
        replica(mongodb_url, database_prefix) as (other, _),
    ):
        for order in ORDERS:
            notice = delivery_notice(
                order, patient_ref="p-1", channel="sms", to="sealed:contact:x", language="sv", at=AT
            )
            await one.notify(notice, cause=Cause(order))
        due = await one.queries.due(CHAIN)

        claims = await asyncio.gather(
            *(
                each.claim(message, attempt=name)
                for message in due
                for name, each in (("a", one), ("b", other))
            )
        )

        assert len(due) == len(ORDERS)
        assert sum(map(bool, claims)) == len(ORDERS)
        assert await other.queries.due(CHAIN) == []


def task(number: int, **changes: object) -> Task:
    usual: dict[str, object] = {
        "role": "prescriber",
        "care_unit": None,
        "due_at": AT + timedelta(hours=number),
    }
    return Task(
        task_id=f"t-{number}",
        kind="look",
        patient_ref="p-1",
        subject_no=None,
        reason="look",
        raised_at=AT,
        **{**usual, **changes},  # type: ignore[arg-type]
    )


async def test_a_list_of_tasks_is_asked_for_page_by_page(mongodb_url: str, database_prefix: str) -> None:
    async with replica(mongodb_url, database_prefix) as (_, tasks):
        for number in range(4):
            await tasks.put(task(number), cause=Cause(f"t-{number}"))
        await tasks.put(task(4, care_unit="DEMO-102"), cause=Cause("t-4"))
        await tasks.put(task(5, role="economist"), cause=Cause("t-5"))
        for overdue in await tasks.queries.overdue():
            await tasks.escalate(overdue)
        wanted = TasksWanted(roles={"prescriber"}, care_units={"DEMO-101"}, only_unowned=True)

        first = (await tasks.queries.wanted(wanted, limit=3)).states
        second = (await tasks.queries.wanted(replace(wanted, after=first[-1].place), limit=3)).states
        late = (await tasks.queries.wanted(replace(wanted, roles={"customer_service"}), limit=9)).states
        (count,) = await tasks.queries.counts(wanted)

        assert [each.task_id for each in (*first, *second)] == ["t-0", "t-1", "t-2", "t-3"]
        assert [each.task_id for each in late] == ["t-0"]
        assert (count.open, count.unowned, count.overdue) == (4, 4, 1)
