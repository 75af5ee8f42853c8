"""Job that signs the newest rows of the audit chains outside of the database."""

import asyncio
from datetime import datetime
from pathlib import Path

import structlog

from shared.clock import Clock
from shared.repository import Repository
from shared.repository.audit.chain import Head
from shared.repository.audit.heads import Heads
from shared.repository.audit.noted import VERIFIED, Noted, noted
from shared.sealed import Seals

log = structlog.get_logger()


def heads_of(service: str, folder: Path, seals: Seals) -> Heads:
    return Heads(folder / f"{service}.jsonl", seals.audit_keys(service))


def signed_so_far(heads: Heads) -> dict[str, int]:
    """Tell how far each chain was signed: what the last verification saw, and what was signed since."""
    seen = noted(heads, VERIFIED) or Noted()
    known = {writer: chain.sequence for writer, chain in seen.chains.items()}
    for reading in heads.read(seen.place):
        if head := reading.head:
            known[head.writer] = max(head.sequence, known.get(head.writer, 0))
    return known


class Signing:
    """Signs what this process wrote, and at its start what a killed one could not sign any more."""

    def __init__(self, repository: Repository, heads: Heads, clock: Clock) -> None:
        self._repository = repository
        self._heads = heads
        self._clock = clock
        self._signed: dict[str, int] = {}
        self.signed_at: datetime | None = None
        self.verified_at: datetime | None = None

    async def run(self, every_seconds: float) -> None:
        """Sign until cancelled; a full disk is logged and tried again."""
        adopted = False
        while True:
            try:
                if not adopted:
                    await self.adopt()
                    adopted = True
                await self.sign()
            except Exception as failure:  # noqa: BLE001  the log is still written; an unsigned one shows in the metrics
                log.error("audit not signed", error=type(failure).__name__)
            await asyncio.sleep(every_seconds)

    async def adopt(self) -> None:
        """Sign the tails that nobody signed: their writers were killed."""
        known = await asyncio.to_thread(signed_so_far, self._heads)
        rows = await self._repository.backend.audit.tails()
        tails = [Head(row["writer"], row["sequence"], row["hash"]) for row in rows
                 if self._heads.holds(row)]  # fmt: skip
        await self._sign([head for head in tails if head.sequence > known.get(head.writer, 0)])

    async def sign(self) -> None:
        """Sign the chains of this process that grew since last time."""
        heads = self._repository.audit_heads
        await self._sign([head for head in heads if head.sequence > self._signed.get(head.writer, 0)])
        self.signed_at = self._clock.now()
        self.verified_at = await asyncio.to_thread(self._heads.verified_at)

    async def _sign(self, heads: list[Head]) -> None:
        if heads:
            await asyncio.to_thread(self._heads.sign, heads, at=self._clock.now())
            self._signed.update({head.writer: head.sequence for head in heads})

    def moments(self) -> dict[str, datetime | None]:
        return {"signed": self.signed_at, "verified": self.verified_at}
