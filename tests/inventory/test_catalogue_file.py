"""What a catalogue file may look like, and how a bad row is named."""

from pathlib import Path

import pytest

from services.inventory.domain.catalogue_columns import COLUMNS, DEVICE_COLUMNS
from services.inventory.domain.catalogue_file import FileUnreadable, read_catalogue
from shared.domain.money import Money
from shared.domain.tables.spreadsheet import MOST_BYTES, MOST_LINES
from tests.inventory.catalogue_rows import CHOCOLATE_ROW, EVERY_COLUMN, one_cell
from tests.inventory.foods import CHOCOLATE, GENERIC_ROW, HEADER, VARIANT_ROW, file_of


def test_a_row_with_every_column_becomes_an_article() -> None:
    file = read_catalogue(file_of(CHOCOLATE_ROW, header=EVERY_COLUMN))

    assert file.bad == ()
    assert [(row.line, row.article) for row in file.rows] == [(2, CHOCOLATE)]


def test_columns_that_are_left_out_have_their_usual_values() -> None:
    file = read_catalogue(file_of(GENERIC_ROW))

    (row,) = file.rows
    assert (row.article.product_area, row.article.piece, row.article.status) == ("foods", "st", "active")
    assert row.article.package_price == Money.of("96.00")


def test_a_file_from_a_spreadsheet_with_byte_order_mark_reads_the_same() -> None:
    plain = file_of(GENERIC_ROW, VARIANT_ROW)

    assert read_catalogue(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")) == read_catalogue(plain)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_file_reads_the_same_in_every_encoding_that_a_spreadsheet_saves(
    encoding: str, line_break: str
) -> None:
    plain = file_of(GENERIC_ROW, VARIANT_ROW)

    assert read_catalogue(plain.decode().replace("\n", line_break).encode(encoding)) == read_catalogue(plain)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("told", [True, False])
def test_the_separator_is_told_or_is_what_the_header_has_most_of(separator: str, told: bool) -> None:
    plain = file_of(GENERIC_ROW.replace("96,00", "96.00"))
    other = plain.replace(b";", separator.encode())

    file = read_catalogue((f"sep={separator}\r\n".encode() if told else b"") + other)

    assert [row.article for row in file.rows] == [row.article for row in read_catalogue(plain).rows]
    assert [row.line for row in file.rows] == [3 if told else 2]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.upper(),
        HEADER.replace("_", " ").title().replace("Article No", "Article-No."),
        "Artikelnummer;Benämning;Undergrupp;Distributör;Leverantörens artikelnummer;Antal per förpackning;Pris;Smak av;Smak",  # noqa: E501  one line, as in the file
        "\ufeff Artikelnr ;NAMN;undergrupp;distributör;lev. artnr;antal i förpackning;förpackningspris;variant_av;variant",  # noqa: E501
    ],
)
def test_headings_are_known_in_any_case_and_in_swedish(header: str) -> None:
    assert read_catalogue(file_of(VARIANT_ROW, header=header)) == read_catalogue(file_of(VARIANT_ROW))


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("package_price", "1 096,00", "1096.00"),
        ("package_price", "1\u00a0096,00", "1096.00"),
        ("package_price", "1\u2009096,0", "1096.00"),
        ("package_price", "1\u202f096", "1096.00"),
        ("package_price", "12 001 096,00 kr", "12001096.00"),
        ("package_price", "96.00 SEK", "96.00"),
        ("package_price", "\u200b96,00", "96.00"),
        ("pieces_per_package", "1 096", "1096"),
        ("pieces_per_package", "4,00", "4"),
        ("gtin", "952 0000 0001 03", "09520000000103"),
        ("gtin", '=""9520000000103""', "09520000000103"),
        ("distributor", "DEMO-A", "demo-a"),
        ("article_no", "a-1", "A-1"),
        ("status", "Utgående", "outgoing"),
        ("status", "ACTIVE", "active"),
        ("product_area", "Speciallivsmedel", "foods"),
        ("name", "Demo\u200bdryck \ufeff choklad\u00ad", "Demodryck choklad"),
        ("name", "Demodryck\nchoklad", "Demodryck choklad"),
        ("name", "#1 Dryck", "#1 Dryck"),
        ("supplier_article_no", "1E5", "1E5"),
    ],
)
def test_a_cell_is_read_as_people_and_spreadsheets_write_it(column: str, cell: str, meant: str) -> None:
    file = read_catalogue(one_cell(column, cell))

    assert [bad.reason.en for bad in file.bad] == []
    assert str(getattr(file.rows[0].article, column)) == meant


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("name", "Demo\u0007dryck", "U+0007"),
        ("name", "Demo\x00dryck", "U+0000"),
        ("name", "Demo\ue000dryck", "U+E000"),
        ("name", "x" * 201, "at most 200 characters"),
        ("package_price", "#N/A", "an error of the spreadsheet"),
        ("package_price", "#VÄRDEFEL!", "an error of the spreadsheet"),
        ("package_price", "#DIVISION/0!", "an error of the spreadsheet"),
        ("gtin", "9,52E+12", "shortened the number"),
        ("gtin", "00000000", "nothing but zeros"),
        ("gtin", "9520000000104", "no GTIN"),
    ],
)
def test_a_bad_cell_has_its_true_reason(column: str, cell: str, says: str) -> None:
    (bad,) = read_catalogue(one_cell(column, cell)).bad

    assert says in bad.reason.en


@pytest.mark.parametrize("content", [b"\0" * (MOST_BYTES + 1), file_of(*["x"] * (MOST_LINES + 1))])
def test_a_file_without_end_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable, match="larger than 64 MB"):
        read_catalogue(content)


def test_every_column_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalogue-file.md").read_text()

    assert [each.name for each in (*COLUMNS, *DEVICE_COLUMNS) if f"| `{each.name}` |" not in page] == []
    assert [
        heading for each in (*COLUMNS, *DEVICE_COLUMNS) for heading in each.also if heading not in page
    ] == []


def test_letters_written_in_two_parts_read_as_one() -> None:
    in_parts = GENERIC_ROW.replace("ä", "a\u0308")

    assert read_catalogue(file_of(in_parts)) == read_catalogue(file_of(GENERIC_ROW))


def test_blanks_around_and_doubled_in_a_cell_do_not_count() -> None:
    blanks = GENERIC_ROW.replace("Demodryck ", "  Demodryck\u00a0 ")

    assert read_catalogue(file_of(blanks)) == read_catalogue(file_of(GENERIC_ROW))


def test_the_swedish_name_of_a_subgroup_is_as_good_as_its_key() -> None:
    file = read_catalogue(one_cell("subgroup", "Kosttillägg"))

    assert [row.article for row in file.rows] == [CHOCOLATE]


def test_empty_lines_are_passed_over_and_still_counted() -> None:
    file = read_catalogue(file_of(GENERIC_ROW, "", ";" * HEADER.count(";"), VARIANT_ROW))

    assert [row.line for row in file.rows] == [2, 5]


def test_a_cell_over_two_lines_does_not_shift_the_lines_below_it() -> None:
    file = read_catalogue(
        file_of(VARIANT_ROW.replace("Demodryck choklad 200 ml", '"Demodryck\nchoklad"'), VARIANT_ROW)
    )

    assert [row.line for row in file.rows] == [2, 4]
