"""A prescription with its lines, and what each line has been used for (S6, S8, S22, S24)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.domain.decision import NotFound
from shared.events.prescription import PayerKind, PrescriptionType

LineState = Literal["active", "annulled", "used_up", "expired"]
Profession = Literal["physician", "dietitian"]


@dataclass(frozen=True)
class Annulment:
    """Who took the line back, when and why (S26)."""

    by: str
    on: date
    reason: str


@dataclass(frozen=True)
class Line:
    """One prescribed article. `sent` and `given_back` hold withdrawal numbers, so that facts may repeat.

    `per_day` is kept as the prescriber gave it; `packages` is per withdrawal, `days` too.
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

    @property
    def used(self) -> tuple[str, ...]:
        """Give the withdrawals that count: sent and not given back (S24, Q9)."""
        return tuple(each for each in self.sent if each not in self.given_back)

    @property
    def withdrawals_left(self) -> int:
        """Count what is left of the line, for reading; ordering decides (Q21)."""
        return max(0, self.withdrawals - len(self.used)) if self.state == "active" else 0

    def ended(self, state: LineState, *, on: date) -> "Line":
        return replace(self, state=state, ended_on=on)


@dataclass(frozen=True)
class Prescription:
    """What one prescriber prescribed for one patient on one day; valid through a day (S16, Q4)."""

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
        return self if lines == self.lines else replace(self, lines=lines)


def line_id(prescription_no: str, place: int) -> str:
    """Name a line by its prescription and its place, counted from 1 (S22)."""
    return f"{prescription_no}-{place}"


def prescription_of(line_id: str) -> str:
    """Give the number of the prescription that a line stands on (S22)."""
    return line_id.rpartition("-")[0]
