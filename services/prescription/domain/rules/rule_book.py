"""The rule book: a region's dated rules of prescribing (S20, S21, S63, Q4, Q25, N14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.domain.days import Period
from shared.domain.decision import Refused, Sentence
from shared.events.values import PrescriptionType


@dataclass(frozen=True)
class Refusal:
    """What people are told when a row says no; `code` is stable, for machines."""

    code: str
    sentence: Sentence


@dataclass(frozen=True)
class Row:
    """One dated decision; `rule` names it in answers and test vectors, `source` says where it comes from."""

    rule: str
    source: str
    holds: Period


@dataclass(frozen=True)
class AgeRow(Row):
    """Ages in whole years: from, and below."""

    refusal: Refusal
    from_years: int = 0
    below_years: int | None = None

    def covers(self, years: int) -> bool:
        return self.from_years <= years and (self.below_years is None or years < self.below_years)


@dataclass(frozen=True, kw_only=True)
class Right(AgeRow):
    """Which profession prescribes in the area, to patients of which age (S20, Q2)."""

    profession: str


@dataclass(frozen=True, kw_only=True)
class TypeAge(AgeRow):
    """Who may be prescribed a type at all (S63, Q2)."""

    prescription_type: PrescriptionType


@dataclass(frozen=True)
class LongestTime(Row):
    """Days per withdrawal times withdrawals, at most (S16, Q4)."""

    refusal: Refusal
    days: int


@dataclass(frozen=True)
class LongestWithdrawal(Row):
    """Days of one withdrawal, at most, for patients below an age (Q25, law 2002:160)."""

    refusal: Refusal
    days: int
    below_years: int


@dataclass(frozen=True)
class ExemptionRow(Row):
    """Which profession a head of unit may authorise by name, for patients below which age (S21, Q26)."""

    profession: str
    below_years: int


@dataclass(frozen=True)
class RenewalNotice(Row):
    """How many days before a line ends or its goods run out the patient is told (N2)."""

    days: int


@dataclass(frozen=True)
class AreaRules:
    """All rows of one product area, of every time; `others` is said to who may not prescribe in it at all."""

    product_area: str
    others: Refusal
    rights: tuple[Right, ...]
    type_ages: tuple[TypeAge, ...] = ()
    longest_times: tuple[LongestTime, ...] = ()
    longest_withdrawals: tuple[LongestWithdrawal, ...] = ()
    exemptions: tuple[ExemptionRow, ...] = ()
    renewal_notices: tuple[RenewalNotice, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return (
            *self.rights,
            *self.type_ages,
            *self.longest_times,
            *self.longest_withdrawals,
            *self.exemptions,
            *self.renewal_notices,
        )

    def rights_of(self, profession: str, on: date) -> tuple[Right, ...]:
        """Give what lets the profession prescribe in the area that day (S20, S75)."""
        return tuple(row for row in in_force(self.rights, on) if row.profession == profession)

    def notice_days(self, on: date) -> int | None:
        """Give how long before a line ends the patient is told; None when the area has no such rule (N2)."""
        return next((row.days for row in in_force(self.renewal_notices, on)), None)


@dataclass(frozen=True)
class RuleBook:
    """The rules of every product area (N14, Q30)."""

    areas: tuple[AreaRules, ...]

    def of(self, product_area: str) -> AreaRules:
        """Give an area's rules (Q30); an area without rules is a KeyError."""
        return {area.product_area: area for area in self.areas}[product_area]


class NoRuleInForce(Refused):
    """Before the first row of an area nothing may be prescribed in it (N14)."""

    rule = "no-rule-in-force"
    sentence = Sentence(
        "Inga regler gäller för produktområdet den dagen. Välj en annan dag, eller fråga regelbokens ägare.",
        "No rules hold for the product area that day. Choose another day, or ask the rule book's keeper.",
    )


class AgainstTheBook(Refused):
    """A row of the rule book says no, with the row's own code and words (N14)."""

    def __init__(self, refusal: Refusal, **facts: str | int | None) -> None:
        self.rule = refusal.code
        super().__init__(refusal.sentence, **facts)


AnyRow = TypeVar("AnyRow", bound=Row)


def in_force(rows: Iterable[AnyRow], on: date) -> tuple[AnyRow, ...]:
    """Choose the rows that hold on a day, the latest first day first (N14)."""
    holding = [row for row in rows if row.holds.covers(on)]
    return tuple(sorted(holding, key=lambda row: row.holds.valid_from, reverse=True))
