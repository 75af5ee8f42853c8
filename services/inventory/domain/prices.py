"""What a device has cost, costs and will cost: the catalogue keeps each price with its day (S166)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.inventory.domain.article import Article, DatedPrice, change_article
from services.inventory.domain.catalogue_file import CatalogueFile, FileRow
from services.inventory.domain.device_reasons import drops_prices, not_yet
from shared.domain.decision import Decision
from shared.domain.tables.table import BadRow

MOST_PRICES = 50


@dataclass(frozen=True)
class _Dated:
    row: FileRow
    bad: BadRow | None = None


def dated(file: CatalogueFile, *, catalogue: Mapping[str, Article], on: date) -> CatalogueFile:
    """Give each device the prices that it had before, and those that begin later.

    A row is bad whose price begins after the day where there is none until then, or that would take the place
    of several known prices: its year is a slip of the pen, or the file is last year's (S166).
    """
    rows = [_dated(row, catalogue.get(row.article.article_no), on=on) for row in file.rows]
    bad = tuple(each.bad for each in rows if each.bad)
    return replace(file, rows=tuple(each.row for each in rows if not each.bad), bad=(*file.bad, *bad))


def begin_prices(articles: tuple[Article, ...], *, on: date) -> Decision[tuple[Article, ...]]:
    """Let the prices hold that begin on a day or began before it, and publish them (S166)."""
    decisions = [change_article(each, row=_as_of(each, on=on)) for each in articles]
    facts = [fact for _, told in decisions for fact in told]
    return tuple(changed for changed, _ in decisions), facts


def _dated(row: FileRow, kept: Article | None, *, on: date) -> _Dated:
    article = row.article
    said = article.prices[0].valid_from if article.prices else None
    if said is not None and said > on and (kept is None or article.device is None):
        return _Dated(row, BadRow(row.line, article.article_no, "price_from", not_yet(said)))
    if article.device is None:
        return _Dated(row)
    prices = _prices(article, kept, said=said, on=on)
    dropped = [each for each in (kept.prices if kept else ()) if each not in prices]
    if said is not None and len(dropped) > 1:
        reason = drops_prices(said, kept_from=_day(dropped[-1]))
        return _Dated(row, BadRow(row.line, article.article_no, "price_from", reason))
    return _Dated(replace(row, article=_as_of(replace(article, prices=prices[-MOST_PRICES:]), on=on)))


def _prices(article: Article, kept: Article | None, *, said: date | None, on: date) -> tuple[DatedPrice, ...]:
    """Add the price when it is another, or of another day than was known; a version before kept no days."""
    price = DatedPrice(said or on, article.package_price)
    if kept is None:
        return (price,)
    known = kept.prices or (DatedPrice(None, kept.package_price),)
    begun, coming = _begun(known, on), known[len(_begun(known, on)) :]
    if said is not None and said > on:
        return (*begun, *(each for each in coming if _day(each) < said), price)
    last = begun[-1] if begun else None
    if last and last.price == price.price and said in {None, last.valid_from}:
        return kept.prices
    return (*(each for each in begun if _day(each) < _day(price)), price, *coming)


def _as_of(article: Article, *, on: date) -> Article:
    begun = _begun(article.prices, on)
    coming = article.prices[len(begun) :]
    price = begun[-1].price if begun else article.package_price
    return replace(article, package_price=price, next_price_on=coming[0].valid_from if coming else None)


def _begun(prices: tuple[DatedPrice, ...], on: date) -> tuple[DatedPrice, ...]:
    return tuple(each for each in prices if _day(each) <= on)


def _day(price: DatedPrice) -> date:
    return price.valid_from or date.min
