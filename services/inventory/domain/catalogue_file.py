"""Parses a catalogue file into articles, each with its line number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from services.inventory.domain import device_reasons, reasons
from services.inventory.domain.article import Article, DatedPrice
from services.inventory.domain.catalogue_columns import columns_of
from services.inventory.domain.listing import Listing
from shared.domain.decision import Sentence
from shared.domain.subgroups import area_of, type_of
from shared.domain.tables.spreadsheet import FileUnreadable
from shared.domain.tables.table import BadRow, TableRow, read_table
from shared.events.inventory import ArticleComponent, DeviceArticle

__all__ = ["BadRow", "CatalogueFile", "FileRow", "FileUnreadable", "read_catalogue"]

OF_A_DEVICE = frozenset(DeviceArticle.model_fields) - {"components"}
OF_A_LISTING = frozenset(each.name for each in fields(Listing))
KINDS = (
    ("standard_components", True, True),
    ("fixed_components", True, False),
    ("optional_components", False, True),
)
"""Each column of components: whether they are pre-selected, and whether they may be taken off (S107, Q46)."""
PIECES = {"piece": "st", "pair": "par"}


@dataclass(frozen=True)
class FileRow:
    """An article as its line in the file says."""

    line: int
    article: Article


@dataclass(frozen=True)
class CatalogueFile:
    """What a file says, before its rows are compared with one another and with the catalogue."""

    rows: tuple[FileRow, ...]
    bad: tuple[BadRow, ...]
    of_devices: bool = False

    @property
    def article_nos(self) -> frozenset[str]:
        """Give every number that the file names, those of bad rows too."""
        return frozenset((*(row.article.article_no for row in self.rows), *(bad.number for bad in self.bad)))


def read_catalogue(content: bytes) -> CatalogueFile:
    """Read CSV with named columns as a spreadsheet saves it (docs/catalogue-file.md).

    Its rows are all of devices when there is a column of ISO codes, else none. Raises FileUnreadable; a row
    that is bad by itself is named with all its bad columns (S10).
    """
    rows: list[FileRow] = []
    bad: list[BadRow] = []
    for row in read_table(content, columns_of):
        found, wrong = _article(row)
        rows += found
        bad += wrong
    return CatalogueFile(tuple(rows), tuple(bad), of_devices=any(each.article.device for each in rows))


def _article(row: TableRow) -> tuple[list[FileRow], list[BadRow]]:
    if row.bad:
        return [], list(row.bad)
    article = _device(row.values) if "iso_code" in row.values else Article(**row.values)
    bad = dict(_against_article(article))
    if bad:
        return [], [BadRow(row.line, article.article_no, column, why) for column, why in bad.items()]
    return [FileRow(row.line, article)], []


def _device(values: Mapping[str, Any]) -> Article:
    """Make a device of a row; where nothing is said, what is of an earlier assortment has its only source."""
    components = [
        each.model_copy(update={"standard": standard, "removable": removable})
        for column, standard, removable in KINDS
        for each in values[column]
    ]
    of_device = {name: values[name] for name in OF_A_DEVICE & values.keys()}
    if not of_device["sources"]:
        earlier = of_device["assortment"] == "earlier"
        of_device["sources"] = ("storeroom",) if earlier else ("storeroom", "warehouse")
    kinds = {column for column, _, _ in KINDS}
    listing = Listing(**{name: values[name] for name in OF_A_LISTING})
    apart = OF_A_DEVICE | OF_A_LISTING | kinds | {"price_from"}
    rest = {name: value for name, value in values.items() if name not in apart}
    price_from = values["price_from"]
    prices = (DatedPrice(price_from, values["package_price"]),) if price_from else ()
    device = DeviceArticle(**of_device, components=tuple(components))
    return Article(
        **rest,
        subgroup="",
        distributor="",
        piece=PIECES[device.uom],
        device=device,
        listing=listing,
        prices=prices,
    )


def _against_article(article: Article) -> Iterator[tuple[str, Sentence]]:
    if article.device is None:
        yield from _against_foods(article)
    else:
        yield from _against_device(article, article.device)
    if article.replaced_by is not None and (
        article.status == "active" or article.replaced_by == article.article_no
    ):
        yield "replaced_by", reasons.NEEDLESSLY_REPLACED


def _against_foods(article: Article) -> Iterator[tuple[str, Sentence]]:
    area = area_of(type_of(article.subgroup)).key
    if article.product_area != area:
        yield "product_area", reasons.another_area(article.subgroup, area)
    if (article.variant_of is None) != (article.variant_name is None):
        yield "variant_name", reasons.HALF_A_VARIANT
    if article.variant_of is not None and article.is_generic:
        yield "variant_of", reasons.GENERIC_VARIANT


def _against_device(article: Article, device: DeviceArticle) -> Iterator[tuple[str, Sentence]]:
    """Find what contradicts itself (Q46, Q50, Q60)."""
    if device.marked and device.uom == "pair":
        yield "uom", device_reasons.PAIRS_HAVE_NO_NUMBER
    if device.assortment == "earlier" and device.sources != ("storeroom",):
        yield "sources", device_reasons.ONLY_FROM_STOREROOM
    elif article.status != "active" and "supplier" in device.sources:
        yield "sources", device_reasons.NOT_PURCHASED
    if device.article_type == "spare_part" and device.components:
        yield column_of(device.components[0]), device_reasons.SPARE_PART_OF_PARTS
    numbers = [each.article_no for each in device.components]
    for place, each in enumerate(device.components):
        if each.article_no in numbers[:place]:
            yield column_of(each), device_reasons.NAMED_TWICE
        if each.article_no == article.article_no:
            yield column_of(each), device_reasons.PART_OF_ITSELF


def column_of(component: ArticleComponent) -> str:
    """Name the column of a file that such a component stands in."""
    kind = component.standard, component.removable
    return next(column for column, *of in KINDS if tuple(of) == kind)
