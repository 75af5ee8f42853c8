"""Tables that leave us as CSV."""

import csv
import io

import pytest

from shared.domain.tables.csv_table import csv_table, harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "-",
        "=HYPERLINK(1)",
    ],
)
def test_a_text_that_could_be_a_formula_is_shown_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["-120.00", "-120,00", "120.00", "+46701740605", "Egenavgift", "1-2", "", None, -3]
)
def test_an_amount_below_zero_and_an_ordinary_text_are_left_alone(value: object) -> None:
    assert harmless(value) == value


def test_a_table_reads_back_as_it_was_but_for_its_formulas() -> None:
    content = csv_table(("a", "b"), [{"a": "=1;2", "b": 'å "x"', "c": "left out"}, {"a": "-5.00", "b": None}])

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    assert rows == [["a", "b"], ["'=1;2", 'å "x"'], ["-5.00", ""]]
    assert content == b'\xef\xbb\xbfa;b\r\n"\'=1;2";"\xc3\xa5 ""x"""\r\n-5.00;\r\n'
