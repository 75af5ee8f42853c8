"""Billing's copy of what articles are called, so that a statement names them (S159, Q38)."""

from dataclasses import dataclass

from shared.domain.decision import Decision


@dataclass(frozen=True)
class ArticleName:
    """What an article is called, as its snapshot said last."""

    name: str
    version: int


def note_name(known: ArticleName | None, *, published: ArticleName) -> Decision[ArticleName]:
    """Keep the newest version; an older one that comes late does nothing."""
    return (known if known and known.version >= published.version else published), []
