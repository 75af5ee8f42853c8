"""Reads the files that a partner puts into a folder, each by itself, when nobody writes it any more."""

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.billing.domain.files.ack_file import Unreadable
from shared.durable import settle
from shared.fault import fault_in_thread

SETTLED_AFTER = timedelta(seconds=1.5)
"""A file that was the same at two looks so far apart is not being written."""
MOST_BYTES = 5_000_000
"""Five hundred rows are 150 kB; a file beyond this is no answer, and is not read."""
WITHOUT_WAITING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
READ = "read"

Signature = tuple[int, int, int]
"""Inode, size and time of the last writing: what differs when somebody wrote."""


@dataclass(frozen=True)
class Dropped:
    """A file as it lies in the folder; `name` is for people, `path` for the system."""

    name: str
    path: Path
    signature: Signature
    unchanged_for: timedelta


class InboxFolder:
    """Looks again and again at files of one kind; follows no link, waits for nothing, reads to a limit."""

    def __init__(self, folder: Path, kind: re.Pattern[bytes]) -> None:
        self._folder = folder
        self._kind = kind
        self._seen: dict[Path, tuple[Signature, datetime]] = {}
        self._left: dict[Path, Signature] = {}

    def settled(self, *, now: datetime) -> list[Dropped]:
        """Give what lies there unchanged since an earlier look, and is not left as it is."""
        there = self._look()
        self._seen = {
            path: self._seen[path] if self._seen.get(path, (None,))[0] == found else (found, now)
            for path, found in there.items()
        }
        self._left = {path: found for path, found in self._left.items() if there.get(path) == found}
        dropped = [
            Dropped(shown_name(path), path, found, now - since)
            for path, (found, since) in sorted(self._seen.items())
            if path not in self._left
        ]
        return [each for each in dropped if each.unchanged_for >= SETTLED_AFTER]

    def read(self, dropped: Dropped) -> bytes:
        """Give the content; raises Unreadable for what is no plain file, is too large or was just written."""
        found, content = read_plain(dropped.path, at_most=MOST_BYTES)
        if found != dropped.signature:
            raise StillWritten
        return content

    def leave(self, dropped: Dropped) -> None:
        """Do not give this one again until it is another; after a restart it is looked at once more."""
        self._left[dropped.path] = dropped.signature

    def put_away(self, dropped: Dropped, *, known_as: str) -> None:
        """Move what was read out of the way, unless somebody wrote it meanwhile; it is kept."""
        away = self._folder / READ
        away.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):  # another replica was first
            if signature_of(dropped.path.lstat()) == dropped.signature:
                dropped.path.rename(away / known_as)
        fault_in_thread("answers.after_rename")
        settle(self._folder)

    def _look(self) -> dict[Path, Signature]:
        there: dict[Path, Signature] = {}
        with suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                if self._kind.fullmatch(os.fsencode(path.name)):
                    with suppress(FileNotFoundError):  # gone since it was listed
                        there[path] = signature_of(path.lstat())
        return there


class StillWritten(Exception):
    """The file changed between looking and reading: it is looked at again."""


def read_plain(path: Path, *, at_most: int) -> tuple[Signature, bytes]:
    """Read a plain file whole; raises Unreadable for a folder, a link, a pipe, and what is too large."""
    try:
        handle = os.open(path, WITHOUT_WAITING)
    except OSError as closed:
        raise Unreadable("answer-cannot-be-opened") from closed
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("answer-no-plain-file")
        if found.st_size > at_most:
            raise Unreadable("answer-too-large", megabytes=f"{at_most / 1_000_000:g}")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return signature_of(found), file.read(at_most)
    finally:
        os.close(handle)


def signature_of(found: os.stat_result) -> Signature:
    return found.st_ino, found.st_size, found.st_mtime_ns


def shown_name(path: Path) -> str:
    """Write a file's name for people: what cannot be shown stands as its code."""
    text = os.fsencode(path.name).decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)
