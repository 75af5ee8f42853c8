"""What a catalogue file may look like, and how a bad row is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain.catalogue_columns import COLUMNS, DEVICE_COLUMNS
from services.inventory.domain.catalogue_file import FileUnreadable, read_catalogue
from shared.domain.money import Money
from shared.domain.spreadsheet import MOST_BYTES, MOST_LINES
from tests.inventory.foods import CHOCOLATE, GENERIC_ROW, HEADER, VARIANT_ROW, file_of

EVERY_COLUMN = (
    "article_no,name,product_area,subgroup,distributor,supplier_article_no,pieces_per_package,piece,"
    "package_price,gtin,warn_above_packages,variant_of,variant_name,status,replaced_by"
)
CHOCOLATE_ROW = (
    "900002,Demodryck choklad 200 ml,foods,supplement,demo-a,DX-1002,4,flaska,96.00,9520000000103,60,,,,"
)


def one_cell(column: str, cell: str) -> bytes:
    cells = dict(zip(EVERY_COLUMN.split(","), CHOCOLATE_ROW.split(","), strict=True))
    return file_of(",".join({**cells, column: f'"{cell}"'}.values()), header=EVERY_COLUMN)


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


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("article_no", ""),
        ("article_no", "90 002"),
        ("article_no", "9,00002E+05"),
        ("name", "#N/A"),
        ("supplier_article_no", "#SAKNAS!"),
        ("piece", "####"),
        ("article_no", "٩٠٠٠٠٢"),
        ("name", ""),
        ("name", "x" * 201),
        ("name", "Demo\u0007dryck"),
        ("product_area", "Mat"),
        ("product_area", "incontinence"),
        ("subgroup", ""),
        ("subgroup", "Godis"),
        ("distributor", "Demo A"),
        ("supplier_article_no", ""),
        ("pieces_per_package", "0"),
        ("pieces_per_package", "4,5"),
        ("pieces_per_package", ""),
        ("piece", "x" * 201),
        ("package_price", "0,00"),
        ("package_price", "-3"),
        ("package_price", "12 34,50"),
        ("package_price", "1.096,00"),
        ("package_price", "\u22123"),
        ("package_price", "1,2E+5"),
        ("gtin", "00000000000000"),
        ("gtin", "9,52E+12"),
        ("package_price", "24.505"),
        ("gtin", "9520000000104"),
        ("warn_above_packages", "många"),
        ("variant_of", "en annan"),
        ("variant_name", "choklad"),
        ("status", "ny"),
        ("replaced_by", "900009"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_column_and_reason(column: str, cell: str) -> None:
    file = read_catalogue(one_cell(column, cell))

    assert file.rows == ()
    assert [(bad.line, bad.column) for bad in file.bad] == [(2, column)]
    assert file.bad[0].reason.sv.endswith(".")
    assert file.bad[0].reason.en.endswith(".")


def test_an_article_of_another_areas_subgroup_is_bad_for_nobody_could_prescribe_it() -> None:
    (bad,) = read_catalogue(one_cell("subgroup", "absorbing_products")).bad

    assert bad.column == "product_area"
    assert "Write incontinence" in bad.reason.en


def test_a_row_with_several_bad_cells_names_them_all() -> None:
    file = read_catalogue(file_of("900001;;godis;demo-a;DX-1001;4;gratis;;"))

    assert [bad.column for bad in file.bad] == ["name", "subgroup", "package_price"]


def test_an_article_with_a_choice_of_flavour_is_no_flavour_itself() -> None:
    file = read_catalogue(file_of(GENERIC_ROW.removesuffix(";;") + ";900005;choklad"))

    assert [bad.column for bad in file.bad] == ["variant_of"]


def test_an_outgoing_article_may_be_replaced_but_never_by_itself() -> None:
    header = f"{HEADER};status;replaced_by"

    good = read_catalogue(file_of(f"{GENERIC_ROW};outgoing;900005", header=header))
    bad = read_catalogue(file_of(f"{GENERIC_ROW};outgoing;900001", header=header))

    assert good.bad == ()
    assert [each.column for each in bad.bad] == ["replaced_by"]


def test_cells_that_are_missing_at_the_end_of_a_row_are_empty() -> None:
    file = read_catalogue(file_of("900001;Demodryck", GENERIC_ROW.removesuffix(";;")))

    assert {(bad.line, bad.column) for bad in file.bad} >= {(2, "subgroup"), (2, "package_price")}
    assert [row.line for row in file.rows] == [3]


def test_empty_columns_and_cells_at_the_end_do_not_count_and_full_ones_do() -> None:
    file = read_catalogue(file_of(GENERIC_ROW + ";;;;", VARIANT_ROW + ";;x", header=HEADER + ";;"))

    assert [row.line for row in file.rows] == [2]
    assert [(bad.line, bad.column) for bad in file.bad] == [(3, "")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"article_no;name\n",
        file_of(header=HEADER + ";colour"),
        file_of(header=HEADER + ";name"),
        file_of(GENERIC_ROW, VARIANT_ROW + "ä").replace("(välj".encode(), "(välj".encode("cp1252")),
        file_of(GENERIC_ROW).decode().encode("cp1252").replace(b"200 ml", b"200 \x81l"),
        b"PK\x03\x04 a workbook",
        file_of(GENERIC_ROW.replace("Demodryck", '"Demodryck')),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_catalogue(content)


CELL = st.text(st.characters(codec="utf-8", exclude_characters=';"\n\r'), max_size=12)


@given(st.lists(st.tuples(st.integers(0, 6), CELL), min_size=1, max_size=5))
def test_whatever_one_cell_holds_its_row_is_read_or_bad_and_the_row_after_it_is_read(
    spoilt: list[tuple[int, str]],
) -> None:
    rows = []
    for column, cell in spoilt:
        cells = GENERIC_ROW.split(";")
        cells[column] = cell
        rows += [";".join(cells), VARIANT_ROW]

    file = read_catalogue(file_of(*rows))

    lines = {row.line for row in file.rows} | {bad.line for bad in file.bad}
    assert lines == set(range(2, 2 + len(rows)))
    assert {row.line for row in file.rows} >= set(range(3, 2 + len(rows), 2))
    assert not {row.line for row in file.rows} & {bad.line for bad in file.bad}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_other_bytes_are_refused_as_a_whole_and_never_break_the_import(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_catalogue(content)
