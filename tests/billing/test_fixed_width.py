"""The day's entries in shapes for older receivers (formats.md section 3)."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from services.billing.domain.fees.ledger import event_of
from services.billing.domain.files.batch import Batch
from services.billing.domain.files.csv_file import COLUMNS, csv_file
from services.billing.domain.files.fixed_width import (
    DoesNotFit,
    Layout,
    NotInCharacterSet,
    NumberHasNoShortForm,
    fixed_width,
)
from shared.domain.money import Money
from shared.domain.person_id import OIDS
from shared.partners import FeeEvent, FeePatient
from tests.billing.examples import AT, ENTRY, TODAY, charged

LAYOUT = Layout()
EVENT = event_of(charged(ENTRY)[0][0]).model_copy(
    update={"patient": FeePatient(id_type=OIDS["personnummer"], id="199007052393")}
)
CREDIT = EVENT.model_copy(update={"kind": "credit", "event_id": "c-1", "amount": Decimal("10.50")})
OTHER = EVENT.model_copy(update={"patient": FeePatient(id_type=OIDS["personnummer"], id="191006269805")})
BATCH = Batch("20261121-0001", TODAY, AT, ("e-1",), total=Money.of("229.50"))


def lines(*events: FeeEvent, layout: Layout = LAYOUT, batch: Batch = BATCH) -> list[str]:
    return fixed_width(batch, events, layout=layout).decode(layout.encoding).splitlines()


def test_a_file_has_head_payer_invoice_row_description_account_and_total() -> None:
    assert "".join(line[0] for line in lines(EVENT)) == "!SHRUUKT"


def test_each_payer_stands_once_with_all_rows() -> None:
    assert "".join(line[0] for line in lines(EVENT, OTHER, CREDIT)) == "!SHRUUKSHRUUKRUUKT"


def test_every_record_has_the_width_of_the_layout() -> None:
    head, customer, invoice, row, words, description, account, total = lines(EVENT)

    assert len(head) == 1 + 10 + 35
    assert len(customer) == 1 + 10 + 4 * 35 + 3
    assert len(invoice) == 1 + 10 + 6 + 30 + 30
    assert len(row) == 1 + 10 + 30 + 8 + 9 + 15 + 2
    assert len(words) == len(description) == 1 + 51
    assert len(account) == 1 + 10 + 51 + 15
    assert total == "T+00000000022950"


def test_amounts_are_hundredths_and_a_credit_is_negative() -> None:
    row = lines(CREDIT)[3]

    assert row[41:49] == "00000100"
    assert row[49:58] == "000001050"
    assert row[58:73] == "-00000000001050"


def test_a_negative_total_has_its_sign() -> None:
    assert lines(CREDIT, batch=replace(BATCH, total=Money.of("-10.50")))[-1] == "T-00000000001050"


def test_the_number_is_cut_to_ten_digits_only_where_the_century_can_be_left_out() -> None:
    assert lines(EVENT)[1][1:11] == "9007052393"
    assert lines(EVENT, layout=replace(LAYOUT, number=12))[1][1:13] == "199007052393"


def test_a_reserve_number_has_no_short_form_and_is_refused() -> None:
    reserve = EVENT.model_copy(update={"patient": FeePatient(id_type="1.2.752.74.9.1", id="200405101234")})

    with pytest.raises(NumberHasNoShortForm):
        lines(reserve)
    with pytest.raises(NumberHasNoShortForm):
        lines(EVENT, layout=replace(LAYOUT, number=11))

    assert lines(reserve, layout=replace(LAYOUT, number=12))


def test_a_character_outside_latin_1_is_refused_and_never_replaced() -> None:
    with pytest.raises(NotInCharacterSet) as refused:
        lines(EVENT.model_copy(update={"text": "Egenavgift €"}))

    assert refused.value.facts == {"character": "€"}
    assert "Egenavgift å ä ö" in lines(EVENT.model_copy(update={"text": "Egenavgift å ä ö"}))[4]


def test_another_character_set_is_a_setting() -> None:
    layout = replace(LAYOUT, encoding="utf-8")

    assert "€" in lines(EVENT.model_copy(update={"text": "Egenavgift €"}), layout=layout)[4]


@pytest.mark.parametrize(
    "text", ["Egenavgift\nR199007052393", "Egenavgift\x00", "\tAvgift", "Egen\u200bavgift"]
)
def test_what_would_break_the_record_is_refused(text: str) -> None:
    with pytest.raises(NotInCharacterSet):
        lines(EVENT.model_copy(update={"text": text}))


def test_what_is_too_long_is_refused_and_never_cut() -> None:
    for layout in (replace(LAYOUT, text=3), replace(LAYOUT, price=3), replace(LAYOUT, total=4)):
        with pytest.raises(DoesNotFit):
            lines(EVENT, layout=layout)


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert fixed_width(BATCH, [EVENT, OTHER], layout=LAYOUT) == fixed_width(
        BATCH, [EVENT, OTHER], layout=LAYOUT
    )


def test_the_table_has_one_row_per_entry_with_named_columns() -> None:
    rows = list(
        csv.DictReader(io.StringIO(csv_file(BATCH, [EVENT, CREDIT]).decode("utf-8-sig")), delimiter=";")
    )

    assert tuple(rows[0]) == COLUMNS
    assert [(row["kind"], row["amount"], row["id"], row["batch"]) for row in rows] == [
        ("charge", "120.00", "199007052393", "20261121-0001"),
        ("credit", "10.50", "199007052393", "20261121-0001"),
    ]
    assert rows[0]["uttag"] == ENTRY.source_no


def test_no_text_of_the_table_is_a_formula() -> None:
    content = csv_file(BATCH, [EVENT.model_copy(update={"text": "=1+1", "cost_centre": "-DEMO"})])

    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")

    assert (row["text"], row["cost_centre"], row["amount"]) == ("'=1+1", "'-DEMO", "120.00")
