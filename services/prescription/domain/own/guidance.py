"""Help for each page, and who is entitled to devices, as texts that a region changes (S151, S183)."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.decision import Decision, Sentence


@dataclass(frozen=True)
class Guidance:
    """A text by its key, in both languages."""

    key: str
    title: Sentence
    text: Sentence
    changed_by: str | None = None
    """None: as it was delivered."""
    changed_at: datetime | None = None


def change_guidance(
    kept: Guidance | None, *, delivered: Guidance, text: Sentence, by: str, at: datetime
) -> Decision[Guidance]:
    """Keep the region's own text instead of the delivered one; the title stays."""
    known = kept or delivered
    return Guidance(known.key, delivered.title, text, by, at), []
