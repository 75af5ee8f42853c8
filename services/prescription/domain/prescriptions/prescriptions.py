"""A prescription with its lines, and how often each line was used (S6, S8, S22, S24, N2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from shared.domain.days import begins_at
from shared.domain.decision import NotFound
from shared.domain.money import Money
from shared.events.prescription import RenewalReason
from shared.events.values import PayerKind, PrescriptionType

LineState = Literal["active", "annulled", "used_up", "expired"]
Profession = str
"""As the token says; which professions prescribe, the rule book knows (S20, Q30)."""

NOTICE_DAYS = 30
"""For prescriptions from before the rule book had a row for it (N2)."""


@dataclass(frozen=True)
class Annulment:
    """Who took the line back, when and why (S26)."""

    by: str
    on: date
    reason: str


@dataclass(frozen=True)
class Physician:
    """The physician who is responsible for what an exempted dietitian prescribes (Q26)."""

    sub: str
    name: str


@dataclass(frozen=True)
class Line:
    """One prescribed article. `sent` and `given_back` hold withdrawal numbers, so that facts may repeat.

    `per_day` is kept as the prescriber gave it; `packages` is per withdrawal, `days` too.
    `package_price` and `pieces_per_package` are those of the day of prescribing. `renew_on` is the last day
    that the patient is provided for: of the line, or of the goods of its last withdrawal (N2).
    """

    line_id: str
    article_no: str
    article_name: str
    is_generic: bool
    per_day: Decimal | None
    packages: int
    days: int
    withdrawals: int
    state: LineState = "active"
    sent: tuple[str, ...] = ()
    given_back: tuple[str, ...] = ()
    ended_on: date | None = None
    annulment: Annulment | None = None
    package_price: Money | None = None
    pieces_per_package: int | None = None
    responsible_physician: Physician | None = None
    renew_on: date | None = None
    noticed: tuple[RenewalReason, ...] = ()

    @property
    def used(self) -> tuple[str, ...]:
        """Give the withdrawals that count: sent and not given back (S24, Q9)."""
        return tuple(each for each in self.sent if each not in self.given_back)

    @property
    def withdrawals_left(self) -> int:
        """Count what is left of the line, for reading; ordering decides (Q21)."""
        return max(0, self.withdrawals - len(self.used)) if self.state == "active" else 0

    @property
    def renewal_reason(self) -> RenewalReason | None:
        """Give why the patient will need a new prescription; None when the line was taken back (N2)."""
        reasons: dict[LineState, RenewalReason] = {
            "active": "ends",
            "expired": "ends",
            "used_up": "last_withdrawal_used",
        }
        return reasons.get(self.state)

    def ended(self, state: LineState, *, on: date) -> "Line":
        return replace(self, state=state, ended_on=on)

    def dated(self, valid_through: date) -> "Line":
        """Work out the last day that the patient is provided for (N2)."""
        if self.state == "annulled":
            return replace(self, renew_on=None)
        if self.state == "used_up" and self.ended_on is not None:
            return replace(self, renew_on=self.ended_on + timedelta(days=self.days))
        return replace(self, renew_on=valid_through)


@dataclass(frozen=True)
class Prescription:
    """What one prescriber prescribed for one patient on one day; valid through a day (S16, Q4).

    `due_at` is the next moment at which something happens by itself: a notice, or the end (S24, N2).
    """

    prescription_no: str
    patient_ref: str
    prescription_type: PrescriptionType
    product_area: str
    care_unit: str
    prescriber: str
    prescriber_profession: Profession
    prescriber_employed_by_region: bool
    payer: PayerKind
    registered_on: date
    valid_through: date
    lines: tuple[Line, ...]
    notice_days: int | None = NOTICE_DAYS
    due_at: datetime | None = None

    def line(self, line_id: str) -> Line:
        """Give one line (S26); raises NotFound."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise NotFound("Line", line_id)

    def with_lines(self, changed: Iterable[Line]) -> "Prescription":
        """Put changed lines in place of the old; the same prescription when none differs (S24)."""
        news = {line.line_id: line for line in changed}
        lines = tuple(news.get(line.line_id, line) for line in self.lines)
        return self if lines == self.lines else replace(self, lines=lines).dated()

    def as_of(self, on: date) -> "Prescription":
        """Give it as it is that day: what was active ends after its last day, also before a job has run (Q4).

        For reading only; `expire_lines` stores and publishes the end.
        """
        if on <= self.valid_through:
            return self
        first_day_without = self.valid_through + timedelta(days=1)
        ended = (
            line.ended("expired", on=first_day_without) if line.state == "active" else line
            for line in self.lines
        )
        return replace(self, lines=tuple(ended))

    def dated(self) -> "Prescription":
        """Work out what happens next by itself, and when, in the patient's calendar days (S24, N2, Q4)."""
        lines = tuple(line.dated(self.valid_through) for line in self.lines)
        days = [day for line in lines for day in self._deadlines(line)]
        return replace(self, lines=lines, due_at=begins_at(min(days)) if days else None)

    def notice_on(self, line: Line) -> date | None:
        """Give the day on which the patient is to be told of the line; None when told, or never (N2)."""
        reason = line.renewal_reason
        if self.notice_days is None or line.renew_on is None or line.state == "expired":
            return None
        return None if reason in line.noticed else line.renew_on - timedelta(days=self.notice_days)

    def _deadlines(self, line: Line) -> Iterator[date]:
        notice = self.notice_on(line)
        if notice is not None:
            yield notice
        if line.state == "active":
            yield self.valid_through + timedelta(days=1)


def line_id(prescription_no: str, place: int) -> str:
    """Name a line by its prescription and its place, counted from 1 (S22)."""
    return f"{prescription_no}-{place}"


def prescription_of(line_id: str) -> str:
    """Give the number of the prescription that a line stands on (S22)."""
    return line_id.rpartition("-")[0]
