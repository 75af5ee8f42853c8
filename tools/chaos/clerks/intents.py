"""What simulated clerks wanted and what they were answered, against which everything is judged."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["open", "ok", "failed", "unknown"]


@dataclass
class Intent:
    """One main job: a prescription, a withdrawal of it, and its sending. `outcome` is the sending's."""

    number: int
    key: str
    patient_ref: str
    article_no: str
    outcome: Outcome = "open"
    line_id: str | None = None
    withdrawal_no: str | None = None
    order_nos: tuple[str, ...] = ()
    fees: tuple[str, ...] = ()
    split: dict[str, int] = field(default_factory=dict)
    why: str | None = None
    impatient: bool = False
    """The clerk gives up at the first silence, and does not ask again."""
    silent: bool = False
    """The patient wants no message, and said so before one could be sent."""
    notice: str = "sms"
    """How the patient is told that the goods are on their way."""
    ends: Literal["delivered", "annulled"] = "delivered"
    """What becomes of the withdrawal, when an operation has stopped it."""
    net: str | None = None
    """What the patient pays in the end, when an operation has changed it: charges less credits, in SEK."""
    asked: int = 0
    """How often the sending was asked for, with the same key."""
    answers: list[str] = field(default_factory=list)
    """Every 2xx body of the sending: the same key must get the same one."""


class Intents:
    """All intents of a trial, each step on the disk before the next is taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: list[Intent] = []

    def begin(
        self,
        *,
        patient_ref: str,
        article_no: str,
        split: dict[str, int],
        trial: str,
        impatient: bool = False,
        notice: str = "sms",
    ) -> Intent:
        number = len(self.all) + 1
        key = f"{trial}-{number:06d}"
        intent = Intent(number, key, patient_ref, article_no, split=split, impatient=impatient, notice=notice)
        self.all.append(intent)
        return intent

    def note(self, intent: Intent) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps(asdict(intent), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def counts(self) -> dict[str, Any]:
        outcomes = [each.outcome for each in self.all]
        return {"intents": len(outcomes)} | {
            name: outcomes.count(name) for name in ("ok", "failed", "unknown", "open")
        }
