"""Searching device articles: those of the assortment first, with the columns that a person chose (S165)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.services import Answer
from gateway.visit import Visit
from gateway.web.forms import Form
from gateway.web.words import _

MOST_HITS = 20
ALWAYS = frozenset({"name", "article_no", "available"})
"""What every hit shows by itself."""


@dataclass(frozen=True)
class Hits:
    """A search as it was typed, and what it found."""

    text: str = ""
    wide: bool = False
    """Also what the person's assortment does not hold."""
    found: Answer | None = None
    columns: tuple[tuple[str, str], ...] = ()

    def more_of(self, article: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Give the chosen columns of a hit, in words; nothing for what it lacks."""
        shown = ((name, in_words(article, column)) for column, name in self.columns)
        return [(name, value) for name, value in shown if value]


def hits_in(form: Form) -> Hits:
    return Hits(form.text("text"), form.text("wide") == "yes")


async def searched(visit: Visit, hits: Hits) -> Hits:
    """Search what was typed, and read which columns the person wants."""
    if not hits.text:
        return hits
    asked = {"text": hits.text, "limit": MOST_HITS, "assortment": "all" if hits.wide else None}
    found = await visit.post("inventory", "/device-articles/search", asked)
    return replace(hits, found=found, columns=await columns_of(visit))


async def columns_of(visit: Visit) -> tuple[tuple[str, str], ...]:
    chosen = await visit.get("prescription", "/me/article-columns")
    if not chosen.ok:
        return ()
    shown = (each for each in chosen.body["columns"] if each["shown"])
    return tuple((each["column"], each["name"]) for each in shown if each["column"] not in ALWAYS)


def in_words(article: Mapping[str, Any], column: str) -> str:
    """Write what a column says of an article; names instead of codes."""
    if column == "article_type":
        return str(article["article_type_name"])
    if column == "uom":
        return {"piece": _("styck"), "pair": _("par")}.get(article["uom"], "")
    if column == "in_assortment":
        return _("ja") if article["in_assortment"] else _("nej")
    if column == "iso_code":
        return f"{article['iso_code']} {article['iso_title']}"
    if column == "delivery":
        return f"{article['delivery']} {_('arbetsdagar')}" if article["delivery"] else ""
    return str(article.get(column) or "")
