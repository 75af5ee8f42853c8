"""Which columns of a search of devices one of the staff sees, until that person changes them (S165)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from shared.domain.decision import Decision, Refused, Sentence

ArticleColumn = Literal[
    "article_no", "name", "supplier", "uom", "supplier_article_no", "delivery", "pieces_per_package",
    "article_type", "in_assortment", "product", "iso_code", "available",
]  # fmt: skip
"""What inventory's rows of devices call their fields."""
ARTICLE_COLUMNS: tuple[ArticleColumn, ...] = get_args(ArticleColumn)
COLUMN_NAMES: dict[ArticleColumn, Sentence] = {
    "article_no": Sentence("Artikel", "Article"),
    "name": Sentence("Benämning", "Name"),
    "supplier": Sentence("Leverantör", "Supplier"),
    "uom": Sentence("Enhet", "Unit"),
    "supplier_article_no": Sentence("Lev. artikelnr", "Supplier's article number"),
    "delivery": Sentence("Leveranstid kundavtal", "Delivery time of the customer agreement"),
    "pieces_per_package": Sentence("Antal per förpackning", "Pieces per package"),
    "article_type": Sentence("Artikeltyp", "Article type"),
    "in_assortment": Sentence("Sortimentsartikel", "In the assortment"),
    "product": Sentence("Produkt", "Product"),
    "iso_code": Sentence("ISO-kod", "ISO code"),
    "available": Sentence("Tillgängligt", "Available"),
}


class ColumnTwice(Refused):
    """A column can be seen once."""

    rule = "column-twice"
    sentence = Sentence(
        "Samma kolumn är vald två gånger. Välj varje kolumn en gång.",
        "The same column is chosen twice. Choose each column once.",
    )


@dataclass(frozen=True)
class OwnColumns:
    """The columns that one of the staff chose, in the order in which they are shown."""

    person: str
    columns: tuple[ArticleColumn, ...]


def columns_of(kept: OwnColumns | None) -> tuple[ArticleColumn, ...]:
    """Give the columns to show: all of them for who never chose."""
    return kept.columns if kept else ARTICLE_COLUMNS


def choose_columns(
    _known: OwnColumns | None, *, person: str, columns: Sequence[ArticleColumn]
) -> Decision[OwnColumns]:
    """Keep what a person wants to see (S165); raises ColumnTwice."""
    if len(set(columns)) < len(columns):
        raise ColumnTwice
    return OwnColumns(person, tuple(columns)), []
