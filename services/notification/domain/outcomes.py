"""The possible answers of a gateway, independent of which gateway it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The gateway took the message; `reports` when it will tell what became of it."""

    provider_id: str
    reports: bool = False


@dataclass(frozen=True)
class Rejected:
    """The gateway will never take it."""

    code: str


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether the gateway took it (Q24)."""


@dataclass(frozen=True)
class NotSent:
    """It is sure that nothing was sent: it may be tried again."""

    why: str | None = None


Outcome = Accepted | Rejected | Unknown | NotSent
