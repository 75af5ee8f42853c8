"""Operations: each brings a process to the fault points of one step, and knows the expected result."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from tools.chaos.clerks.desk import Desk
from tools.chaos.judging.evidence import Evidence, Row


class Operation:
    """Prepared while nothing is armed, gone while it is; what was held is let go before all comes to rest."""

    holds: ClassVar[str | None] = None
    """The peer that waits with its answers until the operation is done."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def prepare(self, times: int) -> None:
        """Make ready what `go` does so many times; the peer is held already."""

    def set_going(self) -> None:
        """Take the last step, while the process that shall die is stopped: its jobs run when it starts."""

    async def go(self) -> None:
        """Do it; what a job does by itself at its start needs nothing."""

    async def end(self) -> None:
        """Tidy up, while everybody is well again."""

    def wrong(self, evidence: Evidence) -> Iterator[str]:  # noqa: ARG002  the intents alone tell of some
        """Say what did not come of it, or came twice; the intents are judged apart."""
        yield from ()

    async def begin(self, times: int) -> None:
        if self.holds:
            self.desk.system.tell_peer(self.holds, mode="hold")
        await self.prepare(times)

    async def finish(self) -> None:
        if self.holds:
            self.desk.system.tell_peer(self.holds, mode="normal")
        await self.end()


def once(what: str, found: int) -> Iterator[str]:
    """Complain unless something is there exactly once."""
    if found != 1:
        yield f"{what}: {found} times"


def steps(row: Row | None, what: str) -> int:
    """Count how often a step stands in a history."""
    return Counter(each["what"] for each in row["history"])[what] if row else 0
