"""An SMS gateway that writes to a file, for trials without telephones."""

import asyncio
import json
import os
from pathlib import Path

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Unknown
from shared.durable import OWNER_ONLY, settle

OPENED = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
"""A pipe that nobody reads is refused at once; without this it would be waited for, without end."""


class FileGateway:
    """One JSON line a message, on the disk before it counts as sent; reports nothing afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome:  # noqa: ARG002  a file reports nothing
        line = {"id": message_id, "from": sender, "to": to, "message": text}
        return await asyncio.to_thread(self._write, json.dumps(line, ensure_ascii=False))

    def _write(self, line: str) -> Outcome:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self._path.exists()
            handle = os.open(self._path, OPENED, OWNER_ONLY)
        except OSError:
            return NotSent("file-not-open")
        try:
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                settle(self._path.parent)
        except OSError:
            return Unknown()
        return Accepted(f"file:{self._path.name}")
