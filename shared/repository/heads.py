"""Signed heads of the audit chains: a file outside of the database that is only ever added to."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.repository.audit import START, Head, digest
from shared.repository.moments import moment_text

OWNER_ONLY = 0o600
LONGEST_LINE = 4096

Line = dict[str, Any]


class Heads:
    """One file per service; each line carries the keyed hash of the line before it, whoever wrote that."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._noted = file.with_suffix(".verified")
        self._key = key

    def sign(self, heads: Iterable[Head], *, at: datetime) -> None:
        """Note how far these chains have come; on disk when it returns, and no line when there are none."""
        told = [{"what": "head", "writer": each.writer, "sequence": each.sequence, "row": each.hash}
                for each in heads]  # fmt: skip
        self._add(told, at)

    def note_verified(self, rows: int, *, at: datetime) -> None:
        """Note that the whole log was found unbroken."""
        self._add([{"what": "verified", "rows": rows}], at)
        self._noted.write_text(moment_text(at))

    def lines(self) -> list[Line]:
        if not self._file.exists():
            return []
        return _whole(self._file.read_text())

    def breaks(self) -> list[str]:
        """Name the lines that were changed, or do not follow the line before them."""
        found, before = [], START
        for number, line in enumerate(self.lines(), start=1):
            if line.get("before") != before or digest(line, self._key) != line.get("hash"):
                found.append(f"{self._file.name}, line {number}: was changed, or a line before it is gone")
            before = str(line.get("hash"))
        return found

    def signed(self) -> list[Head]:
        """Give every head that was signed; a changed line is left to `breaks`."""
        heads = [line for line in self.lines() if line.get("what") == "head"]
        return [
            Head(str(line.get("writer")), int(line.get("sequence", 0)), str(line.get("row")))
            for line in heads
        ]

    def verified_at(self) -> datetime | None:
        """Give the last moment when the whole log was found unbroken."""
        return datetime.fromisoformat(self._noted.read_text()) if self._noted.exists() else None

    def _add(self, told: Sequence[Line], at: datetime) -> None:
        if not told:
            return
        with self._locked() as handle:
            before = _last_hash(handle)
            for each in told:
                line = {"at": moment_text(at), **each, "before": before}
                before = digest(line, self._key)
                os.write(handle, (json.dumps({**line, "hash": before}) + "\n").encode())
            os.fsync(handle)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _last_hash(handle: int) -> str:
    """Give the hash of the last whole line; a half one, of a killed process, gets its end."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, LONGEST_LINE, max(0, size - LONGEST_LINE))
    if tail and not tail.endswith(b"\n"):
        os.write(handle, b"\n")
    whole = _whole(tail.decode(errors="replace"))
    return str(whole[-1].get("hash")) if whole else START


def _whole(text: str) -> list[Line]:
    """Read the lines; a torn one is passed over: the line after it follows the whole one before it."""
    found: list[Line] = []
    for each in text.splitlines():
        try:
            read = json.loads(each)
        except ValueError:
            continue
        if isinstance(read, dict):
            found.append(read)
    return found
