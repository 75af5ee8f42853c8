"""An article of the catalogue, and how it changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.inventory.domain.listing import NOTHING_SAID, Listing
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.inventory import ArticleChanged, DeviceArticle

CHOICE_MARKER = "(välj smak vid uttag)"
"""The patient chooses flavour or shape only of an article with these words in its name (S54, S56)."""

Status = Literal["active", "outgoing", "discontinued"]


@dataclass(frozen=True)
class DatedPrice:
    """What a package costs from a day on; no day: since before days were kept."""

    valid_from: date | None
    price: Money

    def __str__(self) -> str:
        return f"{self.price} ({self.valid_from or '-'})"


@dataclass(frozen=True)
class Article:
    """What can be prescribed and ordered; version 0 is a row that is not in the catalogue yet.

    What a distributor sends has a subgroup and a distributor. Of a device both are empty, `device` says the
    rest, and a package holds so many base units (Q60).
    """

    article_no: str
    name: str
    product_area: str
    subgroup: str
    distributor: str
    supplier_article_no: str
    pieces_per_package: int
    package_price: Money
    piece: str = "st"
    gtin: str | None = None
    warn_above_packages: int | None = None
    variant_of: str | None = None
    variant_name: str | None = None
    status: Status = "active"
    replaced_by: str | None = None
    device: DeviceArticle | None = None
    listing: Listing = NOTHING_SAID
    prices: tuple[DatedPrice, ...] = ()
    """Of a device, the oldest first; those that begin later are the last (S166)."""
    next_price_on: date | None = None
    """The day on which the first of those begins; None when none does."""
    version: int = 0

    @property
    def coming_prices(self) -> tuple[DatedPrice, ...]:
        """Give the prices that have not begun, the next one first."""
        if self.next_price_on is None:
            return ()
        return tuple(each for each in self.prices if (each.valid_from or date.min) >= self.next_price_on)

    @property
    def begun_prices(self) -> tuple[DatedPrice, ...]:
        """Give the prices up to that of now, which is the last."""
        return self.prices[: len(self.prices) - len(self.coming_prices)]

    @property
    def is_generic(self) -> bool:
        """Prescribed without flavour (S53); the name alone decides it, so the two never disagree (S54)."""
        return CHOICE_MARKER in self.name.casefold()

    @property
    def in_assortment(self) -> bool:
        """Tell whether the standard assortment has it: what is discontinued has left it (S161, S165)."""
        return bool(self.device and self.device.assortment == "standard" and self.status != "discontinued")

    @property
    def is_component(self) -> bool:
        """Tell whether it can be on a device: what is marked has a line of its own (S109, Q46)."""
        return bool(self.device and self.device.article_type != "main_aid" and not self.device.marked)

    @property
    def others(self) -> tuple[str, ...]:
        """Give the articles that this one names: what replaces it, and its components."""
        return (*filter(None, (self.replaced_by,)), *self.components)

    @property
    def components(self) -> tuple[str, ...]:
        """Give the numbers of the components that fit it (S107)."""
        return tuple(each.article_no for each in self.device.components) if self.device else ()


ALIKE = ("product_area", "subgroup", "pieces_per_package", "piece", "package_price")
"""Variants differ from their generic in flavour only: same cost, package size and content (S53)."""


def unlike(variant: Article, generic: Article) -> tuple[str, ...]:
    """Name the fields in which a variant differs from its generic though it may not (S53)."""
    return tuple(name for name in ALIKE if getattr(variant, name) != getattr(generic, name))


def change_article(article: Article | None, *, row: Article) -> Decision[Article]:
    """Make the article what the row says; publish it only when something differs (S10)."""
    if article is None:
        changed = replace(row, version=1)
        return changed, [_article_changed(changed)]
    if replace(row, version=article.version) == article:
        return article, []
    changed = replace(row, version=article.version + 1)
    return changed, [_article_changed(changed)]


def change_articles(
    articles: Sequence[Article | None], *, rows: Sequence[Article]
) -> Decision[tuple[Article, ...]]:
    """Change many articles at once, each beside its row; the import's way to be fast (T30)."""
    decisions = [change_article(article, row=row) for article, row in zip(articles, rows, strict=True)]
    facts = [fact for _, told in decisions for fact in told]
    return tuple(changed for changed, _ in decisions), facts


def _article_changed(article: Article) -> ArticleChanged:
    return ArticleChanged(
        article_no=article.article_no,
        version=article.version,
        name=article.name,
        product_area=article.product_area,
        subgroup=article.subgroup,
        distributor=article.distributor,
        supplier_article_no=article.supplier_article_no,
        gtin=article.gtin,
        pieces_per_package=article.pieces_per_package,
        piece=article.piece,
        package_price=article.package_price.amount,
        warn_above_packages=article.warn_above_packages,
        is_generic=article.is_generic,
        variant_of=article.variant_of,
        variant_name=article.variant_name,
        status=article.status,
        replaced_by=article.replaced_by,
        device=article.device,
    )


def name_of(article: Article | None) -> str:
    """Name an article; empty for one that is not in the catalogue."""
    return article.name if article else ""
