"""A line's quantity, from consumption or packages, with a warning (S14, S15, S17, S19, Q17)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import ClassVar

from services.prescription.domain.prescriptions.articles import Article
from shared.domain.decision import Refused, Sentence
from shared.domain.money import Money

DAYS_OF_A_WARNING = 30
"""An article's warning level is told in packages per 30 days (S19)."""


class OneWayToSayHowMuch(Refused):
    """Either pieces per day or packages per withdrawal (S14, S15)."""

    rule = "one-way-to-say-how-much"
    sentence = Sentence(
        "Ange antingen förbrukning per dag eller förpackningar per uttag, inte båda.",
        "Give either consumption per day or packages per withdrawal, not both.",
    )


class NothingWanted(Refused):
    """Amount, days and withdrawals are all above zero (S14 to S16)."""

    rule = "nothing-wanted"
    sentence = Sentence(
        "Mängd, antal dagar och antal uttag måste vara större än noll.",
        "Amount, number of days and number of withdrawals must be above zero.",
    )


@dataclass(frozen=True)
class LineRequest:
    """One article as the prescriber asks for it; `per_day` counts pieces, `days` is for one withdrawal."""

    article_no: str
    days: int
    withdrawals: int
    per_day: Decimal | None = None
    packages: int | None = None


@dataclass(frozen=True)
class Quantity:
    """What one withdrawal is: pieces, whole packages, pieces left over, and the cost for the region."""

    pieces: Decimal
    packages: int
    pieces_left_over: Decimal
    cost: Money
    withdrawals: int

    @property
    def total_cost(self) -> Money:
        return self.cost * self.withdrawals


@dataclass(frozen=True)
class UnusualQuantity:
    """A likely slip of the pen; it warns and never stops (S19)."""

    line: int
    packages_in_30_days: int
    warned_above: int

    @property
    def facts(self) -> Mapping[str, int | str]:
        return {"packages_in_30_days": self.packages_in_30_days, "warned_above": self.warned_above}

    rule: ClassVar[str] = "unusual-quantity"
    sentence: ClassVar[Sentence] = Sentence(
        "Mängden är ovanligt stor. Kontrollera att du skrivit rätt; du kan ändå gå vidare.",
        "The quantity is unusually large. Check that it is what you meant; you may go on all the same.",
    )


def against_quantity(wanted: LineRequest, *, line: int) -> Iterator[Refused]:
    """Say why the amount cannot be calculated (S14, S15)."""
    amounts = [amount for amount in (wanted.per_day, wanted.packages) if amount is not None]
    if len(amounts) != 1:
        yield OneWayToSayHowMuch(line=line)
    if min(*amounts, wanted.days, wanted.withdrawals) <= 0:
        yield NothingWanted(line=line)


def calculate(wanted: LineRequest, article: Article) -> Quantity:
    """Count pieces and whole packages per withdrawal, rounded up (S14, S15, S17, Q17)."""
    in_package = Decimal(article.pieces_per_package)
    if wanted.packages is not None:
        packages, pieces = wanted.packages, wanted.packages * in_package
    else:
        pieces = (wanted.per_day or Decimal(0)) * wanted.days
        packages = int((pieces / in_package).to_integral_value(ROUND_CEILING))
    left_over = packages * in_package - pieces
    return Quantity(pieces, packages, left_over, article.package_price * packages, wanted.withdrawals)


def warn_of(wanted: LineRequest, article: Article, *, line: int) -> UnusualQuantity | None:
    """Warn when 30 days take more packages than the article's level (S19)."""
    if article.warn_above_packages is None:
        return None
    packages = calculate(wanted, article).packages
    in_30_days = Decimal(packages * DAYS_OF_A_WARNING) / wanted.days
    if in_30_days <= article.warn_above_packages:
        return None
    return UnusualQuantity(
        line, int(in_30_days.to_integral_value(ROUND_CEILING)), article.warn_above_packages
    )
