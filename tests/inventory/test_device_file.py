"""What a file of devices may say, and how a row that contradicts itself or the catalogue is named."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.difference import details, difference
from services.inventory.domain.judging import deliverable, judge
from services.inventory.domain.pricing import unpriced
from shared.domain.tables.table import BadRow
from shared.events.billing import TariffPublished
from shared.events.fees import DeviceFeeRow
from tests.inventory.devices import CPAP
from tests.inventory.foods import CHOCOLATE, file_of

MACHINE = {
    "artikelnummer": "910001", "benämning": "Demoluft CPAP", "produktområde": "CPAP", "ISO-kod": "04 03 12",
    "artikeltyp": "huvudhjälpmedel", "leverantör": "Demovård AB", "lev. artnr": "AV-1001", "pris": "4 800,00",
    "individmärkt": "Ja", "avgiftskod": "hjm-cpap", "standardkomponenter": "2 x 910101",
    "fasta komponenter": "910100", "övriga komponenter": "", "kräver inställning": "JA", "sortiment": "",
    "källor": "", "basenhet": "", "status": "", "ersätts av": "",
}  # fmt: skip
HOSE = MACHINE | {
    "artikelnummer": "910100", "benämning": "Demoslang", "artikeltyp": "tillbehör", "individmärkt": "",
    "avgiftskod": "", "standardkomponenter": "", "fasta komponenter": "", "kräver inställning": "",
}  # fmt: skip
FILTER = HOSE | {"artikelnummer": "910101", "benämning": "Demofilter"}
ROWS = (MACHINE, HOSE, FILTER)
DAY = date(2026, 1, 1)
FEE = DeviceFeeRow(fee_code="HJM-CPAP", text="Hjälpmedel", amount=Decimal("500.00"), per="line")


def file(*rows: dict[str, str]) -> bytes:
    return file_of(*('"' + '";"'.join(row.values()) + '"' for row in rows), header=";".join(MACHINE))


def judged(*rows: dict[str, str], catalogue: tuple[Article, ...] = ()) -> tuple[BadRow, ...]:
    return judge(read_catalogue(file(*rows)), catalogue={each.article_no: each for each in catalogue}).bad


def test_a_row_of_a_device_becomes_an_article_with_its_components() -> None:
    read = read_catalogue(file(*ROWS))

    assert (read.bad, read.of_devices) == ((), True)
    article, device = read.rows[0].article, read.rows[0].article.device
    assert device
    assert CPAP.device
    assert {each.article_no for each in device.components} == {"910100", "910101"}
    by_number = {each.article_no: each for each in device.components}
    assert by_number == {each.article_no: each for each in CPAP.device.components}
    same = device.model_copy(update={"components": CPAP.device.components, "supplier": None})
    assert replace(article, device=same) == CPAP


def test_a_file_of_devices_needs_no_distributor() -> None:
    read = read_catalogue(file(*ROWS))

    assert deliverable(read, ()) == read
    assert judge(read, catalogue={}).bad == ()


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"ISO-kod": "40312"}, "iso_code", "make the column text"),
        ({"ISO-kod": "2004-03-12"}, "iso_code", "six digits"),
        ({"produktområde": "foods"}, "product_area", "Choose one of cpap"),
        ({"individmärkt": "kanske"}, "marked", "ja, nej"),
        ({"basenhet": "par"}, "uom", "counted in pieces"),
        ({"sortiment": "tidigare", "källor": "huvudlager"}, "sources", "own storeroom"),
        ({"status": "utgående", "källor": "leverantör"}, "sources", "not purchased"),
        ({"artikeltyp": "reservdel"}, "standard_components", "no components"),
        ({"övriga komponenter": "910100"}, "optional_components", "twice"),
        ({"övriga komponenter": "910001"}, "optional_components", "itself"),
        ({"övriga komponenter": "många slangar"}, "optional_components", "no component"),
        ({"övriga komponenter": "910999"}, "optional_components", "neither in the file"),
        ({"ersätts av": "910100"}, "replaced_by", "Only an outgoing"),
        ({"status": "utgående", "ersätts av": "910100"}, "replaced_by", "cannot replace"),
        ({"status": "utgående", "ersätts av": "910777"}, "replaced_by", "neither in the file"),
    ],
)
def test_a_device_that_contradicts_itself_is_refused_with_its_column(
    changes: dict[str, str], column: str, says: str
) -> None:
    (bad,) = judged(MACHINE | changes, HOSE, FILTER)

    assert (bad.line, bad.column) == (2, column)
    assert says in bad.reason.en


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"individmärkt": "ja"}, "has a line of its own"), ({"status": "utgången"}, "cannot be pre-selected")],
)
def test_a_component_is_counted_and_a_standard_one_can_still_be_had(
    changes: dict[str, str], says: str
) -> None:
    together = judged(MACHINE, HOSE, FILTER | changes)
    alone = judged(FILTER | changes, catalogue=(CPAP,))
    as_before = judged(FILTER, catalogue=(CPAP,))

    assert [(each.line, each.column) for each in together] == [(2, "standard_components")]
    assert says in together[0].reason.en
    assert [(each.line, each.column) for each in alone] == [(2, "article_no")]
    assert as_before == ()


def test_a_device_is_not_replaced_by_one_that_is_discontinued() -> None:
    gone = MACHINE | {"artikelnummer": "910002", "status": "utgången"}

    (bad,) = judged(MACHINE | {"status": "utgående", "ersätts av": "910002"}, gone, HOSE, FILTER)

    assert "discontinued and cannot replace" in bad.reason.en


def test_what_a_distributor_sends_is_no_component_and_never_becomes_a_device() -> None:
    (bad,) = judged(MACHINE | {"övriga komponenter": "900002"}, HOSE, FILTER, catalogue=(CHOCOLATE,))
    (taken,) = judged(HOSE | {"artikelnummer": "900002"}, catalogue=(CHOCOLATE,))

    assert (bad.column, "is no device" in bad.reason.en) == ("optional_components", True)
    assert taken.column == "article_no"


def test_an_earlier_assortment_comes_from_the_own_storeroom_also_when_nothing_is_said() -> None:
    (row,) = read_catalogue(file(HOSE | {"sortiment": "tidigare"})).rows

    assert row.article.device
    assert row.article.device.sources == ("storeroom",)


def test_a_dry_run_names_each_field_of_a_device_that_changes() -> None:
    kept = {row.article.article_no: row.article for row in read_catalogue(file(*ROWS)).rows}
    changed = read_catalogue(file(MACHINE | {"standardkomponenter": "910101", "källor": "eget förråd"}))

    (line,) = details(difference([changed.rows[0].article], named=kept, catalogue=kept))

    assert "components: 2 x 910101 (standard_components) + 1 x 910100" in line.en
    assert "sources: storeroom + warehouse -> storeroom" in line.en


def test_a_device_whose_fee_the_tariff_does_not_have_is_named() -> None:
    tariff = TariffPublished(tariff="2026-01-01", version=1, valid_from=DAY, types=(), overrides=())
    priced = tariff.model_copy(update={"device_fees": (FEE,)})

    assert unpriced([CPAP], tariffs=[tariff], on=DAY) == ("910001",)
    assert unpriced([CPAP], tariffs=[priced], on=DAY) == ()


LISTED = {"produkt": "Nattluft", "beskrivning": "Tyst, för natten", "Leveranstid kundavtal": ""}


def listed(**changes: str) -> bytes:
    """A file with the headings of the guide's search list (S165)."""
    row = {
        "Artikel": "910100", "Benämning": "Slang", "Produktområde": "CPAP", "ISO-kod": "040312",
        "Artikeltyp": "Tillbehör", "Leverantör": "Demovård AB", "Lev. Artikelnr": "DV-1", "Enhet": "Styck",
        "Antal per förpackning": "10", "Pris": "1\u00a0096,00", "Sortimentsartikel": "Ja",
        "Status": "Utgått", **LISTED, **changes,
    }  # fmt: skip
    return file_of("\t".join(row.values()), header="\ufeff" + "\t".join(row))


@pytest.mark.parametrize(
    ("cell", "days"),
    [("3-5", "3-5"), ("3 – 5 arbetsdagar", "3-5"), ("5", "5"), ("10 dagar", "10"), ("", "None")],
)
def test_a_file_with_the_headings_of_the_guide_says_product_description_and_delivery_time(
    cell: str, days: str
) -> None:
    (row,) = read_catalogue(listed(**{"Leveranstid kundavtal": cell})).rows

    article = row.article
    assert (article.listing.product, article.listing.description) == ("Nattluft", "Tyst, för natten")
    assert (str(article.listing.delivery), str(article.package_price)) == (days, "1096.00")
    assert (article.status, article.in_assortment, article.pieces_per_package) == ("discontinued", False, 10)


@pytest.mark.parametrize("cell", ["03-maj", "2026-05-03", "5-3", "0-5", "snart", "3-500"])
def test_what_a_spreadsheet_made_of_a_delivery_time_is_refused_with_what_to_do(cell: str) -> None:
    (bad,) = read_catalogue(listed(**{"Leveranstid kundavtal": cell})).bad

    assert (bad.column, "make the column text" in bad.reason.en) == ("delivery", True)


def test_a_description_has_at_most_two_thousand_characters() -> None:
    assert read_catalogue(listed(beskrivning="x" * 2000)).bad == ()
    (bad,) = read_catalogue(listed(beskrivning="x" * 2001)).bad

    assert bad.column == "description"


def test_a_dry_run_names_what_the_catalogue_says_otherwise_of_a_device() -> None:
    before = read_catalogue(listed(**{"Leveranstid kundavtal": "3-5"})).rows[0].article
    after = read_catalogue(listed(produkt="Dagluft")).rows[0].article

    (line,) = details(difference([after], named={"910100"}, catalogue={"910100": before}))

    assert "product: Nattluft -> Dagluft, delivery: 3-5 -> -" in line.en
