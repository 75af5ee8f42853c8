"""Rows and files that are refused: each with its line, its column and its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain.catalogue_file import FileUnreadable, read_catalogue
from tests.inventory.catalogue_rows import one_cell
from tests.inventory.foods import GENERIC_ROW, HEADER, VARIANT_ROW, file_of


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
