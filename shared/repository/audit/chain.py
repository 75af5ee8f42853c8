"""The audit log's chain: every row carries the keyed hash of the row before it, one chain per writer."""

import hmac
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.repository.cause import Entry
from shared.repository.moments import Document, moment_of, moment_text
from shared.sealed import Hashes, hashes_under

START = "0" * 64
MOST_KEPT = 1000
_WRITTEN = json.JSONEncoder(sort_keys=True, default=str).encode

LIKE_A_NUMBER = re.compile(r"\W*(?:\d\W*){10,13}")
NO_REFERENCE = "[a number, no reference]"


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

    def hashes(self, service: str) -> Hashes:
        """Give the keyed hashes of the writer of this chain: both keys come from one."""
        return hashes_under(self._key, service)

    @property
    def heads(self) -> list[Head]:
        """The newest committed row of this chain, and of those it began before."""
        return [*self._ended, Head(self._writer, self._sequence, self._head)]

    def begin_anew(self) -> None:
        """Continue with another name: whether the last rows were committed is not known."""
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
            "patient_refs": [_no_number(each) for each in witnessed.patient_refs],
            "outcome": witnessed.outcome,
            "before": before,
        }
        return {**row, "hash": digest(row, self._key)}


def _no_number(reference: str) -> str:
    """Keep a personal number out that somebody gave instead of a reference: no row may ever be changed."""
    return NO_REFERENCE if LIKE_A_NUMBER.fullmatch(reference) else reference


def id_of(writer: str, sequence: int) -> str:
    return f"{writer}:{sequence:012d}"


def digest(row: Mapping[str, object], key: bytes) -> str:
    """Hash a row, without its own hash, with the audit key."""
    fields = {name: value for name, value in row.items() if name != "hash"}
    return hmac.digest(key, _WRITTEN(fields).encode(), "sha256").hex()


def is_under(row: Mapping[str, object], keys: Iterable[bytes]) -> bool:
    """Tell whether a row's hash was made with one of the keys."""
    return any(hmac.compare_digest(digest(row, key), str(row.get("hash"))) for key in keys)


@dataclass(frozen=True)
class Seen:
    """The newest row of a chain that was seen: its number, hash and time."""

    sequence: int = 0
    hash: str = START
    at: str = ""


class Verification:
    """Sees rows in the order of writer and sequence, and then the signed heads, and says what is wrong.

    `chains` are those that were seen before: their rows are gone on from.
    """

    def __init__(self, keys: tuple[bytes, ...], chains: Mapping[str, Seen] | None = None) -> None:
        self._keys = keys
        self.chains: dict[str, Seen] = dict(chains or {})
        self._signed_last: dict[str, int] = {}
        self.rows = 0
        self.found = 0
        """How much is wrong; only the first are kept."""
        self.breaks: list[str] = []
        self.set_back: list[str] = []
        """Rows whose time lies before that of the row before them: the clock, or somebody, set it back."""

    def see(self, row: Document) -> None:
        self.rows += 1
        writer, sequence = row.get("writer"), row.get("sequence")
        if not isinstance(writer, str) or not isinstance(sequence, int):
            self.find(f"{row.get('_id')}: is no row of the log")
            return
        last = self.chains.get(writer, Seen())
        if (row.get("_id"), sequence, row.get("before")) != (
            id_of(writer, last.sequence + 1), last.sequence + 1, last.hash,
        ):  # fmt: skip
            self.find(f"{row['_id']}: does not follow row {last.sequence} of its writer")
        self.demand_unchanged(row)
        at = str(row.get("at"))
        if _is_before(at, last.at) and len(self.set_back) < MOST_KEPT:
            self.set_back.append(f"{row['_id']}: its time lies before that of the row before it")
        self.chains[writer] = Seen(sequence, str(row.get("hash")), at)

    def see_tail(self, row: Document) -> None:
        """See the newest row of a chain that has been seen before: it must be there, and be the same."""
        writer = str(row["writer"])
        last = self.chains[writer]
        if row["sequence"] < last.sequence:
            self.chains[writer] = Seen(row["sequence"], str(row.get("hash")), str(row.get("at")))
        elif row.get("hash") != last.hash:
            self.find(f"{row['_id']}: is not the row that was seen before")
        self.demand_unchanged(row)

    def demand_there(self, chains: Mapping[str, Seen], writers: Collection[str]) -> None:
        """Demand that chains that were seen before are there, and no shorter."""
        for writer, seen in sorted(chains.items()):
            last = self.chains[writer].sequence if writer in writers else 0
            if last < seen.sequence:
                self.find(f"{writer}: rows {last + 1} to {seen.sequence} were seen and are gone")

    def demand_unchanged(self, row: Document) -> None:
        if not is_under(row, self._keys):
            self.find(f"{row['_id']}: was changed")

    def see_signed(self, head: Head, hash_kept: str | None) -> None:
        """Hold a signed head against the row that stands there now."""
        if hash_kept is None:
            self._signed_last[head.writer] = max(head.sequence, self._signed_last.get(head.writer, 0))
        elif hash_kept != head.hash:
            self.find(f"{id_of(head.writer, head.sequence)}: is not the row that was signed")

    def end(self) -> list[str]:
        """Say all that is wrong, also which signed rows never came."""
        for writer, last in sorted(self._signed_last.items()):
            first = min(self.chains.get(writer, Seen()).sequence + 1, last)
            self.find(f"{writer}: rows {first} to {last} were signed and are gone")
        return self.breaks

    def find(self, what: str) -> None:
        self.found += 1
        if len(self.breaks) < MOST_KEPT:
            self.breaks.append(what)


def _is_before(at: str, other: str) -> bool:
    try:
        return bool(other) and moment_of(at) < moment_of(other)
    except ValueError:
        return False  # then the row was changed, and that is reported


def breaks(rows: Iterable[Document], keys: tuple[bytes, ...], signed: Iterable[Head] = ()) -> list[str]:
    """Name what is wrong with the chains: a row that was changed, is missing, or is out of place."""
    verification, kept = Verification(keys), dict[str, str]()
    for row in sorted(rows, key=_place):
        verification.see(row)
        kept[str(row.get("_id"))] = str(row.get("hash"))
    for head in signed:
        verification.see_signed(head, kept.get(id_of(head.writer, head.sequence)))
    return verification.end()


def _place(row: Document) -> tuple[str, int]:
    sequence = row.get("sequence")
    return str(row.get("writer")), sequence if isinstance(sequence, int) else 0
