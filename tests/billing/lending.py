"""What really happens to the pieces of one line of an order, and what shall become of its fee (Q10, Q48)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.billing.loans import (
    FEE,
    Note,
    annulled,
    at_care_unit,
    at_home,
    exchanged,
    fetched,
    given,
    handed_out,
    returned,
)

STEPS = (
    "exchange", "give_back", "register", "fetch", "annul", "register_home", "give_home", "fetch_home",
    "annul_home",
)  # fmt: skip


@dataclass
class Lent:
    """One loan in its own order: what the patient has, and what is published of it."""

    loan_id: str
    day_0: date
    today: date
    device: str = "A"
    came_back: list[date] = field(default_factory=list)
    """Days that count as the return of the device that the patient has now."""
    at_unit: tuple[str, date] | None = None
    """The collection order at the care unit that holds the fee."""
    home: str | None = None
    given_on: date | None = None
    """When the carrier fetched it at home; the warehouse has not received it yet."""
    count: int = 0
    mistaken: bool = False
    told: list[Note] = field(default_factory=list)

    def hand_out(self) -> Note:
        return self._tell(handed_out(self.day_0, loan_id=self.loan_id, device_no=self.device, fee=FEE))

    def fate(self, last: date) -> str:
        if any(day <= last for day in self.came_back):
            return "removed"
        return "waits" if self.at_unit and self.at_unit[1] <= last else "runs"

    def exchange(self) -> None:
        new = self._name("device")
        self._tell(exchanged(self.device, new, self.today, loan_id=self.loan_id))
        self.device, self.at_unit, self.home, self.came_back = new, None, None, []
        self.given_on = None

    def give_back(self) -> None:
        self._tell(returned(self.device, self.today, loan_id=self.loan_id))
        self.came_back.append(self.today)

    def register(self) -> None:
        if self.at_unit is None:
            self.at_unit = self._name("H"), self.today
            self._tell(
                at_care_unit(self.today, device_no=self.device, number=self.at_unit[0], loan_id=self.loan_id)
            )

    def fetch(self) -> None:
        if self.at_unit:
            number, registered_on = self.at_unit
            self._tell(fetched(self.today, device_no=self.device, number=number, loan_id=self.loan_id))
            self.came_back.append(registered_on)
            self.at_unit = None

    def annul(self) -> None:
        """Annul it, or close it without the device: billing stores both alike (Q48)."""
        if self.at_unit:
            self._tell(
                annulled(self.today, device_no=self.device, number=self.at_unit[0], loan_id=self.loan_id)
            )
            self.at_unit = None

    def register_home(self) -> None:
        if self.home is None:
            self.home = self._name("E")
            self._tell(at_home(self.today, device_no=self.device, number=self.home, loan_id=self.loan_id))

    def give_home(self) -> None:
        """The carrier fetches it, and it is on its way to the warehouse."""
        if self.home and self.given_on is None:
            self._tell(given(self.today, device_no=self.device, number=self.home, loan_id=self.loan_id))
            self.given_on = self.today
            self.came_back.append(self.today)

    def fetch_home(self) -> None:
        if self.home:
            on = self.given_on or self.today
            self._tell(fetched(on, device_no=self.device, number=self.home, loan_id=self.loan_id))
            self.home, self.given_on = None, None
            self.came_back.append(on)

    def annul_home(self) -> None:
        if self.home:
            self._tell(annulled(self.today, device_no=self.device, number=self.home, loan_id=self.loan_id))
            if self.given_on:
                self.came_back.remove(self.given_on)
            self.home, self.given_on = None, None

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{self.loan_id}-{kind}{self.count}"

    def _tell(self, note: Note) -> Note:
        self.told.append(note)
        return note


def fate_of(lent: list[Lent], *, deferred_days: int = FEE.deferred_days) -> str:
    """Say what shall become of the fee of a line with these pieces, if the patient pays it."""
    kept = [each for each in lent if not each.mistaken]
    if not kept:
        return "removed"
    last = min(each.day_0 for each in kept) + timedelta(days=deferred_days)
    fates = {each.fate(last) for each in kept}
    return "runs" if "runs" in fates else "waits" if "waits" in fates else "removed"
