"""The audit log's chain: every row carries the keyed hash of the row before it, one chain per writer."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.repository.cause import Entry
from shared.repository.moments import Document, moment_text

START = "0" * 64


@dataclass(frozen=True)
class Witnessed:
    """An entry with what came of it."""

    entry: Entry
    outcome: str
    patient_refs: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """The newest row of a writer's chain, at some moment."""

    writer: str
    sequence: int
    hash: str


class Chain:
    """Links rows tentatively; the head advances only after commit."""

    def __init__(self, writer: str, key: bytes) -> None:
        self._name = writer
        self._key = key
        self._ended: list[Head] = []
        self._begun = 0
        self._begin(writer)

    @property
    def heads(self) -> list[Head]:
        """The newest committed row of this chain, and of those it began before."""
        return [*self._ended, Head(self._writer, self._sequence, self._head)]

    def begin_anew(self) -> None:
        """Go on under another name: whether the last rows were committed, nobody knows."""
        self._ended = [head for head in self.heads if head.sequence]
        self._begun += 1
        self._begin(f"{self._name}.{self._begun}")

    def _begin(self, writer: str) -> None:
        self._writer = writer
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
            "_id": id_of(self._writer, sequence),
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


def id_of(writer: str, sequence: int) -> str:
    return f"{writer}:{sequence:012d}"


def digest(row: Mapping[str, object], key: bytes) -> str:
    """Hash a row, without its own hash, with the audit key."""
    fields = {name: value for name, value in row.items() if name != "hash"}
    return hmac.new(key, json.dumps(fields, sort_keys=True, default=str).encode(), hashlib.sha256).hexdigest()


class Verification:
    """Sees every row once, in the order of writer and sequence, and says what is wrong.

    `signed` are heads that were signed outside the log: what they tell of must still be there.
    """

    def __init__(self, key: bytes, signed: Iterable[Head] = ()) -> None:
        self._key = key
        self._signed: dict[str, dict[int, str]] = {}
        for head in signed:
            self._signed.setdefault(head.writer, {})[head.sequence] = head.hash
        self._heads: dict[str, Head] = {}
        self._times: dict[str, str] = {}
        self.rows = 0
        self.breaks: list[str] = []
        self.set_back: list[str] = []
        """Rows whose time lies before that of the row before them: the clock, or somebody, set it back."""

    @property
    def writers(self) -> int:
        return len(self._heads)

    def see(self, row: Document) -> None:
        self.rows += 1
        writer, sequence = row.get("writer"), row.get("sequence")
        if not isinstance(writer, str) or not isinstance(sequence, int):
            self.breaks.append(f"{row.get('_id')}: is no row of the log")
            return
        last = self._heads.get(writer, Head(writer, 0, START))
        if (row.get("_id"), sequence, row.get("before")) != (
            id_of(writer, last.sequence + 1), last.sequence + 1, last.hash,
        ):  # fmt: skip
            self.breaks.append(f"{row['_id']}: does not follow row {last.sequence} of its writer")
        self._compare(row, writer, sequence)
        self._heads[writer] = Head(writer, sequence, str(row.get("hash")))

    def end(self) -> list[str]:
        """Say all that is wrong, also which signed rows never came."""
        for writer, signed in sorted(self._signed.items()):
            last = self._heads.get(writer, Head(writer, 0, START)).sequence
            if max(signed) > last:
                self.breaks.append(f"{writer}: rows {last + 1} to {max(signed)} were signed and are gone")
        return self.breaks

    def _compare(self, row: Document, writer: str, sequence: int) -> None:
        if not hmac.compare_digest(digest(row, self._key), str(row.get("hash"))):
            self.breaks.append(f"{row['_id']}: was changed")
        if self._signed.get(writer, {}).get(sequence, row.get("hash")) != row.get("hash"):
            self.breaks.append(f"{row['_id']}: is not the row that was signed")
        at = str(row.get("at"))
        if at < self._times.get(writer, ""):
            self.set_back.append(f"{row['_id']}: its time lies before that of the row before it")
        self._times[writer] = at


def breaks(rows: Iterable[Document], key: bytes, signed: Iterable[Head] = ()) -> list[str]:
    """Name what is wrong with the chains: a row that was changed, is missing, or is out of place."""
    verification = Verification(key, signed)
    for row in sorted(rows, key=_place):
        verification.see(row)
    return verification.end()


def _place(row: Document) -> tuple[str, int]:
    sequence = row.get("sequence")
    return str(row.get("writer")), sequence if isinstance(sequence, int) else 0
