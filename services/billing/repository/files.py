"""The folder that invoicing fetches the day's files from, and leaves its answers in."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from services.billing.domain.batch import FileDiffers
from shared.fault import fault_in_thread

OWNER_ONLY = 0o600
READ = "read"


class Files:
    """Writes each file whole or not at all, and never over another one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes) -> None:
        """Write the file so that it survives a power cut; raises FileDiffers when another one lies there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        if path.exists():
            if path.read_bytes() != content:
                raise FileDiffers(file=name)
        else:
            self._write(path, content)
        # also of a file that lay there: who wrote it may have died before its name was durable
        self._settle_folder()
        self._sweep(name)

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """Give the answers that lie in the folder, by name."""
        for path in sorted(self._folder.glob("egenavgift_*.ack.jsonl")):
            yield path.name, path.read_bytes()

    def put_away(self, name: str, *, known_as: str) -> None:
        """Move an answer that was read out of the way; it is kept, beside others of the same name."""
        (self._folder / READ).mkdir(mode=0o700, exist_ok=True)
        (self._folder / name).rename(self._folder / READ / known_as)
        fault_in_thread("answers.after_rename")
        self._settle_folder()

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
        """Make the new name itself durable: a rename lives in the folder, not in the file."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
