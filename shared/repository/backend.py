"""The interfaces to a database: documents, the outbox, the audit log."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from shared.repository.codec import Document
from shared.repository.refs import Address, Collection, Loaded
from shared.repository.writes import Writes

Result = TypeVar("Result")
Tallied = dict[tuple[str, ...], tuple[int, Decimal]]
"""How many documents, and what they come to, by the values of some fields."""


class Contended(Exception):
    """The transaction met write conflicts more often than it may."""


class Transaction(Protocol):
    """One transaction: what it sees is one moment, what it writes comes at once or not at all."""

    def read(
        self, keys: Sequence[str], wanted: Mapping[Collection[Any], Sequence[str]]
    ) -> tuple[dict[str, Document], dict[Address, Loaded]]:
        """Give the inbox rows of these keys, and the documents."""
        ...

    def write(self, writes: Writes) -> None: ...


class Documents(Protocol):
    """Reading and changing the documents of a service's collections."""

    async def transact(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work in a transaction, perhaps on another thread, and perhaps more than once."""
        ...

    async def look(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work that changes no state: it may read, and write audit rows."""
        ...

    async def find(
        self,
        collection: Collection[Any],
        where: Mapping[str, Any],
        *,
        sort: str,
        limit: int,
        after: str | None,
    ) -> list[Document]: ...

    async def load(self, wanted: Mapping[Collection[Any], Sequence[str]]) -> dict[Address, Loaded]: ...

    async def take_block(self, counter: str, size: int) -> int: ...

    def watch(self, collection: Collection[Any]) -> AsyncIterator[Any]: ...

    async def tally(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        where: Mapping[str, Any],
        amount: str | None = None,
    ) -> Tallied:
        """Count what is so by the values of some fields, and add an amount up."""
        ...

    async def sums(
        self, collection: Collection[Any], by: str, *, where: Mapping[str, Any], plus: str, minus: str
    ) -> dict[str, int]:
        """Add up whole numbers by the values of a field: one field, also in a list, less another."""
        ...

    async def tally_page(
        self,
        collection: Collection[Any],
        by: Sequence[str],
        *,
        amount: str | None,
        after: str,
        limit: int,
    ) -> tuple[Tallied, str | None]:
        """Count the next documents by id; give the last one's id, None when there are no more."""
        ...


class Outbox(Protocol):
    """The rows that wait to be published, and what became of them."""

    async def unpublished(self, *, before: datetime, limit: int) -> list[Document]: ...

    async def mark_published(self, ids: Sequence[str], *, at: datetime) -> None: ...

    async def set_aside(self, message_id: str, *, because: str, at: datetime) -> None:
        """Take a row out of what waits to be published, until somebody takes it back (decision 0046)."""
        ...

    async def aside(self, *, limit: int) -> list[Document]:
        """Give the rows that were set aside and not published since, the oldest first."""
        ...

    async def take_back(self, ids: Sequence[str]) -> None: ...

    async def forget_published(self, *, before: datetime, limit: int) -> int:
        """Remove rows that were published before; give how many."""
        ...

    async def waiting(self) -> tuple[int, datetime | None]: ...

    async def traceparent_of(self, subject: str) -> str | None: ...

    def rows_since(self, since: datetime) -> AsyncIterator[Document]: ...


class AuditRows(Protocol):
    """Reading the audit log; only a transaction writes to it."""

    async def rows(self) -> list[Document]: ...

    def chains(self, after: tuple[str, int] | None = None) -> AsyncIterator[Document]:
        """Give the rows by writer and sequence, from behind one of them on."""
        ...

    def rows_after(self, writer: str, sequence: int) -> AsyncIterator[Document]: ...

    async def tails(self) -> list[Document]:
        """Give the newest row of each writer."""
        ...

    async def hashes(self, ids: Sequence[str]) -> dict[str, str]:
        """Give the hashes of those of these rows that are there."""
        ...

    async def rows_of(
        self,
        patient_ref: str,
        *,
        since: datetime | None,
        until: datetime | None,
        after: str | None,
        limit: int,
    ) -> list[Document]: ...


class Backend(Documents, Protocol):
    """Memory or MongoDB: one suite proves them equal."""

    @property
    def outbox(self) -> Outbox: ...

    @property
    def audit(self) -> AuditRows: ...

    async def prepare(self, collections: Iterable[Collection[Any]]) -> None: ...

    async def lease(self, name: str, holder: str, *, seconds: float) -> int | None: ...

    def may_pass(self, failure: Exception) -> bool:
        """Tell whether the same may go well later: the database was away, or others held what was wanted."""
        ...

    async def can_write(self) -> bool: ...
