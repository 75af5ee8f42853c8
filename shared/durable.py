"""Files that are there whole or not at all, also after a power cut."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

OWNER_ONLY = 0o600
FOLDER_OF_OWNER = 0o700

Step = Literal["before_temporary", "after_write", "after_fsync", "after_rename"]
"""Where tests kill a process that writes a file."""
NO_FAULTS: Mapping[Step, Callable[[], None]] = {}


def write_whole(
    path: Path,
    content: bytes,
    *,
    mode: int = OWNER_ONLY,
    faults: Mapping[Step, Callable[[], None]] = NO_FAULTS,
) -> None:
    """Write beside the file, bring it to the disk, and give it its name, in place of an older one.

    Two processes may write the same file: each has a temporary one of its own. Raises OSError.
    """
    path.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
    _reach("before_temporary", faults)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        _reach("after_write", faults)
        os.fsync(file.fileno())
    _reach("after_fsync", faults)
    unfinished.replace(path)
    _reach("after_rename", faults)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make names in the folder durable: a name lives in the folder, not in the file. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(path: Path) -> None:
    """Remove what killed processes left unfinished of a file."""
    for unfinished in path.parent.glob(f"{path.name}*.tmp"):
        unfinished.unlink(missing_ok=True)


def _reach(step: Step, faults: Mapping[Step, Callable[[], None]]) -> None:
    if step in faults:
        faults[step]()
