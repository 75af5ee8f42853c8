"""Verifies one service's audit log with its key and its signed heads, whole or since the last run."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from shared.repository.audit.chain import Head, Seen, Verification, id_of
from shared.repository.audit.heads import BEGINNING, Heads, Place
from shared.repository.audit.noted import FROM_THE_START, VERIFIED, Noted, forget, note, noted
from shared.repository.backend import Backend
from shared.repository.codec import Document

HEADS_AT_ONCE = 500
NOTED_EVERY_ROWS = 50_000

Say = Callable[[str], None]


class Verifying:
    """Reads the rows first and the heads after: what was signed stood among the rows before it was signed."""

    def __init__(self, backend: Backend, heads: Heads, *, at: str, say: Say = print) -> None:
        self._backend = backend
        self._heads = heads
        self._at = at
        self._say = say
        self._before = noted(heads, VERIFIED) or Noted()

    async def go_on(self) -> tuple[Verification, Noted]:
        """Verify what came since the last note, and that what it saw last is still there."""
        verification = Verification(self._heads.keys, self._before.chains)
        tails = await self._backend.audit.tails()
        for tail in sorted(tails, key=lambda each: str(each.get("writer"))):
            await self._see_chain(verification, tail)
        verification.demand_there(self._before.chains, {str(each.get("writer")) for each in tails})
        return await self._ended(verification, self._before, since=self._before.place)

    async def from_the_start(self) -> tuple[Verification, Noted]:
        """Verify every row; a run that was broken off is gone on with."""
        begun = noted(self._heads, FROM_THE_START) or Noted(at=self._at)
        if begun.last:
            self._say(f"  goes on behind row {begun.rows} of a run begun {begun.at}")
        verification = Verification(self._heads.keys, begun.chains)
        for each in begun.breaks:
            verification.find(each)
        async for row in self._backend.audit.chains(begun.last):
            verification.see(row)
            if verification.rows % NOTED_EVERY_ROWS == 0:
                await self._note_progress(verification, begun, row)
        verification.demand_there(self._before.chains, set(verification.chains))
        ended = await self._ended(verification, begun, since=BEGINNING)
        await asyncio.to_thread(forget, self._heads, FROM_THE_START)
        return ended

    async def _see_chain(self, verification: Verification, tail: Document) -> None:
        writer, sequence = tail.get("writer"), tail.get("sequence")
        if not isinstance(writer, str) or not isinstance(sequence, int):
            verification.see(tail)
            return
        seen = self._before.chains.get(writer, Seen()).sequence
        if sequence <= seen:
            verification.see_tail(tail)
        else:
            async for row in self._backend.audit.rows_after(writer, seen):
                verification.see(row)

    async def _note_progress(self, verification: Verification, begun: Noted, row: Document) -> None:
        rows = begun.rows + verification.rows
        self._say(f"  {rows} rows")
        last = (row["writer"], row["sequence"])
        if isinstance(last[0], str) and isinstance(last[1], int):
            chains, breaks = dict(verification.chains), tuple(verification.breaks)
            told = replace(begun, rows=rows, chains=chains, last=last, breaks=breaks)
            await asyncio.to_thread(note, self._heads, FROM_THE_START, told)

    async def _ended(
        self, verification: Verification, before: Noted, *, since: Place
    ) -> tuple[Verification, Noted]:
        place, signed = since, before.heads_signed
        readings = self._heads.read(since)
        while some := await asyncio.to_thread(lambda: list(islice(readings, HEADS_AT_ONCE))):
            for wrong in (each.wrong for each in some if each.wrong):
                verification.find(wrong)
            heads = [each.head for each in some if each.head]
            await self._compare(verification, heads)
            place, signed = some[-1].place, signed + len(heads)
        verification.end()
        rows = before.rows + verification.rows
        return verification, Noted(self._at, rows, signed, verification.chains, place)

    async def _compare(self, verification: Verification, heads: list[Head]) -> None:
        ids = [id_of(head.writer, head.sequence) for head in heads]
        kept = await self._backend.audit.hashes(ids)
        for row_id, head in zip(ids, heads, strict=True):
            verification.see_signed(head, kept.get(row_id))
