"""Parses the cells of a catalogue file: what each column may hold."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.inventory.domain import reasons
from services.inventory.domain.gtin import as_14, is_gtin
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.domain.subgroups import PRODUCT_AREAS, SUBGROUPS

FOODS = "foods"

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z-]{0,19}")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_COUNT = re.compile(r"([1-9](?: ?[0-9]{3})|[1-9][0-9]{0,2})(?:[.,]0{1,2})?")
"""A whole number to 9999, as a spreadsheet may show it: with a blank, or with zeros behind it."""
_PRICE = re.compile(
    r"([0-9]{1,7}|[0-9]{1,3}(?: [0-9]{3}){1,2})(?:[.,]([0-9]{1,2}))?(?: ?kr| ?sek)?", re.IGNORECASE
)
_SPREADSHEETS_ERROR = re.compile(r"#+|#[A-ZÅÄÖ][A-ZÅÄÖ0-9/]*[!?]?")
_SHORTENED = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_STATUSES = {
    "": "active",
    **{each: each for each in ("active", "outgoing", "discontinued")},
    "aktiv": "active",
    "utgående": "outgoing",
    "utgången": "discontinued",
}
_AREAS = {
    "": FOODS,
    "livsmedel": FOODS,
    **{each.name.sv.casefold(): each.key for each in PRODUCT_AREAS},
}
_SUBGROUPS = {
    **{each.key: each.key for each in SUBGROUPS},
    **{each.name.sv.casefold(): each.key for each in SUBGROUPS},
}


class BadCell(Refused):
    """A cell cannot be what its column says (S10)."""

    rule = "bad-cell"
    sentence = Sentence(
        "Cellen passar inte i sin kolumn. Orsaken och raden står i svaret.",
        "The cell does not fit its column. The answer names the row and the reason.",
    )


@dataclass(frozen=True)
class Column:
    """A column by its name in the header; one that is not required may be left out, its cells empty."""

    name: str
    read: Callable[[str], object]
    required: bool = False
    also: tuple[str, ...] = ()
    """What else the heading may be, in small letters with _ between words."""


def read_cells(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Sentence]]:
    """Read every cell of a row: the values, and for each column that is bad the reason."""
    values: dict[str, Any] = {}
    bad: dict[str, Sentence] = {}
    for column in COLUMNS:
        try:
            values[column.name] = column.read(_seen(cells.get(column.name, "")))
        except BadCell as refused:
            bad[column.name] = refused.said
    return values, bad


def _seen(cell: str) -> str:
    """Refuse what no person wrote: a spreadsheet's error, a number it shortened, a character nobody sees."""
    if _SPREADSHEETS_ERROR.fullmatch(cell):
        raise BadCell(reasons.spreadsheets_error(cell))
    if _SHORTENED.fullmatch(cell):
        raise BadCell(reasons.shortened(cell))
    hidden = next((each for each in cell if not each.isprintable()), None)
    if hidden:
        raise BadCell(reasons.hidden_character(hidden))
    return cell


def _text(cell: str) -> str:
    if not cell:
        raise BadCell(reasons.EMPTY)
    if len(cell) > reasons.LONGEST_TEXT:
        raise BadCell(reasons.TOO_LONG)
    return cell


def _optional_text(cell: str) -> str | None:
    return _text(cell) if cell else None


def _piece(cell: str) -> str:
    return _optional_text(cell) or "st"


def _article_no(cell: str) -> str:
    if not _NUMBER.fullmatch(_text(cell).upper()) or not cell.isascii():
        raise BadCell(reasons.no_article_no(cell))
    return cell.upper()


def _other_article(cell: str) -> str | None:
    return _article_no(cell) if cell else None


def _key(cell: str) -> str:
    if not _KEY.fullmatch(_text(cell).lower()) or not cell.isascii():
        raise BadCell(reasons.no_key(cell))
    return cell.lower()


def _product_area(cell: str) -> str:
    return _AREAS.get(cell.casefold()) or _key(cell)


def _subgroup(cell: str) -> str:
    """Read a key, or the Swedish name as the guide writes it."""
    named = _SUBGROUPS.get(_text(cell).casefold())
    if named is None:
        raise BadCell(reasons.no_subgroup(cell))
    return named


def _gtin(cell: str) -> str | None:
    if not cell:
        return None
    digits = cell.replace(" ", "").replace("-", "")
    if digits and not digits.strip("0"):
        raise BadCell(reasons.ONLY_ZEROS)
    if not is_gtin(digits):
        raise BadCell(reasons.no_gtin(cell))
    return as_14(digits)


def _count(cell: str) -> int:
    counted = _COUNT.fullmatch(_text(cell))
    if not counted:
        raise BadCell(reasons.no_count(cell))
    return int(counted.group(1).replace(" ", ""))


def _limit(cell: str) -> int | None:
    return _count(cell) if cell else None


def _price(cell: str) -> Money:
    written = _PRICE.fullmatch(_text(cell))
    if not written:
        raise BadCell(reasons.no_price(cell))
    kronor, decimals = written.groups(default="0")
    price = Money.of(f"{kronor.replace(' ', '')}.{decimals}")
    if price == NOTHING:
        raise BadCell(reasons.no_price(cell))
    return price


def _status(cell: str) -> str:
    status = _STATUSES.get(cell.casefold())
    if status is None:
        raise BadCell(reasons.no_status(cell, list(_STATUSES)[1:]))
    return status


COLUMNS: tuple[Column, ...] = (
    Column("article_no", _article_no, required=True, also=("artikelnummer", "artikelnr", "artnr", "art_nr")),
    Column("name", _text, required=True, also=("namn", "benämning", "artikelnamn")),
    Column("product_area", _product_area, also=("produktområde",)),
    Column("subgroup", _subgroup, required=True, also=("undergrupp",)),
    Column("distributor", _key, required=True, also=("distributör",)),
    Column(
        "supplier_article_no", _text, required=True,
        also=("leverantörens_artikelnummer", "leverantörens_artikelnr", "lev_artnr"),
    ),
    Column(
        "pieces_per_package", _count, required=True,
        also=("antal_per_förpackning", "antal_i_förpackning", "styck_per_förpackning"),
    ),
    Column("package_price", _price, required=True, also=("förpackningspris", "pris_per_förpackning", "pris")),
    Column("piece", _piece, also=("styckenhet", "enhet")),
    Column("gtin", _gtin, also=("ean", "ean_kod", "streckkod")),
    Column("warn_above_packages", _limit, also=("varna_över_förpackningar", "varna_över")),
    Column("variant_of", _other_article, also=("smak_av", "variant_av")),
    Column("variant_name", _optional_text, also=("smak", "variant")),
    Column("status", _status),
    Column("replaced_by", _other_article, also=("ersätts_av", "ersatt_av")),
)  # fmt: skip
"""Every column that a catalogue file may have; their order in the file is free (docs/catalogue-file.md)."""
