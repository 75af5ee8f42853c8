"""The audit log in memory."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from shared.repository.audit.access import looked_for, place_of
from shared.repository.codec import Document
from shared.repository.matching import matches
from shared.repository.memory.tables import Tables, all_of


class MemoryAuditRows:
    """The audit log's rows, as `AuditRows` describes them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def rows(self) -> list[Document]:
        return all_of(self._tables, "audit")

    async def chains(self, after: tuple[str, int] | None = None) -> AsyncIterator[Document]:
        for row in sorted(all_of(self._tables, "audit"), key=lambda each: (each["writer"], each["sequence"])):
            if after is None or (row["writer"], row["sequence"]) > after:
                yield row

    async def rows_after(self, writer: str, sequence: int) -> AsyncIterator[Document]:
        async for row in self.chains((writer, sequence)):
            if row["writer"] == writer:
                yield row

    async def hashes(self, ids: Sequence[str]) -> dict[str, str]:
        return {row["_id"]: row["hash"] for row in all_of(self._tables, "audit") if row["_id"] in ids}

    async def tails(self) -> list[Document]:
        return list({row["writer"]: row async for row in self.chains()}.values())

    async def rows_of(
        self,
        patient_ref: str,
        *,
        since: datetime | None,
        until: datetime | None,
        after: str | None,
        limit: int,
    ) -> list[Document]:
        where = looked_for(patient_ref, since, until)
        rows = [row for row in all_of(self._tables, "audit") if matches(row, where)]
        rows.sort(key=place_of)
        return [row for row in rows if after is None or place_of(row) > after][:limit]
