"""Compares a withdrawal with its orders, fees and files, and names every difference (N11)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.billing.domain.fees.account import CORRECTED
from services.billing.domain.fees.coming_short import by_a_person
from services.billing.domain.fees.ledger import Fee, net
from services.billing.domain.fees.withdrawal import Withdrawal
from shared.domain.differences import Kind
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import NoTariff, in_force
from shared.events.billing import TariffPublished

PROMISED = timedelta(days=14)
"""An order that is not over by then needs a person (N7)."""
ANSWERED_WITHIN = timedelta(hours=48)
FINAL = frozenset({"accepted", "invoiced", "credited", "nothing_due", "removed"})


@dataclass(frozen=True)
class Difference:
    """Something of a withdrawal that does not agree; `subject` is an order's or a fee's number."""

    withdrawal_no: str
    kind: Kind
    subject: str


@dataclass(frozen=True)
class Case:
    """A withdrawal and all of the ledger that is about it."""

    withdrawal: Withdrawal
    fees: tuple[Fee, ...]

    def of_fee(self, fee_no: int) -> list[Fee]:
        """Give a fee with its credit, and what corrected them."""
        return [fee for fee in self.fees if fee.entry.fee_no % CORRECTED == fee_no]


@dataclass(frozen=True)
class Moment:
    """When it is looked at, and what was in force: the last closing, and the tariffs."""

    at: datetime
    today: date
    closed_at: datetime
    tariffs: Sequence[TariffPublished]


def differences(case: Case, *, moment: Moment) -> list[Difference]:
    """Give all that does not agree: withdrawal = orders = deliveries = fees = files (N11)."""
    money = (*_of_fees(case, moment), *_of_credits(case), *of_files(case.fees, moment))
    found = (*_of_orders(case, moment), *money)
    number = case.withdrawal.withdrawal_no
    return [Difference(number, kind, subject) for kind, subject in found]


def is_settled(case: Case) -> bool:
    """Tell whether nothing of it is awaited any more (N11)."""
    row = case.withdrawal
    return (
        row.heard
        and all(row.order(each).outcome for each in row.order_nos)
        and all(each.outcome for each in row.orders if each.rest_on)
        and all(fee.stage in FINAL for fee in case.fees)
        and all(fee.batch or fee.told_at is None for fee in case.fees)
    )


def _of_orders(case: Case, moment: Moment) -> Iterator[tuple[Kind, str]]:
    row = case.withdrawal
    if not row.heard:
        yield "withdrawal-unknown", row.withdrawal_no
        return
    yield from (("order-missing", each) for each in row.order_nos if not row.order(each).sent)
    named = {*row.order_nos, *(each.order_no for each in row.orders if each.rest_on)}
    yield from (("order-unasked", each.order_no) for each in row.orders if each.order_no not in named)
    waiting = [each for each in row.orders if each.sent and each.outcome is None]
    late = [each for each in waiting if moment.today - (each.rest_on or row.day) > PROMISED]
    yield from (("order-not-over", each.order_no) for each in late)


def _of_fees(case: Case, moment: Moment) -> Iterator[tuple[Kind, str]]:
    row = case.withdrawal
    booked = {fee.entry.fee_no: fee for fee in case.fees if fee.entry.kind == "charge"}
    for shown in row.fees:
        fee = booked.get(shown.fee_no)
        if fee is None:
            yield "fee-missing", str(shown.fee_no)
        elif (fee.entry.before_cap or fee.entry.amount) != Money(shown.amount):
            yield "fee-differs", str(shown.fee_no)
        if shown.tariff != tariff_of(row.day, moment.tariffs):
            yield "fee-by-another-tariff", str(shown.fee_no)
    asked = {shown.fee_no for shown in row.fees}
    if row.heard:
        yield from (("fee-unasked", str(each)) for each in booked if each % CORRECTED not in asked)


def tariff_of(day: date, tariffs: Iterable[TariffPublished]) -> str | None:
    """Name the tariff that was in force on a day; None when there was none (Q5)."""
    try:
        return in_force(tariffs, on=day).tariff
    except NoTariff:
        return None


def _of_credits(case: Case) -> Iterator[tuple[Kind, str]]:
    row = case.withdrawal
    over = [row.order(each).outcome for each in row.order_nos]
    nothing_came = bool(over) and all(over) and "delivered" not in over
    for shown in row.fees:
        annulled = shown.fee_no in row.annulled_fees
        if (annulled or nothing_came) and net(case.of_fee(shown.fee_no)) != NOTHING:
            yield "credit-missing", str(shown.fee_no)
    for due in row.due:
        fees = case.of_fee(due.fee_no)
        left_alone = due.fee_no in row.annulled_fees or any(by_a_person(each.entry) for each in fees)
        if row.heard and not left_alone and net(fees) > Money(due.amount):
            yield "credit-missing", str(due.fee_no)
    for fee in case.fees:
        if fee.entry.why == "annulled" and fee.entry.fee_no % CORRECTED not in row.annulled_fees:
            yield "credit-unasked", str(fee.entry.fee_no)


def of_files(fees: Iterable[Fee], moment: Moment) -> Iterator[tuple[Kind, str]]:
    """Name what was sent to invoicing and stands in no file, or is not answered (N11)."""
    for fee in fees:
        if fee.told_at is None:
            continue
        if fee.batch is None and fee.told_at < moment.closed_at:
            yield "fee-in-no-file", fee.event_id
        if fee.stage == "told" and moment.at - fee.told_at > ANSWERED_WITHIN:
            yield "fee-unanswered", fee.event_id
