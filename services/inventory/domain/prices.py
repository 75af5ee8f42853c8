"""What a device has cost, and from which day: the catalogue keeps the prices before that of now (S166)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.inventory.domain.article import Article, DatedPrice
from services.inventory.domain.catalogue_file import CatalogueFile, FileRow
from services.inventory.domain.device_reasons import not_yet
from shared.domain.tables.table import BadRow

MOST_PRICES = 50


@dataclass(frozen=True)
class _Dated:
    row: FileRow
    bad: BadRow | None = None


def dated(file: CatalogueFile, *, catalogue: Mapping[str, Article], on: date) -> CatalogueFile:
    """Give each device the prices that it had before; a row whose price begins after the day is bad."""
    rows = [_dated(row, catalogue.get(row.article.article_no), on=on) for row in file.rows]
    bad = tuple(each.bad for each in rows if each.bad)
    return replace(file, rows=tuple(each.row for each in rows if not each.bad), bad=(*file.bad, *bad))


def _dated(row: FileRow, kept: Article | None, *, on: date) -> _Dated:
    article = row.article
    said = article.prices[0].valid_from if article.prices else None
    if said is not None and said > on:
        return _Dated(row, BadRow(row.line, article.article_no, "price_from", not_yet(said)))
    if article.device is None:
        return _Dated(row)
    return _Dated(replace(row, article=replace(article, prices=_prices(article, kept, said=said, on=on))))


def _prices(article: Article, kept: Article | None, *, said: date | None, on: date) -> tuple[DatedPrice, ...]:
    """Add the price when it is another, or of another day than was known; a version before kept no days."""
    if kept is None:
        return (DatedPrice(said or on, article.package_price),)
    before = kept.prices or (DatedPrice(None, kept.package_price),)
    last = before[-1]
    if last.price == article.package_price and said in {None, last.valid_from}:
        return kept.prices
    now = DatedPrice(said or on, article.package_price)
    earlier = (each for each in before if each.valid_from is None or each.valid_from < (said or on))
    return (*earlier, now)[-MOST_PRICES:]
