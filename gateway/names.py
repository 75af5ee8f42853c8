"""Names of care units, kept for some minutes: they are the same for everybody, and change once a year."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from gateway.services import Answer

KEPT_SECONDS = 300.0


@dataclass
class UnitNames:
    """What inventory said last."""

    names: Mapping[str, str] = field(default_factory=dict)
    until: float = 0.0

    async def read(self, ask: Callable[[], Awaitable[Answer]]) -> Mapping[str, str]:
        """Give the names by number; those known before while nobody answers."""
        if monotonic() >= self.until:
            answer = await ask()
            if answer.ok:
                self.names = {each["care_unit"]: each["name"] for each in answer.body}
                self.until = monotonic() + KEPT_SECONDS
        return self.names
