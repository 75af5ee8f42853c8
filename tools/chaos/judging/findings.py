"""The kinds of findings of a trial; all must be empty but `recovered`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

BAD = ("lost", "doubled", "unexpected", "stuck", "broken")


@dataclass
class Findings:
    """One line for each thing found; `copies` counts what a peer was sent again, word for word."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Invariants that do not hold, each with its number."""
    recovered: list[str] = field(default_factory=list)
    """What nobody was told of, and which was done all the same."""
    copies: int = 0
    unnotified: int = 0
    """Sent orders whose notice has an unknown outcome: at most once means that a person looks (Q24)."""

    @property
    def clean(self) -> bool:
        return not any(getattr(self, name) for name in BAD)

    def add(self, other: "Findings") -> None:
        """Take over what was not found before."""
        for name in (*BAD, "recovered"):
            found: list[str] = getattr(self, name)
            found.extend(line for line in getattr(other, name) if line not in found)

    def counts(self) -> dict[str, Any]:
        return {
            **{name: len(getattr(self, name)) for name in (*BAD, "recovered")},
            "copies": self.copies,
            "unnotified": self.unnotified,
        }

    def lines(self) -> Iterable[str]:
        return (f"{name.upper()}: {line}" for name in BAD for line in getattr(self, name))
