"""The cells of a catalogue file: what each column may hold, and what it then means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from services.inventory.domain import reasons
from services.inventory.domain.article import Status
from services.inventory.domain.gtin import as_14, is_gtin
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.domain.subgroups import SUBGROUPS

FOODS = "foods"

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{0,19}")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")
_PRICE = re.compile(r"[0-9]{1,7}([.,][0-9]{1,2})?")
_SUBGROUPS = {
    **{each.key: each.key for each in SUBGROUPS},
    **{each.name.sv.casefold(): each.key for each in SUBGROUPS},
}


class BadCell(Refused):
    """A cell cannot be what its column says (S10)."""

    rule = "bad-cell"


@dataclass(frozen=True)
class Column:
    """A column by its name in the header; one that is not required may be left out, its cells empty."""

    name: str
    read: Callable[[str], object]
    required: bool = False


def read_cells(cells: Mapping[str, str]) -> tuple[dict[str, object], dict[str, Sentence]]:
    """Read every cell of a row: the values, and for each column that is bad the reason."""
    values: dict[str, object] = {}
    bad: dict[str, Sentence] = {}
    for column in COLUMNS:
        try:
            values[column.name] = column.read(cells.get(column.name, ""))
        except BadCell as refused:
            bad[column.name] = refused.said
    return values, bad


def _text(cell: str) -> str:
    if not cell:
        raise BadCell(reasons.EMPTY)
    if len(cell) > reasons.LONGEST_TEXT or not cell.isprintable():
        raise BadCell(reasons.TOO_LONG)
    return cell


def _optional_text(cell: str) -> str | None:
    return _text(cell) if cell else None


def _piece(cell: str) -> str:
    return _optional_text(cell) or "st"


def _article_no(cell: str) -> str:
    if not _NUMBER.fullmatch(_text(cell)):
        raise BadCell(reasons.no_article_no(cell))
    return cell


def _other_article(cell: str) -> str | None:
    return _article_no(cell) if cell else None


def _key(cell: str) -> str:
    if not _KEY.fullmatch(_text(cell)):
        raise BadCell(reasons.no_key(cell))
    return cell


def _product_area(cell: str) -> str:
    return _key(cell) if cell else FOODS


def _subgroup(cell: str) -> str:
    """Read a key, or the Swedish name as the guide writes it."""
    named = _SUBGROUPS.get(_text(cell).casefold())
    if named is None:
        raise BadCell(reasons.no_subgroup(cell))
    return named


def _gtin(cell: str) -> str | None:
    if not cell:
        return None
    if not is_gtin(cell):
        raise BadCell(reasons.no_gtin(cell))
    return as_14(cell)


def _count(cell: str) -> int:
    if not _COUNT.fullmatch(_text(cell)):
        raise BadCell(reasons.no_count(cell))
    return int(cell)


def _limit(cell: str) -> int | None:
    return _count(cell) if cell else None


def _price(cell: str) -> Money:
    if not _PRICE.fullmatch(_text(cell)):
        raise BadCell(reasons.no_price(cell))
    price = Money.of(cell.replace(",", "."))
    if price == NOTHING:
        raise BadCell(reasons.no_price(cell))
    return price


def _status(cell: str) -> str:
    if cell and cell not in get_args(Status):
        raise BadCell(reasons.no_status(cell, get_args(Status)))
    return cell or "active"


COLUMNS: tuple[Column, ...] = (
    Column("article_no", _article_no, required=True),
    Column("name", _text, required=True),
    Column("product_area", _product_area),
    Column("subgroup", _subgroup, required=True),
    Column("distributor", _key, required=True),
    Column("supplier_article_no", _text, required=True),
    Column("pieces_per_package", _count, required=True),
    Column("package_price", _price, required=True),
    Column("piece", _piece),
    Column("gtin", _gtin),
    Column("warn_above_packages", _limit),
    Column("variant_of", _other_article),
    Column("variant_name", _optional_text),
    Column("status", _status),
    Column("replaced_by", _other_article),
)
"""Every column that a catalogue file may have; their order in the file is free."""
