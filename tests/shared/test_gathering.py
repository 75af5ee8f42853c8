"""Reading in one question: what comes together is of one moment, and what is too large comes apart."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from bson.timestamp import Timestamp
from pymongo.monitoring import CommandListener, CommandStartedEvent

from shared.domain.decision import Decision
from shared.repository import Cause, Collection, Repository
from shared.repository.mongo.backend import Mongo, connect
from tests.shared.examples import A_PURSE, PURSES, Looking, Purse, opened_on, put

pytestmark = pytest.mark.connected

CHESTS = Collection("chests", Purse)
A_LOT = 500_000
"""Letters of a note; forty documents of that size do not fit into one of 16 MB."""


class Commands(CommandListener):
    """Writes down what MongoDB is asked."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.no_older_than: list[Timestamp | None] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.names.append(event.command_name)
        self.no_older_than.append(event.command.get("readConcern", {}).get("afterClusterTime"))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
async def purses(mongodb_url: str, database_prefix: str, commands: Commands) -> AsyncIterator[Repository]:
    client = connect(mongodb_url, app_name="tests", event_listeners=[commands])
    backend = Mongo(client[f"{database_prefix}_tests"])
    await backend.prepare([CHESTS])
    async with opened_on(backend) as opened:
        yield opened("tests-1")
    await client.close()


def move(purse: Purse | None, chest: Purse | None) -> Decision[Purse | None, Purse | None]:
    return purse, chest or replace(A_PURSE, purse_id="c1", coins=purse.coins if purse else 0), []


def put_heavy(purse: Purse | None, *, purse_id: str) -> Decision[Purse | None]:
    light, facts = put(purse, coins=1, purse_id=purse_id)
    return replace(light or A_PURSE, notes=("x" * A_LOT,)), facts


async def test_all_that_a_change_reads_is_one_question(purses: Repository, commands: Commands) -> None:
    await purses.change(PURSES.maybe("p1"), partial(put, coins=3), cause=Cause(key="k1"))
    commands.names.clear()

    await purses.change(PURSES.maybe("p1") & CHESTS.maybe("c1"), move, cause=Cause(key="k2"))

    assert commands.names == ["aggregate", "insert", "insert", "commitTransaction"]
    assert (await purses.get(CHESTS.ref("c1"))).coins == 3


async def test_a_look_needs_no_transaction_for_its_audit_row(purses: Repository, commands: Commands) -> None:
    await purses.change(PURSES.maybe("p1"), partial(put, coins=3), cause=Cause(key="k1"))
    commands.names.clear()

    await purses.show(PURSES.ref("p1"), asked=Looking())

    assert commands.names == ["find", "insert"]


async def test_reads_of_several_collections_at_one_moment_are_one_question(
    purses: Repository, commands: Commands
) -> None:
    await purses.change(PURSES.maybe("p1"), partial(put, coins=3), cause=Cause(key="k1"))
    commands.names.clear()

    purse, chest = await asyncio.gather(purses.get(PURSES.ref("p1")), purses.get(CHESTS.maybe("c1")))

    assert commands.names == ["aggregate"]
    assert (purse.coins, chest) == (3, None)


async def test_what_is_read_is_no_older_than_what_this_process_committed(
    purses: Repository, commands: Commands
) -> None:
    await purses.change(PURSES.maybe("p1"), partial(put, coins=3), cause=Cause(key="k1"))
    first = last_commit(purses)
    commands.no_older_than.clear()
    await purses.get(PURSES.ref("p1"))
    await purses.find(PURSES, {})
    assert commands.no_older_than == [first, first]

    await purses.change(PURSES.maybe("p1"), partial(put, coins=3), cause=Cause(key="k2"))
    second = last_commit(purses)
    commands.no_older_than.clear()
    await asyncio.gather(purses.get(PURSES.ref("p1")), purses.get(CHESTS.maybe("c1")))
    await purses.show(PURSES.ref("p1"), asked=Looking())

    assert second > first
    assert commands.no_older_than[:2] == [second, second]


def last_commit(purses: Repository) -> Timestamp:
    assert isinstance(purses.backend, Mongo)
    assert purses.backend._committed is not None
    return purses.backend._committed


async def test_documents_that_are_too_large_together_are_read_one_by_one(purses: Repository) -> None:
    ids = [f"p{number}" for number in range(40)]
    for each in ids:
        await purses.change(PURSES.maybe(each), partial(put_heavy, purse_id=each), cause=Cause(key=each))

    refs = PURSES.many(ids) & CHESTS.maybe("c1")
    await purses.change(refs, lambda many, chest: (many, chest or A_PURSE, []), cause=Cause(key="all"))
    many, chest = await asyncio.gather(purses.get(PURSES.many(ids)), purses.get(CHESTS.maybe("c1")))
    seen, _ = await purses.preview(refs, lambda many, chest: (many, chest, []))

    assert len(many) == len(seen) == len(ids)
    assert chest == A_PURSE
