"""The 90 days of a device's fee, whatever happens to the device and in whatever order it is heard (Q10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from services.billing.domain.ledger import net
from shared.domain.money import NOTHING
from shared.events.billing import FeeCharged, FeeCredited
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
    handed_out,
    returned,
)

LAST = 90
DAYS_0 = (date(2026, 11, 21), date(2027, 12, 1), date(2028, 2, 29), date(2023, 11, 30), date(2026, 12, 31))
STEPS = (
    "exchange", "give_back", "register", "fetch", "annul", "register_home", "fetch_home", "annul_home",
)  # fmt: skip

days_0 = some.sampled_from(DAYS_0) | some.dates(date(2023, 11, 1), date(2032, 3, 1))
days_around_the_last = some.integers(0, 100) | some.sampled_from((89, 90, 91))
histories = some.lists(some.tuples(some.integers(1, 45), some.sampled_from(STEPS)), max_size=6)


@dataclass
class World:
    """What happens to one device in its own order, what is told of it, and what shall become of the fee."""

    first: date
    number: int = 0
    device: str = "A"
    at_unit: str | None = None
    """The collection order at the care unit that holds the fee."""
    home: str | None = None
    came_back: bool = False
    told: list[tuple[int, Note]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return day(self.number, first=self.first)

    @property
    def fate(self) -> str:
        return "removed" if self.came_back else "waits" if self.at_unit else "runs"

    def tell(self, note: Note) -> None:
        self.told.append((self.number, note))

    def exchange(self) -> None:
        new = f"device-{self.number}"
        self.tell(exchanged(self.device, new, self.today))
        self.device, self.at_unit, self.home, self.came_back = new, None, None, False

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

    def fetch_home(self) -> None:
        if self.home:
            self.tell(fetched(self.today, device_no=self.device, number=self.home))
            self.home, self.came_back = None, self.came_back or self.number <= LAST

    def annul_home(self) -> None:
        if self.home:
            self.tell(annulled(self.today, device_no=self.device, number=self.home))
            self.home = None


def played(history: Sequence[tuple[int, str]], first: date) -> World:
    world = World(first)
    world.tell(handed_out(first))
    for gap, step in history:
        world.number += gap
        getattr(world, step)()
    return world


@given(first=days_0, number=days_around_the_last)
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


@given(first=days_0, history=histories)
def test_what_is_heard_in_time_is_removed_or_due_never_both_and_never_neither(
    first: date, history: Sequence[tuple[int, str]]
) -> None:
    world, book = played(history, first), Book()
    for number, note in world.told:
        book.hear(note, on=day(number, first=first))
    book.settle(day(400, first=first))

    assert net(book.fees) == (NOTHING if world.fate == "removed" else AMOUNT)
    waiting = [fee.stage for fee in book.fees if fee.stage in ("deferred", "held")]
    assert waiting == (["deferred"] if world.fate == "waits" else [])


@given(first=days_0, history=histories, data=some.data())
def test_whatever_is_heard_in_whatever_order_and_however_late_the_sum_is_the_same(
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
