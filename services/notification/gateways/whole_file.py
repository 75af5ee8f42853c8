"""Writes a file completely or not at all, and never twice: letters and e-mails by their names."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from shared.durable import Step, settle, sweep, write_whole
from shared.fault import fault_in_thread

FAULTS: Mapping[Step, Callable[[], None]] = {
    "before_temporary": lambda: fault_in_thread("outgoing.before_temporary"),
    "after_write": lambda: fault_in_thread("outgoing.after_write"),
    "after_fsync": lambda: fault_in_thread("outgoing.after_fsync"),
    "after_rename": lambda: fault_in_thread("outgoing.after_rename"),
}


def name_of(message_id: str, suffix: str) -> str:
    """Give a file's name that is the same each time, and safe whatever the id holds."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", message_id) + suffix


def write_once(path: Path, content: bytes) -> None:
    """Write so that it survives a power cut; a file that is there stays as it is. Raises OSError."""
    if not path.is_file():
        write_whole(path, content, faults=FAULTS)
    # also of a file that lay there: who wrote it may have died before its name was durable
    settle(path.parent)
    sweep(path)
