"""Limits how often one user may send requests: a token bucket for each user and process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from shared.auth.actor import Actor
from shared.settings import Settings

MINUTE = 60.0
MOST_REMEMBERED = 10_000


class TooOften(Exception):
    """The person asked oftener than allowed; says after how many whole seconds to come again."""

    def __init__(self, seconds: float) -> None:
        self.retry_after = max(1, ceil(seconds))
        super().__init__(f"again in {self.retry_after} s")


@dataclass
class Buckets:
    """As many tokens as a minute allows, refilled evenly: a person may be quick, but not for long."""

    per_minute: int
    levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Tokens left, and when that was so."""

    def take(self, name: str) -> None:
        """Take one of somebody's tokens; raises TooOften."""
        now = monotonic()
        left = self._left(self.levels.get(name, (self.per_minute, now)), now)
        if left < 1:
            raise TooOften((1 - left) * MINUTE / self.per_minute)
        if len(self.levels) >= MOST_REMEMBERED:
            self.levels = self._not_full(self.levels, now)
        self.levels[name] = (left - 1, now)

    def _left(self, level: tuple[float, float], now: float) -> float:
        left, at = level
        return min(self.per_minute, left + (now - at) * self.per_minute / MINUTE)

    def _not_full(
        self, levels: Mapping[str, tuple[float, float]], now: float
    ) -> dict[str, tuple[float, float]]:
        """Forget whose bucket is full again: a new one would be the same."""
        return {name: level for name, level in levels.items() if self._left(level, now) < self.per_minute}


class Rates:
    """The limits of one process: all requests of a user, and look-ups of persons by number."""

    def __init__(self, settings: Settings) -> None:
        self._requests = Buckets(settings.requests_per_minute)
        self._look_ups = Buckets(settings.look_ups_per_minute)

    def request(self, actor: Actor) -> None:
        """Count a request; raises TooOften. Other services ask as often as there is work."""
        if not any(role.startswith("service_") for role in actor.roles):
            self._requests.take(actor.sub)

    def look_up(self, actor: Actor) -> None:
        """Count a search by number: numbers can be tried one after the other. Raises TooOften."""
        self._look_ups.take(actor.sub)
