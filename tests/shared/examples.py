"""A purse: the smallest state that has rules, for the tests of the core."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, ClassVar

from pydantic import BaseModel

from shared.clock import FixedClock
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.repository import Cause, Collection, Entry, Repository
from shared.repository.audit.chain import Chain
from shared.repository.backend import Backend
from shared.repository.memory.backend import Memory

NOON = datetime(2026, 11, 23, 11, 0, 0, 123456, tzinfo=UTC)
KEY = b"only for tests"
TWELVE_FIFTY = Money.of("12.50")


class PurseChanged(Fact):
    """A fact that only the tests tell."""

    topic: ClassVar[str] = "tests.purse_changed.v1"
    about: ClassVar[str] = "purse_id"

    purse_id: str
    coins: int


class Empty(Refused):
    rule = "empty"
    sentence = Sentence("Börsen är tom.", "The purse is empty.")


@dataclass(frozen=True)
class Purse:
    """Every kind of field that a state may have."""

    purse_id: str
    patient_ref: str
    coins: int = 0
    opened: date = date(2026, 2, 28)
    touched_at: datetime = NOON
    worth: Money = TWELVE_FIFTY
    notes: tuple[str, ...] = ()
    label: str | None = None


class PurseView(BaseModel):
    coins: int

    @classmethod
    def of(cls, purse: Purse | None) -> "PurseView":
        return cls(coins=purse.coins if purse else 0)


PURSES = Collection("purses", Purse, indexes=("coins",), unique=("label",))
A_PURSE = Purse("p1", "patient-1")


def put(purse: Purse | None, *, coins: int, purse_id: str = "p1") -> Decision[Purse | None]:
    purse = purse or replace(A_PURSE, purse_id=purse_id, patient_ref=f"patient-{purse_id}")
    fuller = replace(purse, coins=purse.coins + coins)
    return fuller, [PurseChanged(purse_id=fuller.purse_id, coins=fuller.coins)]


def take(purse: Purse, *, coins: int) -> Decision[Purse]:
    if purse.coins < coins:
        raise Empty
    poorer = replace(purse, coins=purse.coins - coins)
    return poorer, [PurseChanged(purse_id=poorer.purse_id, coins=poorer.coins)]


def cause(key: str | None = None, **changes: Any) -> Cause:
    return replace(Cause(key=key), **changes)


AN_ENTRY = Entry(actor="clerk-1", action="tests.look", roles=("customer_service",), care_units=("DEMO-101",))


@dataclass
class Looking:
    """Somebody who reads."""

    entry: Entry = AN_ENTRY
    version: int = 0

    def seen(self, version: int) -> None:
        self.version = version


def repository_on(backend: Backend, writer: str = "tests-1") -> Repository:
    return Repository(backend, service="tests", clock=FixedClock(NOON), chain=Chain(writer, KEY))


Opened = Callable[[str], Repository]
"""Open a repository on the same kept things, as another process would."""


@asynccontextmanager
async def opened_on(backend: Backend) -> AsyncIterator[Opened]:
    await backend.prepare([PURSES])
    repositories: list[Repository] = []

    def open_one(writer: str) -> Repository:
        repositories.append(repository_on(backend, writer))
        return repositories[-1]

    yield open_one
    for each in repositories:
        await each.close()


def memory() -> Memory:
    return Memory()


async def fill(purses: Repository, coins: int, key: str | None = None, purse_id: str = "p1") -> None:
    await purses.change(
        PURSES.maybe(purse_id), partial(put, coins=coins, purse_id=purse_id), cause=cause(key)
    )
