"""Writes the day's files into the folder that invoicing fetches them from."""

import os
import secrets
from pathlib import Path

from services.billing.domain.ack_file import Unreadable
from services.billing.domain.batch import FileDiffers
from services.billing.gateways.inbox_folder import read_plain, settle
from shared.fault import fault_in_thread

OWNER_ONLY = 0o600


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
            self._write(path, content)
        # also of a file that lay there: who wrote it may have died before its name was durable
        self._settle_folder()
        self._sweep(name)

    def _write(self, path: Path, content: bytes) -> None:
        fault_in_thread("export.before_temporary")
        # two processes may write the same file: each has a temporary one of its own
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            fault_in_thread("export.after_write")
            os.fsync(file.fileno())
        fault_in_thread("export.after_fsync")
        unfinished.rename(path)
        fault_in_thread("export.after_rename")

    def _sweep(self, name: str) -> None:
        """Remove what killed processes left unfinished."""
        for unfinished in self._folder.glob(f"{name}*.tmp"):
            unfinished.unlink(missing_ok=True)

    def _settle_folder(self) -> None:
        settle(self._folder)


def _demand_same(path: Path, content: bytes) -> None:
    """Compare without reading more than there should be; raises FileDiffers, also for what is no file."""
    try:
        _, found = read_plain(path, at_most=len(content))
    except Unreadable as other:
        raise FileDiffers(file=path.name) from other
    if found != content:
        raise FileDiffers(file=path.name)
