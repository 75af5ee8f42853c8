"""How a simulated partner answers: each message noted once, step by step, also after a restart."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from tools.demo.control import Control
from tools.demo.journal import Journal

HOLD = "hold"
SLOW = "slow"
SLOW_TIMES = 10
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Letter:
    """An answer ready to send; the same `message_id` is the same answer."""

    routing_key: str
    message_id: str
    kind: str
    body: BaseModel
    readable: bool = True
    """Some clients write what no other can read: this one then sends a time in microseconds."""


@dataclass(frozen=True)
class Question:
    """What was asked; the same key is the same question. `steps` name the answers in order.

    A question may call off another one: the answers to that stop, unless one of those that make it too late
    has been begun; then the answer is another, too.
    """

    key: str
    body: Mapping[str, Any]
    steps: Sequence[str]
    calls_off: str | None = None
    too_late_after: frozenset[str] = frozenset()
    steps_if_too_late: Sequence[str] = ()


Write = Callable[[Mapping[str, Any], str, datetime], Letter]
Send = Callable[[Letter], Awaitable[None]]
Now = Callable[[], datetime]


class Conversations:
    """Every question asked so far, by its key; kept in the journal and nowhere else."""

    def __init__(self, journal: Journal, control: Control, *, now: Now, write: Write, send: Send) -> None:
        self._journal = journal
        self._control = control
        self._now = now
        self._write = write
        self._send = send
        self._asked: dict[str, Mapping[str, Any]] = {}
        self._answered: dict[str, int] = {}
        self._begun: dict[str, set[str]] = defaultdict(set)
        self._called_off: set[str] = set()
        for entry in journal.entries():
            self._recall(entry)

    def _recall(self, entry: Mapping[str, Any]) -> None:
        if entry["what"] == "asked":
            self._asked[entry["key"]] = entry
        elif entry["what"] == "answered":
            self._answered[entry["key"]] = entry["number"]
            self._begun[entry["key"]].add(entry["step"])
        elif entry["what"] == "called-off":
            self._called_off.add(entry["key"])

    @property
    def open(self) -> list[str]:
        return [
            key
            for key, asked in self._asked.items()
            if key not in self._called_off and self._answered.get(key, 0) < len(asked["steps"])
        ]

    def ask(self, question: Question) -> bool:
        """Note the question; say whether it is new. One asked before is noted, not answered again."""
        key, body = question.key, question.body
        first = self._asked.get(key)
        steps = question.steps if first or self._call_off(question) else question.steps_if_too_late
        entry = {"key": key, "at": self._now().isoformat(), "steps": list(steps), "body": body}
        if first is not None:
            self._journal.add({"what": "asked-again", "same": first["body"] == body} | entry)
            return False
        self._journal.add({"what": "asked"} | entry)
        self._asked[key] = entry
        return True

    def _call_off(self, question: Question) -> bool:
        """Stop answering another question, also one that has not come yet; say whether that was in time."""
        key = question.calls_off
        if key is None:
            return True
        if self._begun[key] & question.too_late_after:
            return False
        self._called_off.add(key)
        self._journal.add({"what": "called-off", "key": key, "at": self._now().isoformat()})
        return True

    def refuse(self, body: str, *, why: str) -> None:
        """Note what could not be read, so that it is seen and the rest flows on."""
        self._journal.add({"what": "unreadable", "at": self._now().isoformat(), "why": why, "body": body})

    async def answer(self, key: str) -> None:
        """Send every answer that is left, each noted when it is sure that the broker has it."""
        asked = self._asked[key]
        for number, step in enumerate(asked["steps"], start=1):
            if number <= self._answered.get(key, 0):
                continue
            await self._think()
            if key in self._called_off:
                return
            self._begun[key].add(step)
            letter = self._write(asked["body"], step, self._now())
            await self._send(letter)
            self._note(key, number, step, letter)

    def _note(self, key: str, number: int, step: str, letter: Letter) -> None:
        self._answered[key] = number
        body = letter.body.model_dump(mode="json")
        at = self._now().isoformat()
        self._journal.add(
            {"what": "answered", "key": key, "number": number, "step": step, "at": at, "body": body}
        )

    async def _think(self) -> None:
        behaviour = self._control.now()
        await asyncio.sleep(behaviour.delay_seconds * (SLOW_TIMES if behaviour.mode == SLOW else 1))
        while self._control.now().mode == HOLD:  # noqa: ASYNC110 - the file says when, not this program
            await asyncio.sleep(LOOK_EVERY_SECONDS)
