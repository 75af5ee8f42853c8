"""The columns of a catalogue file: of articles that a distributor sends, and of devices (S10, S161, Q50)."""

import re
from collections.abc import Sequence
from datetime import date

from services.inventory.domain import device_reasons, reasons
from services.inventory.domain.gtin import as_14, is_gtin
from services.inventory.domain.listing import WorkingDays
from shared.domain.device_areas import DEVICE_AREAS
from shared.domain.money import NOTHING, Money
from shared.domain.subgroups import PRODUCT_AREAS, SUBGROUPS
from shared.domain.tables import cells
from shared.domain.tables.cells import BadCell, Column
from shared.domain.text import typed
from shared.events.inventory import ArticleComponent

FOODS = "foods"
MOST_COMPONENTS = 100
MOST_SOURCES = 3
LONGEST_DESCRIPTION = 2000

_ARTICLE = re.compile(r"[0-9A-Z][0-9A-Z-]{0,19}")
_PRICE = re.compile(
    r"([0-9]{1,7}|[0-9]{1,3}(?: [0-9]{3}){1,2})(?:[.,]([0-9]{1,2}))?(?: ?kr| ?sek)?", re.IGNORECASE
)
_ISO = re.compile(r"[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}")
_DAYS = re.compile(r"([1-9][0-9]?)(?: ?- ?([1-9][0-9]?))?(?: (?:arbets)?dag(?:ar)?)?", re.IGNORECASE)
_COMPONENT = re.compile(r"(?:([1-9][0-9]{0,2}) [x×*] ?)?(\S+)", re.IGNORECASE)  # noqa: RUF001  as people write it
_AREAS = {
    "": FOODS,
    "livsmedel": FOODS,
    **{each.name.sv.casefold(): each.key for each in PRODUCT_AREAS},
}
_DEVICE_AREAS = {
    **{each.key: each.key for each in DEVICE_AREAS},
    **{each.name.sv.casefold(): each.key for each in DEVICE_AREAS},
}
_SUBGROUPS = {
    **{each.key: each.key for each in SUBGROUPS},
    **{each.name.sv.casefold(): each.key for each in SUBGROUPS},
}


def article_no(cell: str) -> str:
    """Read our number of an article; raises BadCell."""
    if not _ARTICLE.fullmatch(cells.text(cell).upper()) or not cell.isascii():
        raise BadCell(reasons.no_article_no(cell))
    return cell.upper()


def _other_article(cell: str) -> str | None:
    return article_no(cell) if cell else None


def _piece(cell: str) -> str:
    return cells.optional_text(cell) or "st"


def _product_area(cell: str) -> str:
    return _AREAS.get(cell.casefold()) or cells.key(cell)


def _subgroup(cell: str) -> str:
    """Read a key, or the Swedish name as the guide writes it."""
    named = _SUBGROUPS.get(cells.text(cell).casefold())
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


def _limit(cell: str) -> int | None:
    return cells.count(cell) if cell else None


def _one_or_more(cell: str) -> int:
    return cells.count(cell) if cell else 1


def _price(cell: str) -> Money:
    written = _PRICE.fullmatch(cells.text(cell))
    if not written:
        raise BadCell(reasons.no_price(cell))
    kronor, decimals = written.groups(default="0")
    price = Money.of(f"{kronor.replace(' ', '')}.{decimals}")
    if price == NOTHING:
        raise BadCell(reasons.no_price(cell))
    return price


def _day(cell: str) -> date | None:
    return cells.day(cell) if cell else None


def _iso_code(cell: str) -> str:
    if not _ISO.fullmatch(cells.text(cell)) or not cell.isascii():
        raise BadCell(device_reasons.no_iso_code(cell))
    return re.sub("[^0-9]", "", cell)


def _fee_code(cell: str) -> str | None:
    return article_no(cell) if cell else None


def _working_days(cell: str) -> WorkingDays | None:
    """Read a delivery time as 3-5; raises BadCell, also for the date that a spreadsheet makes of it."""
    if not cell:
        return None
    written = _DAYS.fullmatch(typed(cell))
    least, most = (int(each) for each in written.groups(default=written[1])) if written else (1, 0)
    if least > most:
        raise BadCell(device_reasons.no_working_days(cell))
    return WorkingDays(least, most)


def _description(cell: str) -> str | None:
    if len(cell) > LONGEST_DESCRIPTION:
        raise BadCell(device_reasons.TOO_LONG)
    return cell or None


def _component(cell: str) -> ArticleComponent:
    written = _COMPONENT.fullmatch(cell)
    if not written:
        raise BadCell(device_reasons.no_component(cell))
    quantity, number = written.groups(default="1")
    return ArticleComponent(article_no=article_no(number), quantity=int(quantity))


_status = cells.one_of(
    {
        "": "active",
        **{each: each for each in ("active", "outgoing", "discontinued")},
        "aktiv": "active",
        "utgående": "outgoing",
        "utgången": "discontinued",
        "utgått": "discontinued",
    }
)
_area_of_devices = cells.one_of(_DEVICE_AREAS, said=[each.key for each in DEVICE_AREAS])
_article_type = cells.one_of(
    {
        **{each: each for each in ("main_aid", "accessory", "spare_part")},
        "huvudhjälpmedel": "main_aid",
        "tillbehör": "accessory",
        "reservdel": "spare_part",
    }
)
_owner = cells.one_of(
    {
        "": "central",
        **{each: each for each in ("central", "care_unit")},
        "hjälpmedel": "central",
        "vårdenhet": "care_unit",
    }
)
_uom = cells.one_of(
    {
        "": "piece",
        **{each: each for each in ("piece", "pair")},
        **dict.fromkeys(("st", "styck", "stycken"), "piece"),
        "par": "pair",
    }
)
_assortment = cells.one_of(
    {
        "": "standard",
        **{each: each for each in ("standard", "other", "earlier", "none")},
        **dict.fromkeys(("standardsortiment", "ja"), "standard"),
        **dict.fromkeys(("övrigt", "övrigt sortiment", "nej"), "other"),
        **dict.fromkeys(("tidigare", "tidigare sortiment"), "earlier"),
        "inget": "none",
    }
)
_source = cells.one_of(
    {
        **{each: each for each in ("storeroom", "warehouse", "supplier")},
        "eget förråd": "storeroom",
        "huvudlager": "warehouse",
        "leverantör": "supplier",
    }
)
_components = cells.several(_component, most=MOST_COMPONENTS)

_NUMBERED = (
    Column(
        "article_no",
        article_no,
        required=True,
        also=("artikelnummer", "artikelnr", "artnr", "art_nr", "artikel"),
    ),
    Column("name", cells.text, required=True, also=("namn", "benämning", "artikelnamn")),
)
_SUPPLIERS_NUMBER = Column(
    "supplier_article_no", cells.text, required=True,
    also=("leverantörens_artikelnummer", "leverantörens_artikelnr", "lev_artikelnr", "lev_artnr"),
)  # fmt: skip
_IN_PACKAGE = ("antal_per_förpackning", "antal_i_förpackning", "styck_per_förpackning")
_PACKAGE_PRICE = Column(
    "package_price", _price, required=True, also=("förpackningspris", "pris_per_förpackning", "pris")
)
_GTIN = Column("gtin", _gtin, also=("ean", "ean_kod", "streckkod"))
_STANDING = (
    Column("status", _status),
    Column("replaced_by", _other_article, also=("ersätts_av", "ersatt_av")),
)

COLUMNS: tuple[Column, ...] = (
    *_NUMBERED,
    Column("product_area", _product_area, also=("produktområde",)),
    Column("subgroup", _subgroup, required=True, also=("undergrupp",)),
    Column("distributor", cells.key, required=True, also=("distributör",)),
    _SUPPLIERS_NUMBER,
    Column("pieces_per_package", cells.count, required=True, also=_IN_PACKAGE),
    _PACKAGE_PRICE,
    Column("piece", _piece, also=("styckenhet", "enhet")),
    _GTIN,
    Column("warn_above_packages", _limit, also=("varna_över_förpackningar", "varna_över")),
    Column("variant_of", _other_article, also=("smak_av", "variant_av")),
    Column("variant_name", cells.optional_text, also=("smak", "variant")),
    *_STANDING,
)
"""Every column that a file of distributors' articles may have; their order in the file is free."""

DEVICE_COLUMNS: tuple[Column, ...] = (
    *_NUMBERED,
    Column("product_area", _area_of_devices, required=True, also=("produktområde",)),
    Column("iso_code", _iso_code, required=True, also=("iso", "iso_kod", "isokod")),
    Column("article_type", _article_type, required=True, also=("artikeltyp", "typ")),
    Column("supplier", cells.text, required=True, also=("leverantör",)),
    _SUPPLIERS_NUMBER,
    _PACKAGE_PRICE,
    Column("price_from", _day, also=("pris_från", "pris_gäller_från", "prisdatum")),
    Column("pieces_per_package", _one_or_more, also=_IN_PACKAGE),
    Column("uom", _uom, also=("basenhet", "enhet")),
    _GTIN,
    Column("marked", cells.yes_or_no, also=("individmärkt", "märkt")),
    Column("owner", _owner, also=("ägare",)),
    Column("fee_code", _fee_code, also=("avgiftskod",)),
    Column("standard_components", _components, also=("standardkomponenter",)),
    Column("fixed_components", _components, also=("fasta_komponenter",)),
    Column("optional_components", _components, also=("övriga_komponenter",)),
    Column("needs_settings", cells.yes_or_no, also=("kräver_inställning",)),
    Column("advanced", cells.yes_or_no, also=("avancerat",)),
    Column("bulky", cells.yes_or_no, also=("skrymmande",)),
    Column("assortment", _assortment, also=("sortiment", "sortimentsartikel")),
    Column("sources", cells.several(_source, most=MOST_SOURCES), also=("leveranskällor", "källor")),
    Column("product", cells.optional_text, also=("produkt",)),
    Column("description", _description, also=("beskrivning",)),
    Column("delivery", _working_days, also=("leveranstid", "leveranstid_kundavtal")),
    *_STANDING,
)
"""Every column that a file of devices, accessories and spare parts may have."""


def columns_of(headings: Sequence[str]) -> tuple[Column, ...]:
    """Choose by the headings: only devices have an ISO code."""
    iso = next(each for each in DEVICE_COLUMNS if each.name == "iso_code")
    return DEVICE_COLUMNS if {iso.name, *iso.also} & {*headings} else COLUMNS
