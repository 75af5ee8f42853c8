"""Of every device fee exactly one comes true: invoiced, removed or credited, whatever comes when (Q10)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement, permutations

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.billing.domain.fees.ledger import Fee, net
from shared.domain.days import STOCKHOLM
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged, FeeCredited
from tests.billing.lending import STEPS, Lent, fate_of
from tests.billing.loans import AMOUNT, FEE, Book, Note, day, decided, taken_back

CLOCK_FORWARD, CLOCK_BACK, LEAP_DAY = date(2027, 3, 28), date(2026, 10, 25), date(2028, 2, 29)
DAYS_0 = [
    each - timedelta(days=before) for each in (CLOCK_FORWARD, CLOCK_BACK, LEAP_DAY) for before in (0, 90, 91)
]
"""Days on which, or 90 or 91 days after which, the clock changes or a leap day is."""
AROUND_THE_LAST = (89, 90, 91)
HISTORIES = (
    ("give_back",),
    ("exchange",),
    ("give_back", "exchange"),
    ("exchange", "give_back"),
    ("register",),
    ("register", "fetch"),
    ("register", "annul"),
    ("register", "exchange"),
    ("register_home",),
    ("register_home", "fetch_home"),
    ("register_home", "annul_home"),
    ("register_home", "give_home"),
    ("register_home", "give_home", "fetch_home"),
    ("register_home", "give_home", "annul_home"),
    ("give_back", "register", "fetch"),
)
LESS = FEE.model_copy(update={"amount": Decimal(300)})
NO, YES, CHANGED = decided(1, None), decided(2, FEE), decided(3, LESS)


def outcome(book: Book) -> str:
    """Name what became of the fee; raises when it is not exactly one thing."""
    charged = [each.event_id for each in book.told if isinstance(each, FeeCharged)]
    credited = [each.reverses for each in book.told if isinstance(each, FeeCredited)]
    assert len({*charged}) == len(charged)
    assert len({*credited}) == len(credited)
    assert {*credited} <= {*charged}
    charges = [fee for fee in book.fees if fee.entry.kind == "charge"]
    standing = [fee for fee in charges if fee.stage != "removed" and fee.event_id not in credited]
    assert len(standing) <= 1
    if not standing:
        return "credited" if credited else "removed"
    return "invoiced" if standing[0].event_id in charged else standing[0].stage


def expected(fate: str) -> set[str]:
    return {"removed": {"removed", "credited"}, "runs": {"invoiced"}, "waits": {"deferred", "invoiced"}}[fate]


def lent(history: Sequence[str], day_0: date, numbers: Sequence[int]) -> Lent:
    """Let these steps happen on these days after day 0."""
    world = Lent("loan-1", day_0, day_0)
    world.hand_out()
    for step, number in zip(history, numbers, strict=True):
        world.today = day_0 + timedelta(days=number)
        getattr(world, step)()
    return world


def days_of(history: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Give each rising choice of days around the last one."""
    if len(history) == 1:
        yield from ((number,) for number in AROUND_THE_LAST)
        return
    for numbers in combinations_with_replacement((*AROUND_THE_LAST, 95), len(history)):
        if numbers[0] in AROUND_THE_LAST:
            yield numbers


@pytest.mark.parametrize("history", HISTORIES, ids=" ".join)
def test_each_order_of_facts_on_each_day_around_the_last_ends_in_one_thing(history: tuple[str, ...]) -> None:
    for day_0 in DAYS_0:
        for numbers in days_of(history):
            world = lent(history, day_0, numbers)
            for told in permutations(world.told):
                for heard_on in (90, 91, 120):
                    on = day_0 + timedelta(days=heard_on)
                    book = Book().hear(*told, on=on).settle(day_0 + timedelta(days=400))
                    where = (day_0, numbers, heard_on)
                    assert outcome(book) in expected(fate_of([world])), where
                    assert net(book.fees) == (NOTHING if fate_of([world]) == "removed" else AMOUNT), where


@pytest.mark.parametrize("day_0", DAYS_0, ids=str)
def test_the_fee_is_due_with_the_first_moment_of_day_91_in_sweden(day_0: date) -> None:
    due = datetime.combine(day_0 + timedelta(days=91), time(), tzinfo=STOCKHOLM).astimezone(UTC)
    book = Book().hear(*lent((), day_0, ()).told, on=day_0)

    before = book.settle(due - timedelta(seconds=1)).stages
    after = book.settle(due).stages

    assert (before, after) == ([("charge", "deferred")], [("charge", "told")])


@pytest.mark.parametrize("late", [1, 89, 90, 91, 200])
@pytest.mark.parametrize(
    ("facts", "pays"),
    [((NO,), 0), ((NO, YES), 500), ((NO, YES, CHANGED), 300), ((CHANGED,), 300)],
    ids=["no", "yes again", "less", "less at once"],
)
def test_a_corrected_fee_is_what_was_decided_last_on_each_day_and_in_each_order(
    facts: tuple[Note, ...], pays: int, late: int
) -> None:
    for day_0 in DAYS_0:
        hand_out = lent((), day_0, ()).told
        for told in permutations((*hand_out, *facts)):
            on = day_0 + timedelta(days=late)
            book = Book().hear(*hand_out, on=day_0).hear(*told, on=on).settle(day_0 + timedelta(days=400))

            assert net(book.fees) == Money.of(pays)
            assert outcome(book) in ({"invoiced"} if pays else {"removed", "credited"})


class OneLine(RuleBasedStateMachine):
    """One line of one order: what happens is published, comes late, twice, in any order and over crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.today = day(0)
        self.pieces: list[Lent] = []
        self.version = 0
        self.fee = FEE
        self.pays = True
        self.waiting: list[Note] = []
        self.consumed: list[Note] = []
        self.book = Book()

    @property
    def with_patient(self) -> list[Lent]:
        return [each for each in self.pieces if not each.mistaken]

    @rule(number=some.integers(1, 40) | some.sampled_from((89, 90, 91)))
    def days_pass(self, number: int) -> None:
        for _ in range(number):
            self.today += timedelta(days=1)
            self.book.settle(self.today)

    @precondition(lambda self: len(self.pieces) < 3)
    @rule()
    def hand_out_a_piece(self) -> None:
        piece = Lent(f"loan-{len(self.pieces) + 1}", self.today, self.today)
        piece.hand_out()
        self.pieces.append(piece)
        self._publish(piece)

    @precondition(lambda self: self.with_patient)
    @rule(data=some.data(), step=some.sampled_from(STEPS))
    def something_happens(self, data: some.DataObject, step: str) -> None:
        piece = data.draw(some.sampled_from(self.with_patient))
        piece.today = self.today
        getattr(piece, step)()
        self._publish(piece)

    @precondition(lambda self: self.with_patient)
    @rule(data=some.data())
    def it_was_a_mistake(self, data: some.DataObject) -> None:
        piece = data.draw(some.sampled_from(self.with_patient))
        piece.mistaken = True
        self.waiting.append(taken_back(self.today, piece.loan_id))

    @rule(fee=some.sampled_from((None, FEE, LESS)))
    def two_people_decide(self, fee: object) -> None:
        self.version += 1
        self.pays, self.fee = fee is not None, LESS if fee is LESS else FEE
        self.waiting.append(decided(self.version, self.fee if self.pays else None))

    @precondition(lambda self: self.waiting)
    @rule(data=some.data(), crashes=some.booleans())
    def a_fact_is_consumed(self, data: some.DataObject, crashes: bool) -> None:
        note = data.draw(some.sampled_from(self.waiting))
        if crashes:  # between storing the fact and the ledger: the same fact comes again
            note(self.book)
            return
        self.waiting.remove(note)
        self.consumed.append(note)
        self.book.hear(note, on=self.today)

    @precondition(lambda self: self.consumed)
    @rule(data=some.data())
    def a_fact_comes_again(self, data: some.DataObject) -> None:
        self.book.hear(data.draw(some.sampled_from(self.consumed)), on=self.today)

    @invariant()
    def never_two_things(self) -> None:
        outcome(self.book)

    def teardown(self) -> None:
        self.book.hear(*self.waiting, on=self.today)
        fate = fate_of(self.pieces) if self.pays else "removed"
        pays = NOTHING if fate == "removed" else Money(self.fee.amount)

        for number in (0, 91, 400):
            self.book.settle(self.today + timedelta(days=number))
        assert net(self.book.fees) == pays
        assert outcome(self.book) in expected(fate)

    def _publish(self, piece: Lent) -> None:
        self.waiting += piece.told
        piece.told = []


OneLine.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestOneLine = OneLine.TestCase


def test_the_oracle_finds_a_fee_that_was_both_charged_and_left_removed() -> None:
    book = Book().hear(*lent((), day(0), ()).told).settle(day(91))
    fee: Fee = book.fees[0]
    book.told.append(next(each for each in book.told if isinstance(each, FeeCharged)))

    with pytest.raises(AssertionError):
        outcome(book)
    assert fee.stage == "told"
