"""Writes the day's files into the folder that invoicing fetches them from."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from services.billing.domain.files.ack_file import Unreadable
from services.billing.domain.files.batch import FileDiffers
from services.billing.gateways.inbox_folder import read_plain
from shared.durable import Step, settle, sweep, write_whole
from shared.fault import fault_in_thread

FAULTS: Mapping[Step, Callable[[], None]] = {
    "before_temporary": lambda: fault_in_thread("export.before_temporary"),
    "after_write": lambda: fault_in_thread("export.after_write"),
    "after_fsync": lambda: fault_in_thread("export.after_fsync"),
    "after_rename": lambda: fault_in_thread("export.after_rename"),
}


class Files:
    """Writes each file whole or not at all, and never over another one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes) -> None:
        """Write the file so that it survives a power cut; raises FileDiffers when another one lies there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        if os.path.lexists(path):
            _demand_same(path, content)
        else:
            write_whole(path, content, faults=FAULTS)
        # also of a file that lay there: who wrote it may have died before its name was durable
        settle(self._folder)
        sweep(path)


def _demand_same(path: Path, content: bytes) -> None:
    """Compare without reading more than there should be; raises FileDiffers, also for what is no file."""
    try:
        _, found = read_plain(path, at_most=len(content))
    except Unreadable as other:
        raise FileDiffers(file=path.name) from other
    if found != content:
        raise FileDiffers(file=path.name)
