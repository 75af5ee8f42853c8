"""The fee ledger only adds."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.fees.account import (
    Account,
    Reversal,
    charge_withdrawal,
    reverse_fees,
)
from services.billing.domain.fees.ledger import Entry, Fee, Step, event_id_of, event_of, net
from services.billing.domain.fees.payer import Payer
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.fact import Fact
from shared.partners import FeeEvent
from tests.billing.examples import AT, ENTRY, LATER, OPENED, PAYER, TODAY, WITHDRAWAL, charged

SECOND = replace(
    ENTRY,
    event_id=event_id_of(WITHDRAWAL, 2, kind="charge"),
    fee_no=2,
    fee_code="LMN-30",
    amount=Money.of(210),
)
ANNULLED = replace(OPENED, reversals=(Reversal(1, TODAY),))


def of(kind: type[Fact], facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if isinstance(fact, kind)]


def test_a_sent_withdrawal_gives_one_entry_per_fee_and_sends_each_once() -> None:
    fees, facts = charged(ENTRY, SECOND)

    assert [fee.entry for fee in fees] == [ENTRY, SECOND]
    assert len(of(FeeCharged, facts)) == len(of(FeeEvent, facts)) == 2


def test_the_entry_sent_to_invoicing_is_the_one_of_the_ledger() -> None:
    (fee,), _ = charged(ENTRY)

    event = event_of(fee)

    assert (event.event_id, event.kind, str(event.amount)) == (ENTRY.event_id, "charge", "120.00")
    assert (event.patient.id_type, event.patient.id) == ("1.2.752.129.2.1.3.1", "sealed:identity:abc")
    assert event.source.uttag == WITHDRAWAL
    assert event.occurred_at.isoformat() == "2026-11-21T10:15:00+01:00"
    assert event.routing_key == "invoicing.fees"


def test_a_withdrawal_consumed_twice_is_charged_once() -> None:
    fees, _ = charged(ENTRY)
    account = replace(OPENED, charged=True)

    again = charge_withdrawal(account, fees, (None,), PAYER, opened=OPENED, entries=[ENTRY], at=LATER)

    assert again == (account, fees, (None,), PAYER, [])


def test_the_name_of_an_entry_follows_from_the_withdrawal_and_the_fee() -> None:
    names = {event_id_of(no, fee, kind="charge") for no in ("U1", "U2") for fee in (1, 2)}

    assert len(names) == 4
    assert event_id_of("U1", 1, kind="charge") != event_id_of("U1", 1, kind="credit")
    assert event_id_of("U1", 1, kind="charge") in names


def test_an_annulled_withdrawal_is_credited_by_a_new_entry() -> None:
    fees, _ = charged(ENTRY)
    account = replace(OPENED, charged=True)

    _, charges, (credit,), _, facts = reverse_fees(account, fees, (None,), PAYER, opened=ANNULLED, at=LATER)

    assert charges == fees
    assert credit
    assert (credit.entry.kind, credit.entry.reverses) == ("credit", ENTRY.event_id)
    assert credit.entry.amount == ENTRY.amount
    assert net([*fees, credit]) == NOTHING
    assert [type(fact) for fact in facts] == [FeeCredited, FeeEvent]


def test_only_the_named_fees_are_credited() -> None:
    fees, _ = charged(ENTRY, SECOND)
    account = replace(OPENED, charged=True)

    _, _, credit, _, facts = reverse_fees(account, fees[:1], (None,), PAYER, opened=ANNULLED, at=LATER)

    assert len(credit) == 1
    assert len(of(FeeCredited, facts)) == 1


def test_a_fee_is_credited_once_whatever_is_consumed_again() -> None:
    fees, _ = charged(ENTRY)
    account = replace(OPENED, charged=True)
    known, _, credit, _, _ = reverse_fees(account, fees, (None,), PAYER, opened=ANNULLED, at=LATER)

    again = reverse_fees(known, fees, credit, PAYER, opened=ANNULLED, at=LATER)

    assert again == (known, fees, credit, PAYER, [])


def test_a_later_annulment_credits_what_the_first_left() -> None:
    fees, _ = charged(ENTRY, SECOND)
    account = replace(OPENED, charged=True)
    known, _, first, _, _ = reverse_fees(account, fees[:1], (None,), PAYER, opened=ANNULLED, at=LATER)
    both = replace(OPENED, reversals=(Reversal(1, TODAY), Reversal(2, TODAY)))

    _, _, credits_, _, facts = reverse_fees(known, fees, (*first, None), PAYER, opened=both, at=LATER)

    assert credits_[0] is first[0]
    assert [fact.subject for fact in of(FeeCredited, facts)] == [event_id_of(WITHDRAWAL, 2, kind="credit")]


def test_an_annulment_that_comes_first_is_remembered_and_books_nothing() -> None:
    known, charges, credits_, _, facts = reverse_fees(None, (None,), (None,), PAYER, opened=ANNULLED, at=AT)

    assert known == ANNULLED
    assert (charges, credits_, facts) == ((None,), (None,), [])


def test_a_withdrawal_that_comes_after_its_annulment_gives_both_entries() -> None:
    known, charges, credits_, _, facts = charge_withdrawal(
        ANNULLED, (None,), (None,), PAYER, opened=OPENED, entries=[ENTRY], at=LATER
    )

    assert known == replace(ANNULLED, charged=True)
    assert net([fee for fee in (*charges, *credits_) if fee]) == NOTHING
    assert [type(fact) for fact in facts] == [FeeCharged, FeeEvent, FeeCredited, FeeEvent]


def test_an_annulment_of_a_fee_that_was_never_booked_is_loud() -> None:
    with pytest.raises(LookupError, match="has no such fee"):
        reverse_fees(replace(OPENED, charged=True), (None,), (None,), PAYER, opened=ANNULLED, at=AT)


def test_a_fee_of_0_kr_stands_in_the_ledger_and_is_not_sent() -> None:
    (fee,), facts = charged(replace(ENTRY, amount=NOTHING))

    assert fee.stage == "nothing_due"
    assert facts == []


def _heard(
    facts: Sequence[str], entries: Sequence[Entry], payers: Sequence[Payer | None]
) -> tuple[list[Fee], list[Fact]]:
    """Let billing hear facts in an order, as its handlers would."""
    account: Account | None = None
    charges: tuple[Fee | None, ...] = (None,) * len(entries)
    credits_: tuple[Fee | None, ...] = (None,) * len(entries)
    reversals = tuple(Reversal(entry.fee_no, TODAY) for entry in entries)
    told: list[Fact] = []
    for fact, payer in zip(facts, payers, strict=True):
        if fact == "sent":
            account, charges, credits_, _, new = charge_withdrawal(
                account, charges, credits_, payer, opened=OPENED, entries=entries, at=AT
            )
        else:
            account, charges, credits_, _, new = reverse_fees(
                account, charges, credits_, payer, opened=replace(OPENED, reversals=reversals), at=AT
            )
        told.extend(new)
    return [fee for fee in (*charges, *credits_) if fee], told


@given(st.lists(st.sampled_from(["sent", "annulled"]), min_size=1, max_size=6))
def test_in_any_order_and_number_of_facts_each_entry_exists_once(facts: list[str]) -> None:
    fees, told = _heard(facts, [ENTRY, SECOND], [PAYER] * len(facts))

    names = [fee.event_id for fee in fees]
    assert len(names) == len(set(names))
    assert sorted(fact.subject for fact in of(FeeEvent, told)) == sorted(names)
    if {"sent", "annulled"} <= set(facts):
        assert net(fees) == NOTHING


def test_a_fees_way_names_its_file_and_when_it_was_put_there() -> None:
    (fee,) = charged(ENTRY)[0]

    taken = fee.put_in("20261121-0001", at=LATER)

    assert (taken.batch, taken.progress[:-1]) == ("20261121-0001", fee.progress)
    assert taken.progress[-1] == Step("batched", LATER, "20261121-0001")
