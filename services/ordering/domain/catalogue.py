"""Ordering's copies of articles and tariffs; the newest version counts (decision 0007)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.domain.decision import Addressed, Decision, Refused, Sentence
from shared.domain.money import Money
from shared.events.fact import Open
from shared.events.fees import Tariff


class ArticleNotKnownYet(Refused):
    """Inventory has not published the article, or its fact is on the way."""

    rule = "article-not-known-yet"
    sentence = Addressed(
        "Artikeln finns inte i katalogen än. Vänta en stund och försök igen, eller kontakta kundservice.",
        "The article is not in the catalogue yet. Wait a moment and try again, or contact customer service.",
        to_customer_service=Sentence(
            "Artikeln finns inte i katalogen än. "
            "Vänta en stund och försök igen, eller fråga den som förvaltar katalogen.",
            "The article is not in the catalogue yet. "
            "Wait a while and try again, or ask who keeps the catalogue.",
        ),
    )


@dataclass(frozen=True)
class Article:
    """What an order must say of an article."""

    article_no: str
    version: int
    name: str
    product_area: str
    distributor: str
    supplier_article_no: str
    pieces_per_package: int
    package_price: Money
    gtin: str | None = None
    is_generic: bool = False
    variant_of: str | None = None
    variant_name: str | None = None
    status: Open[Literal["active", "outgoing", "discontinued"]] = "active"
    """One that only a newer version knows is treated as outgoing: what is prescribed can be ordered."""
    replaced_by: str | None = None

    @property
    def can_be_ordered(self) -> bool:
        return self.status != "discontinued"


@dataclass(frozen=True)
class Catalogue:
    """What can be ordered, and what it costs the patient."""

    articles: Mapping[str, Article]
    tariffs: tuple[Tariff, ...] = ()
    distributors: frozenset[str] = frozenset()
    """Those that there are; none where nobody has said."""

    def is_gone(self, distributor: str) -> bool:
        """Tell whether an order to this distributor could go nowhere (decision 0046)."""
        return bool(self.distributors) and distributor not in self.distributors

    def article(self, article_no: str) -> Article:
        """Find an article; raises ArticleNotKnownYet."""
        found = self.articles.get(article_no)
        if found is None:
            raise ArticleNotKnownYet(article_no=article_no)
        return found

    def is_equivalent(self, replacement_no: str, *, ordered_no: str) -> bool:
        """Tell whether our own catalogue says that one article stands for the other (T11, S53)."""
        ordered, other = self.articles.get(ordered_no), self.articles.get(replacement_no)
        if ordered is None or other is None or not other.can_be_ordered:
            return False
        same_generic = ordered.variant_of is not None and ordered.variant_of == other.variant_of
        return same_generic or ordered.replaced_by == replacement_no

    def variants(self, article_no: str) -> tuple[Article, ...]:
        """List the flavours and shapes that can be chosen of a generic article (S53)."""
        of_it = (each for each in self.articles.values() if each.variant_of == article_no)
        return tuple(
            sorted((each for each in of_it if each.can_be_ordered), key=lambda each: each.article_no)
        )


def note_article(known: Article | None, *, published: Article) -> Decision[Article]:
    """Keep the newest version of an article; an older one that comes late does nothing."""
    return (known if known and known.version >= published.version else published), []
