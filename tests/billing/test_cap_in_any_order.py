"""The cap for a patient, in whatever order facts come."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.billing.domain.fees.cap import OverTheCap, beyond_cap, capped, counted
from services.billing.domain.fees.ledger import Entry
from services.billing.domain.fees.payer import Spent
from shared.domain.money import NOTHING, Money
from tests.billing.capped import CAP, CAPS, Ledger, entry, on, paid
from tests.billing.examples import ENTRY, PAYER

EVENTS = some.lists(
    some.tuples(
        some.integers(0, 9),
        some.sampled_from(["charge", "charge", "annul"]),
        some.integers(0, 90),
        some.sampled_from([50, 120, 210, 400]),
    ),
    max_size=40,
)


@settings(max_examples=300)
@given(EVENTS)
def test_however_withdrawals_and_annulments_come_no_window_holds_more_than_the_cap(
    events: Sequence[tuple[int, str, int, int]],
) -> None:
    ledger, wanted = Ledger(), dict[int, Entry]()
    days = {day for _, _, day, _ in events}  # the fullest windows begin with a fee
    for number, what, day, kronor in events:
        one = wanted.setdefault(number, entry(number, day, kronor))
        (ledger.charge if what == "charge" else ledger.annul)(one)

        assert all(ledger.within(on(first)) <= Money(CAP.amount) for first in days)

    standing = {
        fee.event_id: fee.entry.amount
        for charges, credits_ in ledger.booked.values()
        for fee in charges
        if fee and fee.entry.amount != NOTHING and credits_ == (None,)
    }
    assert ledger.payer
    assert {each.event_id: each.amount for each in ledger.payer.spent} == standing


def test_a_fee_under_a_tariff_without_a_cap_does_not_make_earlier_fees_forgotten() -> None:
    under, free = ENTRY.tariff, "a tariff without a cap"
    spent = tuple(
        Spent(f"e-{day}", on(day), Money.of(kronor), tariff)
        for day, kronor, tariff in [(0, 200, under), (1, 50, free), (2, 200, under)]
    )

    assert beyond_cap(replace(PAYER, spent=spent), caps=CAPS) == (Spent("e-2", on(2), Money.of(150), under),)


def test_the_first_fee_of_a_payer_whom_nobody_knows_yet_is_counted_and_cut() -> None:
    wanted = entry(1, 0, 400)

    payer, cut = capped(None, wanted, caps=CAPS)

    assert (payer and payer.spent, cut.amount, cut.before_cap) == (
        (Spent(wanted.event_id, on(0), Money.of(300), wanted.tariff),),
        Money.of(300),
        Money.of(400),
    )


def test_a_fee_set_by_hand_is_refused_with_the_most_that_fits() -> None:
    payer = replace(PAYER, spent=(paid(0, 200),))

    with pytest.raises(OverTheCap) as refused:
        counted(payer, entry(1, 0, 101), caps=CAPS)

    assert refused.value.facts == {"most": "100.00"}
    after = counted(payer, entry(1, 0, 100), caps=CAPS)
    assert after
    assert [each.amount for each in after.spent] == [Money.of(200), Money.of(100)]
