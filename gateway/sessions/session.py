"""A session: whom it is for, which tokens it holds, and when it is over."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
"""A working day; then the person signs in again, however busy (N7)."""
NOTE_USE_AFTER = timedelta(minutes=1)
"""So seldom the last use is written down: reading pages shall not write all the time."""
EARLY = timedelta(seconds=30)


@dataclass(frozen=True)
class Tokens:
    """What the provider gave at a sign-in, or at the last refresh."""

    access: str = field(repr=False)
    good_until: datetime
    refresh: str | None = field(default=None, repr=False)
    identity: str = field(default="", repr=False)

    def are_good(self, now: datetime) -> bool:
        """Tell whether a request that begins now may still use the access token."""
        return now < self.good_until - EARLY


@dataclass(frozen=True)
class Session:
    """One sign-in in one browser. `key` is the hash of what the cookie holds: who reads it cannot sign in."""

    key: str
    sub: str
    sid: str | None
    tokens: Tokens
    began_at: datetime
    used_at: datetime
    me: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What prescription said of the person at the sign-in or the last refresh: name, roles, units, `may`."""
    read_as: str = field(default="", repr=False, compare=False)
    """The sealed text that it was read from: what another request wrote meanwhile is never written over."""

    @property
    def ends_at(self) -> datetime:
        return min(self.used_at + IDLE, self.began_at + LONGEST)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has rested too long or lived too long."""
        return now >= self.ends_at

    def is_use_to_note(self, now: datetime) -> bool:
        return now - self.used_at >= NOTE_USE_AFTER

    def used(self, now: datetime) -> "Session":
        return replace(self, used_at=now)

    def refreshed(self, tokens: Tokens, me: Mapping[str, Any]) -> "Session":
        """Go on with new tokens; a provider that sends no new one of a kind means the old."""
        kept = replace(
            tokens,
            refresh=tokens.refresh or self.tokens.refresh,
            identity=tokens.identity or self.tokens.identity,
        )
        return replace(self, tokens=kept, me=me)


def new_secret() -> str:
    """Give what a cookie holds: 32 random bytes."""
    return secrets.token_urlsafe(32)


def key_of(secret: str) -> str:
    """Give the name under which a session is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
