"""A document is changed by the fields that differ, and comes out as if it had been written anew."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import BulkWriteError
from pymongo.monitoring import CommandListener, CommandStartedEvent

from shared.events.fact import Fact
from shared.repository import Repository
from shared.repository.codec import Document, update_between
from shared.repository.mongo.backend import Client, Mongo, connect
from tests.shared.examples import A_PURSE, PURSES, Purse, cause, fill, opened_on

WORDS = st.sampled_from(["a", "b", "c", "_v"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0]) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
DOCUMENTS = st.dictionaries(WORDS, VALUES)


def as_kept(document: Document) -> dict[str, str]:
    """Tell True from 1 and 1 from 1.0, as the database does."""
    return {name: json.dumps(value) for name, value in document.items()}


@given(DOCUMENTS, DOCUMENTS)
def test_the_update_between_two_documents_makes_the_one_the_other(before: Document, after: Document) -> None:
    update = update_between(before, after)

    kept = {name: value for name, value in before.items() if name not in update.get("$unset", {})}
    assert as_kept({**kept, **update.get("$set", {})}) == as_kept(after)
    assert not as_kept(update.get("$set", {})).items() & as_kept(before).items()


class Updates(CommandListener):
    """Notes what was asked to be updated."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "update":
            self.all += [each["u"] for each in event.command["updates"]]

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


@pytest.fixture
def updates() -> Updates:
    return Updates()


@pytest.fixture
async def client(mongodb_url: str, updates: Updates) -> AsyncIterator[Client]:
    client = connect(mongodb_url, app_name="tests", event_listeners=[updates])
    yield client
    await client.close()


@pytest.fixture
async def purses(client: Client, database_prefix: str) -> AsyncIterator[Repository]:
    async with opened_on(Mongo(client[f"{database_prefix}_tests"])) as opened:
        yield opened("tests-1")


@pytest.mark.connected
async def test_a_change_writes_the_fields_that_differ_and_no_others(
    purses: Repository, updates: Updates
) -> None:
    await fill(purses, 5, key="k1")
    await fill(purses, 5, key="k2")

    assert updates.all == [{"$set": {"_v": 2, "coins": 10}}]
    assert (await purses.get(PURSES.ref("p1"))).coins == 10


@pytest.mark.connected
async def test_two_changes_of_one_document_in_a_group_are_written_as_one(
    purses: Repository, updates: Updates
) -> None:
    await fill(purses, 5, key="k1")

    await asyncio.gather(fill(purses, 1, key="k2"), fill(purses, 1, key="k3"))

    assert updates.all == [{"$set": {"_v": 3, "coins": 7}}]


@pytest.mark.connected
async def test_a_field_that_the_state_does_not_have_stays_in_the_document_when_it_changes(
    purses: Repository, client: Client, database_prefix: str
) -> None:
    await fill(purses, 5, key="k1")
    rows = client[f"{database_prefix}_tests"]["purses"]
    await rows.update_one({"_id": "p1"}, {"$set": {"of_a_newer_version": 1}})

    await fill(purses, 1, key="k2")

    assert (await rows.find_one({"_id": "p1"}) or {})["of_a_newer_version"] == 1


@pytest.mark.connected
async def test_a_word_that_must_be_unique_and_is_taken_is_told_as_such_also_beside_another_change(
    purses: Repository,
) -> None:
    await purses.change(PURSES.maybe("p1"), partial(labelled, purse_id="p1"), cause=cause("k1"))
    await fill(purses, 1, key="k2", purse_id="p2")

    with pytest.raises(BulkWriteError) as failure:
        await purses.change(
            PURSES.ref("p2") & PURSES.maybe("p3"),
            lambda other, _: (replace(other, coins=9), *labelled(None, purse_id="p3")),
            cause=cause("k3"),
        )

    assert not purses.backend.may_pass(failure.value)
    assert (await purses.get(PURSES.ref("p2"))).coins == 1


@pytest.mark.connected
async def test_of_two_processes_that_make_the_same_document_one_tries_again(
    client: Client, database_prefix: str
) -> None:
    async with opened_on(Mongo(client[f"{database_prefix}_tests"])) as opened:
        processes = [opened("one"), opened("two")]
        for each in range(20):
            number = f"p{each}"
            await asyncio.gather(*(fill(process, 5, purse_id=number) for process in processes))
            assert (await processes[0].get(PURSES.ref(number))).coins == 10


def labelled(purse: Purse | None, *, purse_id: str) -> tuple[Purse, list[Fact]]:
    return replace(purse or A_PURSE, purse_id=purse_id, label="mine"), []
