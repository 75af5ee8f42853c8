"""Tries a tariff on last month's withdrawals: what each would cost, without naming persons (N5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.billing.domain.fees.cap import spend
from services.billing.domain.fees.payer import Payer, Spent
from services.billing.domain.fees.withdrawal import Withdrawal
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import NotPriced, price_under
from shared.events.billing import TariffPublished
from shared.events.fees import FeePriced


@dataclass(frozen=True)
class Comparison:
    """What one rule gives today, and what it would give."""

    rule: str
    fees_before: int = 0
    before: Money = NOTHING
    fees_after: int = 0
    after: Money = NOTHING


@dataclass(frozen=True)
class Repricing:
    """The withdrawals of some days by the tariffs of their own days, and by a proposed one."""

    sent_from: date
    sent_through: date
    withdrawals: int = 0
    before: Money = NOTHING
    after: Money = NOTHING
    dearer: int = 0
    cheaper: int = 0
    rules: tuple[Comparison, ...] = ()
    left_out: int = 0
    """Withdrawals that nobody can price again: their goods' cost, or what set their fee, is not known."""
    unpriced: tuple[str, ...] = ()
    """Articles that the proposed tariff has no fee for."""
    refused: int = 0
    """Withdrawals that could not be made by the proposed tariff (Q3)."""


@dataclass(frozen=True)
class Tried:
    """What was priced again so far; under a cap also what each patient would have paid."""

    repricing: Repricing
    payers: Mapping[str, Payer | None] = field(default_factory=dict)


@dataclass
class _Sums:
    """Adds up, rule by rule."""

    rules: dict[str, Comparison] = field(default_factory=dict)

    def add(self, before: Iterable[FeePriced], after: Iterable[FeePriced]) -> None:
        for fee in before:
            row = self._row(fee)
            count, amount = row.fees_before + 1, row.before + Money(fee.amount)
            self.rules[row.rule] = replace(row, fees_before=count, before=amount)
        for fee in after:
            row = self._row(fee)
            count, amount = row.fees_after + 1, row.after + Money(fee.amount)
            self.rules[row.rule] = replace(row, fees_after=count, after=amount)

    def _row(self, fee: FeePriced) -> Comparison:
        rule = f"{fee.reason}:{fee.prescription_type}" if fee.prescription_type else fee.reason
        return self.rules.get(rule, Comparison(rule))


def month_before(day: date) -> tuple[date, date]:
    """Give the first and the last day of the calendar month before a day's own (N5)."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def reprice(so_far: Tried, withdrawals: Iterable[Withdrawal], *, proposed: TariffPublished) -> Tried:
    """Price some more withdrawals that stand by a proposed tariff, and count who pays more and less (N5)."""
    found, articles = so_far.repricing, set(so_far.repricing.unpriced)
    sums, payers = _Sums({row.rule: row for row in found.rules}), dict(so_far.payers)
    for each in sorted(withdrawals, key=lambda each: (each.day, each.withdrawal_no)):
        before = each.standing_fees
        conditions = each.known_conditions
        if each.lines is None or conditions is None:
            found = replace(found, left_out=found.left_out + 1)
        elif before:
            standing = {line_id for fee in before for line_id in fee.line_ids}
            lines = [line for line in each.lines_that_came if line.line_id in standing]
            try:
                priced = price_under(proposed, lines, conditions=conditions)
            except NotPriced as refused:
                articles.update(str(reason.facts["article_no"]) for reason in refused.reasons)
                found = replace(found, refused=found.refused + 1)
            else:
                after = _under_the_cap(priced, each, proposed, payers)
                sums.add(before, after)
                found = _counting(found, before, after)
    rules = tuple(sums.rules[rule] for rule in sorted(sums.rules))
    return Tried(replace(found, rules=rules, unpriced=tuple(sorted(articles))), payers)


def _under_the_cap(
    fees: Iterable[FeePriced],
    withdrawal: Withdrawal,
    proposed: TariffPublished,
    payers: dict[str, Payer | None],
) -> list[FeePriced]:
    """Take off what each patient would not pay; what was paid before the first day is not counted (T5)."""
    if proposed.cap is None or proposed.cap.scope != "patient":
        return list(fees)
    left: list[FeePriced] = []
    for fee in fees:
        spent = Spent(f"{withdrawal.withdrawal_no}:{fee.fee_no}", withdrawal.day, Money(fee.amount))
        payers[withdrawal.patient_ref], paid = spend(
            payers.get(withdrawal.patient_ref), withdrawal.patient_ref, spent, cap=proposed.cap
        )
        left.append(fee.model_copy(update={"amount": paid.amount}))
    return left


def _counting(found: Repricing, before: Sequence[FeePriced], after: Sequence[FeePriced]) -> Repricing:
    paid, would_pay = _total(before), _total(after)
    return replace(
        found,
        withdrawals=found.withdrawals + 1,
        before=found.before + paid,
        after=found.after + would_pay,
        dearer=found.dearer + (would_pay > paid),
        cheaper=found.cheaper + (would_pay < paid),
    )


def _total(fees: Iterable[FeePriced]) -> Money:
    return sum((Money(fee.amount) for fee in fees), NOTHING)
