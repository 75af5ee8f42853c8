"""Documents of sessions without a server; they pass the suite of the real ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.sessions.documents import TURN


class MemoryDocuments:
    """One document for each session."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    async def read(self, key: str) -> dict[str, Any] | None:
        return self.kept.get(key)

    async def add(self, document: dict[str, Any]) -> None:
        self.kept[document["_id"]] = document

    async def replace(self, document: dict[str, Any], *, was: str) -> bool:
        there = self.kept.get(document["_id"])
        if there is None or there["sealed"] != was:
            return False
        self.kept[document["_id"]] = there | document
        return True

    async def take_turn(self, key: str, *, now: datetime, until: datetime) -> bool:
        there = self.kept.get(key)
        if there is None or there.get(TURN, now) > now:
            return False
        self.kept[key] = there | {TURN: until}
        return True

    async def remove(self, name: str, values: Sequence[str]) -> None:
        self.kept = {key: each for key, each in self.kept.items() if each[name] not in values}
