"""Two patients who were one, and were both near a cap (T5, N7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from services.billing.domain.fees.cap import Caps, beyond_cap, spend
from services.billing.domain.fees.merging import merge_payers
from services.billing.domain.fees.payer import Payer, Spent
from shared.domain.money import NOTHING, Money
from shared.events.fact import Fact
from shared.events.fees import Cap
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import AT, ENTRY, PAYER

CAP = Cap(scope="patient", amount=Money.of(300).amount, window_days=30)
CAPS: Caps = {ENTRY.tariff: CAP}
FIRST = date(2026, 3, 1)
OTHER = replace(PAYER, patient_ref="p-2")

paid_by_one = some.lists(some.tuples(some.integers(0, 80), some.integers(1, 300)), max_size=5)


def spent(day: int, kronor: int, *, name: str = "a") -> Spent:
    return Spent(f"{name}{day}", FIRST + timedelta(days=day), Money.of(kronor), ENTRY.tariff)


def of(payer: Payer, *paid: Spent) -> Payer:
    return replace(payer, spent=paid)


def merged(one: Payer, other: Payer, caps: Caps = CAPS) -> tuple[Payer | None, list[Fact]]:
    _, into, facts = merge_payers(one, other, patient_ref="p-1", into_ref="p-2", at=AT, caps=caps)
    return into, list(facts)


def test_what_both_paid_beyond_the_cap_is_asked_about_with_the_amount_and_credited_by_nobody() -> None:
    one, other = of(PAYER, spent(0, 250)), of(OTHER, spent(10, 200, name="b"), spent(90, 300, name="b"))

    into, facts = merged(one, other)

    (task,) = [fact for fact in facts if isinstance(fact, TaskRaised)]
    assert (len(facts), task.role, task.patient_ref) == (1, "economist", "p-2")
    assert (task.reason, task.details) == (
        "booked-beyond-the-cap",
        {"total": "150.00", "first": "2026-03-11", "last": "2026-03-11"},
    )
    assert into
    assert into.spent == (*other.spent, *one.spent)


def test_two_who_fit_under_the_cap_together_need_nobody() -> None:
    assert merged(of(PAYER, spent(0, 100)), of(OTHER, spent(0, 200, name="b")))[1] == []
    assert merged(of(PAYER, spent(0, 300)), of(OTHER, spent(30, 300, name="b")))[1] == []


def test_of_two_fees_of_one_day_the_first_by_name_counts_first_however_they_were_booked() -> None:
    first, second = spent(0, 200, name="a"), spent(0, 200, name="b")
    beyond = (replace(second, amount=Money.of(100)),)

    for booked in ((first, second), (second, first)):
        assert beyond_cap(of(PAYER, *booked), caps=CAPS) == beyond


def test_one_who_paid_nothing_changes_nothing() -> None:
    other = of(OTHER, spent(0, 300))

    assert merged(PAYER, other) == (other, [])
    gone, into, facts = merge_payers(PAYER, None, patient_ref="p-1", into_ref="p-2", at=AT, caps=CAPS)
    assert (gone and gone.merged_into, into, facts) == ("p-2", None, [])


def test_a_third_name_takes_the_question_over() -> None:
    both = of(PAYER, spent(0, 300), spent(1, 300))

    _, facts = merged(both, OTHER)

    assert [type(fact) for fact in facts] == [TaskResolved, TaskRaised]
    assert [fact.subject for fact in facts] == ["fees-beyond-cap:p-1", "fees-beyond-cap:p-2"]


def test_what_was_paid_under_a_tariff_without_a_cap_is_never_beyond_it() -> None:
    free = replace(spent(0, 900), tariff=None)

    assert merged(of(PAYER, free), of(OTHER, free))[1] == []


@given(one=paid_by_one, two=paid_by_one)
def test_what_is_asked_about_is_exactly_what_no_window_holds(
    one: Sequence[tuple[int, int]], two: Sequence[tuple[int, int]]
) -> None:
    payers = [OTHER, OTHER]
    for number, paid in enumerate((one, two)):
        for order, (day, kronor) in enumerate(paid):
            wanted = spent(day, kronor, name=f"{number}-{order}-")
            payers[number], _ = spend(payers[number], "p-2", wanted, cap=CAP)
    both = replace(OTHER, spent=payers[0].spent + payers[1].spent)
    days = {each.day for each in both.spent}
    fullest = (
        max(
            (sum((each.amount for each in both.spent if day <= each.day < day + timedelta(days=30)), NOTHING))
            for day in days
        )
        if days
        else NOTHING
    )

    beyond = beyond_cap(both, caps=CAPS)

    total = sum((each.amount for each in beyond), NOTHING)
    assert (total == NOTHING) == (fullest <= Money.of(300))
    assert total >= fullest - Money.of(300)
    over = {each.event_id: each.amount for each in beyond}
    left = [replace(each, amount=each.amount - over.get(each.event_id, NOTHING)) for each in both.spent]
    for first in days:
        within = [each.amount for each in left if first <= each.day < first + timedelta(days=30)]
        assert sum(within, NOTHING) <= Money.of(300)
