"""What a place to keep things must do: a transaction, reading outside it, and the outbox's bookkeeping."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.repository.codec import Document
from shared.repository.refs import Address, Collection, Kept
from shared.repository.writes import Writes

Result = TypeVar("Result")


class Contended(Exception):
    """The transaction met write conflicts more often than it may."""


class Transaction(Protocol):
    """One transaction: what it sees is one moment, what it writes comes at once or not at all."""

    async def known(self, keys: Sequence[str]) -> dict[str, Document]: ...

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Kept]: ...

    async def write(self, writes: Writes) -> None: ...


class Backend(Protocol):
    """Memory or MongoDB: one suite proves them equal."""

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None: ...

    async def transact(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result: ...

    async def find(
        self,
        collection: Collection[Any],
        where: Mapping[str, Any],
        *,
        sort: str,
        limit: int,
        after: str | None,
    ) -> list[Document]: ...

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Kept]: ...

    async def take_block(self, counter: str, size: int) -> int: ...

    def watch(self, collection: Collection[Any]) -> AsyncIterator[Any]: ...

    async def unpublished(self, *, before: datetime, limit: int) -> list[Document]: ...

    async def mark_published(self, ids: Sequence[str], *, at: datetime) -> None: ...

    async def lease(self, name: str, holder: str, *, seconds: float) -> int | None: ...

    async def audit_rows(self) -> list[Document]: ...

    def outbox_since(self, *, since: datetime) -> AsyncIterator[Document]: ...
