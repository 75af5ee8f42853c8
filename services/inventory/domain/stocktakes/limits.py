"""How much one person may correct after a count; of more a colleague decides (Q51)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from shared.domain.days import local_day
from shared.domain.decision import Refused, Sentence
from shared.domain.money import Money


@dataclass(frozen=True)
class Limits:
    """Who counted approves so much alone from this day on."""

    valid_from: date
    most_pieces: int
    most_value: Money
    """Of all differences together: what is too much does not make up for what is too little."""
    within_days: int
    """What one person corrected of an article in a storeroom in so many days is added up."""


LIMITS = (Limits(date(2020, 1, 1), most_pieces=20, most_value=Money.of(10_000), within_days=30),)
"""The newest last."""


class StocktakeNeedsTwo(Refused):
    """The difference is larger than one person may write into the register."""

    rule = "stocktake-needs-two"
    sentence = Sentence(
        "Skillnaden är större än vad en person får rätta. Registrera en inventering, som en annan godkänner.",
        "The difference is more than one person may correct. Register a stocktake that a colleague approves.",
    )


def corrected_alone(balance: Balance, *, by: str, at: datetime) -> int:
    """Count the base units that a person alone has corrected of late: small steps add up (Q51)."""
    since = at - timedelta(days=_limits(local_day(at)).within_days)
    return sum(each.pieces for each in balance.counts if each.by == by and each.alone and each.at >= since)


def demand_one_is_enough(balance: Balance, pieces: int, value: Money, *, by: str, at: datetime) -> None:
    """Demand that one person may correct so many pieces, each of this value. Raises StocktakeNeedsTwo."""
    together = pieces + corrected_alone(balance, by=by, at=at) if pieces else 0
    if takes_two(together, value * together, on=local_day(at)):
        raise StocktakeNeedsTwo(article_no=balance.article_no)


def takes_two(pieces: int, value: Money, *, on: date) -> bool:
    """Tell whether a colleague decides: so many pieces, or goods of so much money, differ."""
    limits = _limits(on)
    return pieces > limits.most_pieces or value > limits.most_value


def piece_value(article: Article) -> Money:
    """Give what one base unit costs by the catalogue."""
    return Money(article.package_price.amount / article.pieces_per_package)


def _limits(on: date) -> Limits:
    return [each for each in LIMITS if each.valid_from <= on][-1]
