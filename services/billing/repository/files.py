"""The folder that invoicing fetches the day's files from."""

import os
from pathlib import Path

from services.billing.domain.batch import FileDiffers

OWNER_ONLY = 0o600


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
            return
        unfinished = path.with_name(f"{name}.tmp")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        self._settle_folder()

    def _settle_folder(self) -> None:
        """Make the new name itself durable: a rename lives in the folder, not in the file."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
