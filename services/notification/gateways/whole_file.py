"""Writes a file completely or not at all, and never twice: letters and e-mails by their names."""

import os
import re
import secrets
from pathlib import Path

from shared.fault import fault_in_thread

OWNER_ONLY = 0o600


def name_of(message_id: str, suffix: str) -> str:
    """Give a file's name that is the same each time, and safe whatever the id holds."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", message_id) + suffix


def write_once(path: Path, content: bytes) -> None:
    """Write so that it survives a power cut; a file that is there stays as it is. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.is_file():
        fault_in_thread("outgoing.before_temporary")
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            fault_in_thread("outgoing.after_write")
            os.fsync(file.fileno())
        fault_in_thread("outgoing.after_fsync")
        unfinished.rename(path)
        fault_in_thread("outgoing.after_rename")
    # also of a file that lay there: who wrote it may have died before its name was durable
    _settle(path.parent)
    _sweep(path)


def _sweep(path: Path) -> None:
    """Remove what killed processes left unfinished."""
    for unfinished in path.parent.glob(f"{path.name}.*.tmp"):
        unfinished.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
