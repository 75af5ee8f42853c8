"""The 90 days of a device's fee, whatever happens to the device and in whatever order it is heard (Q10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import given as each_of
from hypothesis import strategies as some

from services.billing.domain.devices.order import falls_due_on
from services.billing.domain.fees.ledger import net
from services.billing.domain.fees.payer import Payer, Spent
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.fees import Cap
from tests.billing.examples import ENTRY, PAYER
from tests.billing.loans import (
    AMOUNT,
    Book,
    Note,
    annulled,
    at_care_unit,
    at_home,
    day,
    exchanged,
    fetched,
    given,
    handed_out,
    returned,
)

LAST = 90
DAYS_0 = (date(2026, 11, 21), date(2027, 12, 1), date(2028, 2, 29), date(2023, 11, 30), date(2026, 12, 31))
STEPS = (
    "exchange", "give_back", "register", "fetch", "annul", "register_home", "give_home", "fetch_home",
    "annul_home",
)  # fmt: skip

days_0 = some.sampled_from(DAYS_0) | some.dates(date(2023, 11, 1), date(2032, 3, 1))
days_around_the_last = some.integers(0, 100) | some.sampled_from((89, 90, 91))
histories = some.lists(some.tuples(some.integers(1, 45), some.sampled_from(STEPS)), max_size=6)

CAME_BACK: tuple[tuple[str, ...], ...] = (
    ("give_back", "exchange"),
    ("give_back",),
    ("exchange", "give_back", "exchange"),
    ("register", "fetch", "exchange"),
)
coming_back = some.sampled_from(CAME_BACK).flatmap(
    lambda steps: some.tuples(*(some.tuples(some.integers(1, 20), some.just(step)) for step in steps))
)
"""Histories in which a device comes back, mostly followed by another."""


@dataclass
class World:
    """What happens to one device in its own order, what is told of it, and what shall become of the fee."""

    first: date
    number: int = 0
    device: str = "A"
    at_unit: str | None = None
    """The collection order at the care unit that holds the fee."""
    home: str | None = None
    given_at: int | None = None
    """The day on which the carrier fetched it at home, for the open order."""
    came_back: bool = False
    told: list[tuple[int, Note]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return day(self.number, first=self.first)

    @property
    def fate(self) -> str:
        is_given = self.given_at is not None and self.given_at <= LAST
        return "removed" if self.came_back or is_given else "waits" if self.at_unit else "runs"

    def tell(self, note: Note) -> None:
        self.told.append((self.number, note))

    def exchange(self) -> None:
        new = f"device-{self.number}"
        self.tell(exchanged(self.device, new, self.today))
        self.device, self.at_unit, self.home, self.came_back = new, None, None, False
        self.given_at = None

    def give_back(self) -> None:
        self.tell(returned(self.device, self.today))
        self.came_back = self.came_back or self.number <= LAST

    def register(self) -> None:
        if self.at_unit is None:
            name = f"H{self.number}"
            self.tell(at_care_unit(self.today, device_no=self.device, number=name))
            self.at_unit = name if self.number <= LAST else None

    def fetch(self) -> None:
        if self.at_unit:
            self.tell(fetched(self.today, device_no=self.device, number=self.at_unit))
            self.at_unit, self.came_back = None, True

    def annul(self) -> None:
        if self.at_unit:
            self.tell(annulled(self.today, device_no=self.device, number=self.at_unit))
            self.at_unit = None

    def register_home(self) -> None:
        if self.home is None:
            self.home = f"E{self.number}"
            self.tell(at_home(self.today, device_no=self.device, number=self.home))

    def give_home(self) -> None:
        if self.home and self.given_at is None:
            self.tell(given(self.today, device_no=self.device, number=self.home))
            self.given_at = self.number

    def fetch_home(self) -> None:
        if self.home:
            number = self.number if self.given_at is None else self.given_at
            self.tell(fetched(day(number, first=self.first), device_no=self.device, number=self.home))
            self.home, self.given_at = None, None
            self.came_back = self.came_back or number <= LAST

    def annul_home(self) -> None:
        if self.home:
            self.tell(annulled(self.today, device_no=self.device, number=self.home))
            self.home, self.given_at = None, None


def played(history: Sequence[tuple[int, str]], first: date) -> World:
    world = World(first)
    world.tell(handed_out(first))
    for gap, step in history:
        world.number += gap
        getattr(world, step)()
    return world


@each_of(first=days_0, number=days_around_the_last)
def test_a_return_in_time_removes_and_a_later_one_never_does(first: date, number: int) -> None:
    book = Book().hear(handed_out(first), on=first)
    for passed in range(102):
        today = date.fromordinal(first.toordinal() + passed)
        if passed == number:
            book.hear(returned("A", today), on=today)
        book.settle(today)

        (fee,) = book.fees
        removed, due = fee.stage == "removed", fee.stage == "told"
        assert removed == (number <= passed and number <= LAST)
        assert due == (passed > LAST and not removed)


@each_of(first=days_0, history=histories)
def test_what_is_consumed_in_time_is_removed_or_due_never_both_and_never_neither(
    first: date, history: Sequence[tuple[int, str]]
) -> None:
    world, book = played(history, first), Book()
    for number, note in world.told:
        book.hear(note, on=day(number, first=first))
    book.settle(day(400, first=first))

    assert net(book.fees) == (NOTHING if world.fate == "removed" else AMOUNT)
    waiting = [fee.stage for fee in book.fees if fee.stage in ("deferred", "held")]
    assert waiting == (["deferred"] if world.fate == "waits" else [])


@each_of(first=days_0, history=histories, data=some.data())
def test_whatever_is_consumed_in_whatever_order_and_however_late_the_sum_is_the_same(
    first: date, history: Sequence[tuple[int, str]], data: some.DataObject
) -> None:
    world, book, today = played(history, first), Book(), 0
    for number, note in data.draw(some.permutations(world.told)):
        today = max(today, number + data.draw(some.integers(0, 60)))
        book.hear(note, on=day(today, first=first)).settle(day(today, first=first))
    book.settle(day(today + 400, first=first))

    charged = [each.event_id for each in book.told if isinstance(each, FeeCharged)]
    credited = [each.event_id for each in book.told if isinstance(each, FeeCredited)]
    stands = {"removed": {0}, "runs": {1}, "waits": {0, 1}}[world.fate]
    assert net(book.fees) == (NOTHING if world.fate == "removed" else AMOUNT)
    assert len(charged) - len(credited) in stands
    assert len({*charged, *credited}) == len(charged) + len(credited)


PRIOR = Spent("another-fee", date(2000, 1, 1), NOTHING, ENTRY.tariff)


def payer_who_paid(kronor: int, first: date, *, known: bool) -> Payer | None:
    """Somebody who paid that much on the day the device's fee falls due; None is heard of by nobody yet."""
    paid = replace(PRIOR, day=falls_due_on(first, deferred_days=LAST), amount=Money.of(kronor))
    spent = (paid,) if kronor else ()
    return replace(PAYER, spent=spent) if known or kronor else None


def payers(first: date) -> some.SearchStrategy[tuple[int, Payer | None]]:
    paid_before, known = some.sampled_from((0, 40, 100)), some.booleans()
    return some.builds(
        lambda kr, is_known: (kr, payer_who_paid(kr, first, known=is_known)), paid_before, known
    )


@each_of(first=days_0, history=coming_back, most=some.sampled_from((100, 300, 500, 700)), data=some.data())
def test_under_a_cap_the_fee_that_stands_is_the_same_in_whatever_order_it_is_consumed(
    first: date, history: Sequence[tuple[int, str]], most: int, data: some.DataObject
) -> None:
    caps = {ENTRY.tariff: Cap(scope="patient", amount=Money.of(most).amount, window_days=30)}
    world, today = played(history, first), 0
    before, payer = data.draw(payers(first))
    book = Book(caps=caps, payer=payer)
    for number, note in data.draw(some.permutations(world.told)):
        today = max(today, number + data.draw(some.integers(0, 60)))
        book.hear(note, on=day(today, first=first)).settle(day(today, first=first))
    book.settle(day(today + 400, first=first))

    fits = min(AMOUNT, Money.of(most - before))
    assert net(book.fees) == (NOTHING if world.fate == "removed" else fits)
    counted = sum((each.amount for each in book.payer.spent), NOTHING) if book.payer else NOTHING
    assert counted == net(book.fees) + Money.of(before)
