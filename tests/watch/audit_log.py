"""An audit log with rows of every service, and what reads it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy import audit
from shared.clock import FixedClock
from shared.repository import Entry, Repository
from shared.repository.audit.signing import Signing, heads_of
from shared.sealed import seals_from

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PATIENT = "11111111-1111-4111-8111-111111111111"
AN_ENTRY = Entry(actor="clerk-1", action="billing.search_fees", care_units=("DEMO-101",))
Rows = Any


def changed(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 2}, {"$set": {"actor": "somebody else"}})


async def read_again(repository: Repository, keys: Path, times: int) -> None:
    for number in range(times):
        await repository.note(audit.Asking(AN_ENTRY), [f"q-{number}"])
    seals = seals_from(keys)
    heads = heads_of("billing", keys.parent / "audit", seals)
    await Signing(repository, heads, FixedClock(NOW)).sign()
