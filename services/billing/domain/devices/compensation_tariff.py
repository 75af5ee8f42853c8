"""What the tariff says that a patient pays for a stolen, lost or damaged device (Q57)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from services.billing.domain.devices.compensation import Compensation
from shared.domain.days import age
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import NoTariff
from shared.events.fees import CompensationRow, Tariff

USUAL_CODE, USUAL_TEXT = "HJM-ERS", "Ersättning hjälpmedel"
"""What a compensation is invoiced as when no tariff has a rule for it."""


class NoCompensationRule(Refused):
    """The tariff of the day says nothing about it."""

    rule = "no-compensation-rule"
    sentence = Sentence(
        "Taxan för den dagen säger inte vad som ersätts. Ange beloppet, och lägg in regeln i nästa taxa.",
        "The tariff of that day does not say what is compensated. Give the amount, and put the rule in the "
        "next tariff.",
    )


class PriceNotKnown(Refused):
    """Nobody knows what the device cost, so the rule gives no amount."""

    rule = "device-price-not-known"
    sentence = Sentence(
        "Hjälpmedlets pris är inte känt. Ange beloppet.",
        "What the device cost is not known. Give the amount.",
    )


@dataclass(frozen=True)
class Basis:
    """By which tariff a compensation is booked, as what, and what its rule gives."""

    tariff: str
    is_ruled: bool
    """The tariff in force on the day has a rule; else people set the amount."""
    by_rule: Money | None = None
    """None where no rule was in force, or nobody knows the price."""
    fee_code: str = USUAL_CODE
    text: str = USUAL_TEXT


def row_for(case: Compensation, tariff: Tariff) -> CompensationRow | None:
    """Find the tariff's row for what happened: of the product area, else of all areas (Q57)."""
    rows = [each for each in tariff.compensations if each.how == case.how]
    own = [each for each in rows if each.product_area == case.product_area]
    found = own or [each for each in rows if each.product_area is None]
    return found[0] if found else None


def basis_of(case: Compensation, tariffs: Iterable[Tariff], *, others: Iterable[Compensation] = ()) -> Basis:
    """Say what the tariff in force on the day gives (Q57); raises NoTariff where none was ever published.

    What `others`, reports about the same device on the same loan, came to is taken off: it is paid for once.

    Where it says nothing, or the day is before the first one, people set the amount: it is booked as by the
    newest rule there is, else as usual.
    """
    newest = sorted(tariffs, key=lambda each: (each.valid_from, each.version), reverse=True)
    if not newest:
        raise NoTariff
    that_day = next((each for each in newest if each.valid_from <= case.happened_on), None)
    row = row_for(case, that_day) if that_day else None
    if that_day and row:
        by_rule = _less_paid(amount_by(row, case), others)
        return Basis(that_day.tariff, True, by_rule, row.fee_code, row.text)
    name = (that_day or newest[-1]).tariff
    newest_row = next((row for row in (row_for(case, each) for each in newest) if row), None)
    if newest_row is None:
        return Basis(name, False)
    return Basis(name, False, None, newest_row.fee_code, newest_row.text)


def _less_paid(by_rule: Money | None, others: Iterable[Compensation]) -> Money | None:
    if by_rule is None:
        return None
    paid = [each.proposal.amount for each in others if each.state == "decided" and each.proposal]
    return max(by_rule - sum(paid, NOTHING), NOTHING)


def amount_by(row: CompensationRow, case: Compensation) -> Money | None:
    """Give a share of what the device cost, less for each whole year since; whole kronor (Q57)."""
    if case.price is None:
        return None
    years = max(0, age(case.bought_on, on=case.happened_on))
    percent = max(row.at_least, row.percent - row.less_each_year * years)
    share = case.price.amount * percent / Decimal(100)
    most = share if row.at_most is None else min(share, row.at_most)
    return Money(most.quantize(Decimal(1), rounding=ROUND_DOWN))
