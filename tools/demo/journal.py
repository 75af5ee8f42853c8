"""What a simulated partner received and answered: JSON lines, each on disk before it counts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]


class Journal:
    """One peer's book; a line torn by a kill never counted and is cut away when the peer starts again."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        path.touch()
        cut_torn_line(path)

    def add(self, entry: Entry) -> None:
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._path.open("ab") as book:
            book.write(line.encode())
            book.flush()
            os.fsync(book.fileno())

    def entries(self) -> list[dict[str, Any]]:
        return read(self._path)


def read(path: Path) -> list[dict[str, Any]]:
    """Read a peer's book, also while the peer is writing: a line that is not whole yet is left out."""
    if not path.exists():
        return []
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()]


def cut_torn_line(path: Path) -> None:
    whole, newline, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        os.truncate(path, len(whole) + len(newline))
