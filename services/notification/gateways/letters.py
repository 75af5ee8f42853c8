"""The print queue: one text file for each letter; the one who prints moves it to the folder `printed`."""

import asyncio
from pathlib import Path

from services.notification.domain.outcomes import Accepted, NotSent, Outcome
from services.notification.gateways.whole_file import name_of, write_once

PRINTED = "printed"


class LetterFolder:
    """Puts each letter there once: a letter that lies there, or is printed, is not put there again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, message_id: str, *, address: str, text: str) -> Outcome:
        name = name_of(message_id, ".txt")
        content = f"{address}\n\n\n{text}\n"
        return await asyncio.to_thread(self._put, name, content.encode())

    def _put(self, name: str, content: bytes) -> Outcome:
        try:
            if not (self._folder / PRINTED / name).is_file():
                write_once(self._folder / name, content)
        except OSError:
            return NotSent("print-queue-not-writable")
        return Accepted(name)
