"""Prescription's copy of an article: the few fields that prescribing needs (S10, S53)."""

from dataclasses import dataclass
from typing import Literal

from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Open

ArticleStatus = Literal["active", "outgoing", "discontinued"]


@dataclass(frozen=True)
class Article:
    """Our copy of an article as it was last published."""

    article_no: str
    version: int
    name: str
    product_area: str
    subgroup: str
    pieces_per_package: int
    piece: str
    package_price: Money
    warn_above_packages: int | None = None
    is_generic: bool = False
    status: Open[ArticleStatus] = "active"
    """One that only a newer version knows is treated as outgoing: prescribed on, and shown as a change."""
    replaced_by: str | None = None


def note_article(known: Article | None, *, published: Article) -> Decision[Article]:
    """Keep the newest version; a late or repeated one changes nothing (S10)."""
    if known is not None and known.version >= published.version:
        return known, []
    return published, []
