"""The outbox in memory."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import bson

from shared.repository.codec import Document
from shared.repository.memory.tables import Tables, all_of
from shared.repository.moments import moment_of, moment_text


class MemoryOutbox:
    """Rows that wait to be published, as `Outbox` describes them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = tables["outbox"]

    async def unpublished(self, *, before: datetime, limit: int) -> list[Document]:
        return [row for row in self._waiting_rows() if moment_of(row["committed_at"]) <= before][:limit]

    async def mark_published(self, ids: Sequence[str], *, at: datetime) -> None:
        for each in ids:
            row = bson.decode(self._rows[each])
            self._rows[each] = bson.encode({**row, "published_at": moment_text(at)})

    async def set_aside(self, message_id: str, *, because: str, at: datetime) -> None:
        self._mark_aside([message_id], set_aside_at=moment_text(at), set_aside_because=because)

    async def aside(self, *, limit: int) -> list[Document]:
        rows = [
            row
            for row in all_of(self._tables, "outbox")
            if row["published_at"] is None and row.get("set_aside_at")
        ]
        return sorted(rows, key=lambda row: moment_of(row["set_aside_at"]))[:limit]

    async def take_back(self, ids: Sequence[str]) -> None:
        self._mark_aside(ids, set_aside_at=None, set_aside_because=None)

    def _mark_aside(self, ids: Sequence[str], **marks: str | None) -> None:
        for each in ids:
            row = bson.decode(self._rows[each])
            self._rows[each] = bson.encode({**row, **marks})

    def _waiting_rows(self) -> list[Document]:
        rows = all_of(self._tables, "outbox")
        return [row for row in rows if row["published_at"] is None and row.get("set_aside_at") is None]

    async def forget_published(self, *, before: datetime, limit: int) -> int:
        rows = [row for row in all_of(self._tables, "outbox") if row["published_at"]]
        old = [row for row in rows if moment_of(row["published_at"]) < before]
        for row in old[:limit]:
            del self._rows[row["_id"]]
        return len(old[:limit])

    async def waiting(self) -> tuple[int, datetime | None]:
        moments = [row["committed_at"] for row in self._waiting_rows()]
        return len(moments), min(map(moment_of, moments)) if moments else None

    async def traceparent_of(self, subject: str) -> str | None:
        rows = [row for row in all_of(self._tables, "outbox") if row["partner"] and row["subject"] == subject]
        return rows[-1]["traceparent"] if rows else None

    async def rows_since(self, since: datetime) -> AsyncIterator[Document]:
        rows = [row for row in all_of(self._tables, "outbox") if moment_of(row["committed_at"]) >= since]
        rows = [row for row in rows if not row.get("set_aside_at")]
        for row in sorted(rows, key=lambda each: moment_of(each["committed_at"])):
            yield row
