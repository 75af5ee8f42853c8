"""Evaluates the rule book for a case: what each row answers (S16, S20, S21, S63, Q4, Q5, Q25, N14)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.prescription.domain.rules.rule_book import (
    AgainstTheBook,
    AgeRow,
    AreaRules,
    ExemptionRow,
    NoRuleInForce,
    Row,
    in_force,
)
from shared.domain.days import age
from shared.domain.decision import Refused
from shared.events.values import PrescriptionType


@dataclass(frozen=True)
class Case:
    """Who prescribes what to whom, without saying who they are; without `born` no age rule is asked."""

    prescription_type: PrescriptionType
    profession: str
    born: date | None
    exempted: bool = False


@dataclass(frozen=True)
class Stretch:
    """How long a line lasts; `line` counts from 1."""

    line: int
    days: int
    withdrawals: int


@dataclass(frozen=True)
class Verdict:
    """What one row said; `refused` is None when it let the case pass, `row` None when no row was there."""

    row: Row | None
    refused: Refused | None = None
    line: int | None = None

    @property
    def allows(self) -> bool:
        return self.refused is None


def judge(rules: AreaRules, case: Case, *, stretches: Iterable[Stretch], on: date) -> Iterator[Verdict]:
    """Ask every row that holds on the day; the case is allowed when each lets it pass (N14, Q5)."""
    yield from judge_right(rules, case, on=on)
    yield from judge_type(rules, case, on=on)
    for each in stretches:
        yield from judge_stretch(rules, each, born=case.born, on=on)


def judge_right(rules: AreaRules, case: Case, *, on: date) -> Iterator[Verdict]:
    """Ask who may prescribe at that age; one row or exemption that covers it is enough (S20, S21, Q26)."""
    if not in_force(rules.rights, on):
        yield Verdict(None, NoRuleInForce())
        return
    rights = rules.rights_of(case.profession, on)
    if not rights:
        yield Verdict(None, AgainstTheBook(rules.others))
        return
    if case.born is None:
        return
    years = age(case.born, on)
    exempting = [
        row
        for row in in_force(rules.exemptions, on)
        if case.exempted and row.profession == case.profession and years < row.below_years
    ]
    covering = [row for row in rights if row.covers(years)]
    allowing: list[Row] = [*covering, *exempting]
    yield Verdict(allowing[0]) if allowing else _refused_by(rights[0])


def judge_type(rules: AreaRules, case: Case, *, on: date) -> Iterator[Verdict]:
    """Ask who may be prescribed the type at all (S63, Q2)."""
    if case.born is None:
        return
    years = age(case.born, on)
    for row in in_force(rules.type_ages, on):
        if row.prescription_type == case.prescription_type:
            yield Verdict(row) if row.covers(years) else _refused_by(row)


def judge_stretch(rules: AreaRules, stretch: Stretch, *, born: date | None, on: date) -> Iterator[Verdict]:
    """Ask how long the line and each withdrawal may last (S16, Q4, Q25)."""
    line, total = stretch.line, stretch.days * stretch.withdrawals
    for longest in in_force(rules.longest_times, on)[:1]:
        said = AgainstTheBook(longest.refusal, line=line, days=total, decided_by=longest.rule)
        yield Verdict(longest, said if total > longest.days else None, line)
    for row in in_force(rules.longest_withdrawals, on)[:1]:
        if born is not None and age(born, on) < row.below_years:
            said = AgainstTheBook(row.refusal, line=line, days=stretch.days, decided_by=row.rule)
            yield Verdict(row, said if stretch.days > row.days else None, line)


def rests_on_exemption(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether an exemption was what let the case pass (S21, Q26)."""
    return any(isinstance(verdict.row, ExemptionRow) for verdict in verdicts)


def refusals_of(verdicts: Iterable[Verdict]) -> Iterator[Refused]:
    """Give what speaks against the case (N1, N14)."""
    for verdict in verdicts:
        if verdict.refused is not None:
            yield verdict.refused


def _refused_by(row: AgeRow) -> Verdict:
    return Verdict(row, AgainstTheBook(row.refusal, decided_by=row.rule))
