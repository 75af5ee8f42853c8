"""`./sesam outbox`: orders that no queue took, listed, sent again or let be (decision 0046)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.set_aside import discard_aside, list_aside, send_aside
from shared.clock import Clock, FixedClock
from shared.messaging.relay import EVER
from shared.partners import OrderCancelRequest
from shared.repository import Cause, Repository
from shared.repository.codec import Document
from shared.repository.memory.backend import Memory
from tests.shared.examples import NOON, PURSES, repository_on

TO = OrderCancelRequest(order_no="B", created_at=NOON, distributor="gone").routing_key
FIRST, SECOND = "B2026-000001-4", "B2026-000002-2"


@pytest.fixture
async def outbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Memory]:
    """An outbox in memory with two orders that are set aside, where the command looks."""
    backend = Memory()
    await backend.prepare([PURSES])
    service = repository_on(backend)
    told = [
        OrderCancelRequest(order_no=each, created_at=NOON, distributor="gone") for each in (FIRST, SECOND)
    ]
    await service.change(PURSES.maybe("p1"), lambda _: (None, told), cause=Cause(key=None))
    async for row in backend.outbox.rows_since(NOON):
        await backend.outbox.set_aside(row["_id"], because="no queue takes it", at=NOON)

    @asynccontextmanager
    async def there(_: object) -> AsyncIterator[tuple[list[Repository], Clock]]:
        yield [service], FixedClock(NOON)

    monkeypatch.setattr("deploy.set_aside.all_repositories", there)
    yield backend
    await service.close()


async def left(memory: Memory) -> list[str]:
    return sorted(row["subject"] for row in await memory.outbox.aside(limit=9))


async def waiting(memory: Memory) -> list[Document]:
    return await memory.outbox.unpublished(before=EVER, limit=9)


async def done(memory: Memory) -> list[tuple[str, str]]:
    return [(row["action"], row["purpose"]) for row in await memory.audit.rows() if row["purpose"]]


async def test_the_list_names_each_order_where_it_was_to_go_since_when_and_why(
    outbox: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await list_aside() == 0

    said = capsys.readouterr().out
    assert len(await left(outbox)) == 2
    for number in (FIRST, SECOND):
        assert f"{number}  order.cancel_request.v1  to {TO}  since" in said
    assert said.count("since 2026-") == said.count("no queue takes it") == 2


async def test_an_order_that_is_named_is_sent_and_the_others_wait(
    outbox: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await send_aside([FIRST]) == 0

    assert await left(outbox) == [SECOND]
    assert [row["subject"] for row in await waiting(outbox)] == [FIRST]
    assert f"{FIRST}  order.cancel_request.v1 is sent within seconds." in capsys.readouterr().out
    assert await done(outbox) == [("send_set_aside", FIRST)]


async def test_all_are_sent_when_none_is_named_and_then_nothing_is_set_aside(
    outbox: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [await send_aside([]), await left(outbox)] == [0, []]
    capsys.readouterr()

    assert [await send_aside([]), await list_aside()] == [0, 0]
    assert capsys.readouterr().out == "Nothing is set aside.\n" * 2


async def test_an_order_that_is_let_be_is_never_sent_and_stays_among_what_was_published(
    outbox: Memory,
) -> None:
    assert await discard_aside([SECOND]) == 0

    assert await left(outbox) == [FIRST]
    assert await waiting(outbox) == []
    assert await done(outbox) == [("discard_set_aside", SECOND)]


@pytest.mark.parametrize("command", [send_aside, discard_aside])
@pytest.mark.parametrize("wrong", ["B2026-000009-9", "b1", "*", ""])
async def test_a_name_that_nothing_has_is_named_and_is_no_success(
    outbox: Memory, capsys: pytest.CaptureFixture[str], command: object, wrong: str
) -> None:
    assert callable(command)

    assert await command([wrong]) == 1

    assert await left(outbox) == [FIRST, SECOND]
    assert f"Nothing that is set aside is called {wrong}" in capsys.readouterr().out


async def test_a_wrong_name_beside_a_right_one_is_named_though_the_right_one_is_sent(
    outbox: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await send_aside([FIRST, "B2026-000009-9"]) == 1

    assert await left(outbox) == [SECOND]
    assert "is called B2026-000009-9" in capsys.readouterr().out
