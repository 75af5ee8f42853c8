"""Signed heads of the audit chains: files outside of the database, one a day, only ever added to."""

import fcntl
import json
import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.durable import OWNER_ONLY, settle, write_whole
from shared.repository.audit.chain import START, Head, digest, is_under
from shared.repository.moments import moment_of, moment_text

LONGEST_LINE = 4096

Line = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """How far the files were read: behind a line of one of them, with that line's hash."""

    file: str = ""
    offset: int = 0
    number: int = 0
    hash: str = START


BEGINNING = Place()


@dataclass(frozen=True)
class Reading:
    """One line, what is wrong with it, and the place behind it."""

    line: Line
    wrong: str | None
    place: Place

    @property
    def head(self) -> Head | None:
        """The head that it signs; a changed line signs one too, and is reported as changed."""
        if self.line.get("what") != "head":
            return None
        row, sequence = self.line.get("row"), self.line.get("sequence", 0)
        return Head(str(self.line.get("writer")), sequence if isinstance(sequence, int) else 0, str(row))


class Heads:
    """A service's files; each line carries the keyed hash of the line before it, by whichever process.

    Versions before kept one file for all days: it is read first, and not written any more. A replica of such
    a version may still add to it; the first day's file follows one of its lines.
    """

    def __init__(self, file: Path, keys: tuple[bytes, ...]) -> None:
        self._before = file
        self.folder = file.with_suffix("")
        self._noted = file.with_suffix(".verified")
        self.keys = keys
        """The first writes, each of them verifies."""

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row or a line was written under our key, or under one of the versions before."""
        return is_under(row, self.keys)

    def sign(self, heads: Iterable[Head], *, at: datetime) -> None:
        """Note how far these chains have come; on disk when it returns, and no line when there are none."""
        told = [{"what": "head", "writer": each.writer, "sequence": each.sequence, "row": each.hash}
                for each in heads]  # fmt: skip
        self._add(told, at)

    def note_verified(self, rows: int, *, at: datetime) -> None:
        """Note that the whole log was found unbroken."""
        self._add([{"what": "verified", "rows": rows}], at)
        write_whole(self._noted, moment_text(at).encode())

    def verified_at(self) -> datetime | None:
        """Give the last moment when the whole log was found unbroken."""
        return moment_of(self._noted.read_text()) if self._noted.exists() else None

    def read(self, after: Place = BEGINNING) -> Iterator[Reading]:
        """Read line by line, from a place on."""
        place, joint = after, self._joint()
        joined = after.file == self._before.name and after.hash == joint
        if after.file and not self._reaches(after):
            yield Reading({}, f"{after.file}, line {after.number}: is gone, and was there before", after)
        for file in (each for each in self._files() if self._order(each.name) >= self._order(after.file)):
            if file.name != place.file:
                place = Place(file.name, hash=joint if joined else place.hash)
                joined = False
            for reading in self._lines(file, place):
                place = reading.place
                joined = joined or (file == self._before and place.hash == joint)
                yield reading

    def signed(self) -> Iterator[Head]:
        return (reading.head for reading in self.read() if reading.head)

    def breaks(self) -> list[str]:
        """Name the lines that were changed, or do not follow the line before them."""
        return [reading.wrong for reading in self.read() if reading.wrong]

    def _lines(self, file: Path, place: Place) -> Generator[Reading]:
        """Pass over a torn line: the line after it follows the whole one before it."""
        with file.open("rb") as lines:
            lines.seek(place.offset)
            offset, number, before = place.offset, place.number, place.hash
            for raw in lines:
                if not raw.endswith(b"\n"):
                    return
                offset, number = offset + len(raw), number + 1
                line = _parsed(raw)
                if line is not None:
                    follows = line.get("before") == before and self.holds(line)
                    wrong = f"{file.name}, line {number}: was changed, or a line before it is gone"
                    before = str(line.get("hash"))
                    yield Reading(line, None if follows else wrong, Place(file.name, offset, number, before))

    def _files(self) -> list[Path]:
        own = sorted(self.folder.glob("*.jsonl")) if self.folder.exists() else []
        return [self._before, *own] if self._before.exists() else own

    def _order(self, name: str) -> str:
        """The file of the versions before comes first, then the days."""
        return "" if name == self._before.name else name

    def _joint(self) -> str:
        """Say which line of the file of the versions before the first day's file follows."""
        days = [each for each in self._files() if each != self._before]
        if not days:
            return START
        with days[0].open("rb") as lines:
            first = _parsed(lines.readline())
        return str(first.get("before")) if first else START

    def _reaches(self, place: Place) -> bool:
        return any(each.name == place.file and each.stat().st_size >= place.offset for each in self._files())

    def _add(self, lines: Sequence[Line], at: datetime) -> None:
        if not lines:
            return
        with self._locked():
            known = self._files()
            day = self.folder / f"{moment_text(at)[:10]}.jsonl"
            # A clock that was set back adds to the newest day: the files follow each other by their names.
            file = max([day, *(each for each in known if each != self._before)], key=lambda each: each.name)
            before = next((found for each in reversed(known) if (found := _last_hash(each))), START)
            self._write(file, lines, before, at)

    def _write(self, file: Path, lines: Sequence[Line], before: str, at: datetime) -> None:
        is_new = not file.exists()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
        try:
            for each in lines:
                line = {"at": moment_text(at), **each, "before": before}
                before = digest(line, self.keys[0])
                os.write(handle, (json.dumps({**line, "hash": before}) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            settle(file.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT, OWNER_ONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _last_hash(file: Path) -> str | None:
    """Give the hash of the last whole line; a half one, of a killed process, gets its end."""
    handle = os.open(file, os.O_RDWR | os.O_APPEND)
    try:
        size = os.fstat(handle).st_size
        tail = os.pread(handle, LONGEST_LINE, max(0, size - LONGEST_LINE))
        if tail and not tail.endswith(b"\n"):
            os.write(handle, b"\n")
    finally:
        os.close(handle)
    whole = [line for each in tail.splitlines() if (line := _parsed(each))]
    return str(whole[-1].get("hash")) if whole else None


def _parsed(raw: bytes) -> Line | None:
    try:
        read = json.loads(raw)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
