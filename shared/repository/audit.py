"""The audit log's chain: every row carries the keyed hash of the row before it, one chain per writer."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.repository.cause import Entry
from shared.repository.codec import Document, moment_text

START = "0" * 64


@dataclass(frozen=True)
class Witnessed:
    """An entry with what came of it."""

    entry: Entry
    outcome: str
    patient_refs: tuple[str, ...]


class Chain:
    """Links rows tentatively; the head advances only after commit."""

    def __init__(self, writer: str, key: bytes) -> None:
        self._writer = writer
        self._key = key
        self._head = START
        self._sequence = 0

    def link(self, witnessed: Iterable[Witnessed], *, at: datetime) -> list[Document]:
        head, sequence = self._head, self._sequence
        rows: list[Document] = []
        for each in witnessed:
            sequence += 1
            row = self._row(each, sequence, head, at)
            head = row["hash"]
            rows.append(row)
        return rows

    def advance(self, rows: list[Document]) -> None:
        if rows:
            self._head, self._sequence = rows[-1]["hash"], rows[-1]["sequence"]

    def _row(self, witnessed: Witnessed, sequence: int, before: str, at: datetime) -> Document:
        entry = witnessed.entry
        row: Document = {
            "_id": f"{self._writer}:{sequence:012d}",
            "writer": self._writer,
            "sequence": sequence,
            "at": moment_text(at),
            "actor": entry.actor,
            "roles": list(entry.roles),
            "care_units": list(entry.care_units),
            "purpose": entry.purpose,
            "action": entry.action,
            "patient_refs": list(witnessed.patient_refs),
            "outcome": witnessed.outcome,
            "before": before,
        }
        return {**row, "hash": digest(row, self._key)}


def digest(row: Document, key: bytes) -> str:
    """Hash a row, without its own hash, with the audit key."""
    fields = {name: value for name, value in row.items() if name != "hash"}
    return hmac.new(key, json.dumps(fields, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def breaks(rows: Iterable[Document], key: bytes) -> list[str]:
    """Name what is wrong with the chains: a changed row, a missing one, one out of place."""
    heads: dict[str, tuple[int, str]] = {}
    found: list[str] = []
    for row in sorted(rows, key=lambda each: (each["writer"], each["sequence"])):
        sequence, head = heads.get(row["writer"], (0, START))
        if row["sequence"] != sequence + 1 or row["before"] != head:
            found.append(f"{row['_id']}: does not follow row {sequence} of its writer")
        if digest(row, key) != row.get("hash"):
            found.append(f"{row['_id']}: was changed")
        heads[row["writer"]] = (row["sequence"], row.get("hash", ""))
    return found
