"""How much one person may correct after a count; of more a colleague decides (Q51)."""

from dataclasses import dataclass
from datetime import date

from services.inventory.domain.article import Article
from shared.domain.decision import Refused, Sentence
from shared.domain.money import Money


@dataclass(frozen=True)
class Limits:
    """Who counted approves so much alone from this day on."""

    valid_from: date
    most_pieces: int
    most_value: Money
    """Of all differences together: what is too much does not make up for what is too little."""


LIMITS = (Limits(date(2020, 1, 1), most_pieces=20, most_value=Money.of(10_000)),)
"""The newest last."""


class StocktakeNeedsTwo(Refused):
    """The difference is larger than one person may write into the register."""

    rule = "stocktake-needs-two"
    sentence = Sentence(
        "Skillnaden är större än vad en person får rätta. Registrera en inventering, som en annan godkänner.",
        "The difference is more than one person may correct. Register a stocktake that a colleague approves.",
    )


def takes_two(pieces: int, value: Money, *, on: date) -> bool:
    """Tell whether a colleague decides: so many pieces, or goods of so much money, differ."""
    limits = [each for each in LIMITS if each.valid_from <= on][-1]
    return pieces > limits.most_pieces or value > limits.most_value


def piece_value(article: Article) -> Money:
    """Give what one base unit costs by the catalogue."""
    return Money(article.package_price.amount / article.pieces_per_package)
