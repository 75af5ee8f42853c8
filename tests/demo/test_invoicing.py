"""The demo's invoicing: what it answers to a fee, mode by mode."""

from decimal import Decimal

from shared.partners import FeeAcknowledged
from tests.demo.orders import AT, FEE
from tools.demo.invoicing import plan, read, write


def test_a_fee_is_accepted_and_then_stands_on_an_invoice() -> None:
    question = read(FEE.model_dump_json().encode(), "normal")

    said = [write(question.body, step, AT).body for step in question.steps]

    assert [FeeAcknowledged.model_validate(each.model_dump()).status for each in said] == [
        "accepted",
        "invoiced",
    ]


def test_a_credit_is_accepted_and_then_credited() -> None:
    credit = FEE.model_copy(update={"kind": "credit", "reverses": "x", "amount": Decimal("120.00")})

    question = read(credit.model_dump_json().encode(), "normal")

    assert question.steps == ("accepted", "credited")


def test_an_entry_is_known_by_its_event_id() -> None:
    assert read(FEE.model_dump_json().encode(), "normal").key == FEE.event_id


def test_only_what_is_on_an_invoice_has_an_invoice_number() -> None:
    accepted, invoiced = (
        write(FEE.model_dump(mode="json"), step, AT).body for step in ("accepted", "invoiced")
    )

    assert isinstance(accepted, FeeAcknowledged)
    assert isinstance(invoiced, FeeAcknowledged)
    assert accepted.invoice_no is None
    assert invoiced.invoice_no is not None
    assert invoiced.invoice_date == AT.date()


def test_a_rejected_entry_is_rejected_with_a_code() -> None:
    (step,) = plan("reject", "charge")

    said = write(FEE.model_dump(mode="json"), step, AT).body

    assert isinstance(said, FeeAcknowledged)
    assert (said.status, said.code) == ("rejected", "unknown-fee-code")


def test_invoicing_can_repeat_and_contradict_itself() -> None:
    assert plan("duplicate", "charge") == ("accepted", "accepted", "invoiced", "invoiced")
    assert plan("contradict", "charge") == ("accepted", "invoiced", "rejected")
