"""A plan of failures: made from a seed, or read from a file, so that it can be repeated."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services import SERVICES
from tools.embedded.refusals import Unknown

FAILING = ("commit-cut", "commit-unknown", "write-cut")
BEYOND_THE_LEASE_SECONDS = 7.0

OFTEN, SELDOM, RARE = 10, 3, 1
WEIGHTS = {
    "kill": OFTEN,
    "kill-at-point": OFTEN,
    "stop": SELDOM,
    "lose-confirms": SELDOM,
    "lose-acks": SELDOM,
    "double-deliveries": SELDOM,
    "deaf": RARE,
    "kill-primary": SELDOM,
    "step-down": SELDOM,
    "stop-primary": RARE,
    "kill-broker": RARE,
    "wipe-broker": RARE,
    "memory-alarm": RARE,
    "disk-full": RARE,
    "clock-forward": SELDOM,
    "clock-back": RARE,
    "fail-commands": SELDOM,
    "partition": SELDOM,
    "every-copy": RARE,
}
SECONDS = {
    "stop": BEYOND_THE_LEASE_SECONDS,
    "stop-primary": 4.0,
    "deaf": 6.0,
    "lose-confirms": 1.5,
    "lose-acks": 1.5,
    "double-deliveries": 2.0,
    "memory-alarm": 4.0,
    "clock-forward": 600.0,
    "clock-back": 120.0,
    "fail-commands": 2.0,
    "partition": 5.0,
    "every-copy": 1.5,
}


class Trouble(BaseModel):
    """One failure: seconds after the one before began, what, to which process, for how many seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after_seconds: float
    what: str
    who: str | None = None
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.what} {self.who}" if self.who else self.what


PLAN = TypeAdapter(list[Trouble])


def made(count: int, *, seed: int, over_seconds: float, points: Sequence[str]) -> list[Trouble]:
    """Plan a number of failures over a time: one of every kind if possible, the rest by weight."""
    chance = random.Random(seed)  # noqa: S311  a plan, no secret
    pause = over_seconds / max(count, 1)
    each_kind = list(WEIGHTS) if count >= len(WEIGHTS) else []
    kinds = each_kind + chance.choices(
        list(WEIGHTS), weights=list(WEIGHTS.values()), k=count - len(each_kind)
    )
    chance.shuffle(kinds)
    return [
        Trouble(
            after_seconds=round(chance.uniform(0.3, 1.7) * pause, 2),
            what=what,
            who=whom(what, chance, points),
            seconds=SECONDS.get(what, 0.0),
        )
        for what in kinds
    ]


def whom(what: str, chance: random.Random, points: Sequence[str]) -> str | None:
    if what == "kill-at-point":
        return chance.choice(list(points))
    if what == "fail-commands":
        return chance.choice(FAILING)
    return chance.choice(SERVICES) if what in {"kill", "stop"} else None


def read(path: Path) -> list[Trouble]:
    """Read a plan, or the ledger of an earlier soak, which holds its plan."""
    try:
        kept = json.loads(path.read_text())
        return PLAN.validate_python(kept["plan"] if isinstance(kept, dict) else kept)
    except (ValueError, KeyError):
        raise Unknown(f"{path} is neither a plan nor the ledger of a soak.") from None
