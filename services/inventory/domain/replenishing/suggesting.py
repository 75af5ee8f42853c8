"""Levels that a year's use suggests, explained in a sentence and never applied by themselves (S115)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.inventory.domain.article import Article
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.replenishing.judging import why_not_replenished
from shared.domain.decision import Sentence

USE_DAYS = 365
"""The use of so many days is counted."""
FEWEST_DAYS = 30
"""A storeroom that was opened later than that is counted as if it were so old."""
MINIMUM_LASTS_DAYS = 14
"""So long the minimum lasts, while the next packages are picked and carried."""
PACKAGES_LAST_DAYS = 28


@dataclass(frozen=True)
class Use:
    """How many base units left a storeroom for patients, and in how many days."""

    pieces: Counter[str]
    days: int


@dataclass(frozen=True)
class Suggestion:
    """A level that the use of an article suggests."""

    article_no: str
    used: int
    days: int
    minimum: int
    packages: int
    quantity: int
    why: Sentence


def use_of(movements: Iterable[Movement], *, storeroom_no: str, opened_on: date, today: date) -> Use:
    """Count what was handed out of a storeroom in the last year, less what was taken back as a mistake."""
    pieces = Counter[str]()
    for movement in movements:
        for row in movement.rows:
            if movement.why == "handed_out" and row.source == storeroom_no:
                pieces[row.article_no] += row.quantity
            if movement.why == "taken_back" and row.target == storeroom_no:
                pieces[row.article_no] -= row.quantity
    days = min(USE_DAYS, max(FEWEST_DAYS, (today - opened_on).days))
    return Use(+pieces, days)


def counted_since(today: date) -> date:
    """Give the first day of which the use counts."""
    return today - timedelta(days=USE_DAYS)


def suggested(article: Article, use: Use) -> Suggestion | None:
    """Suggest a level; None for what was not used or may not be replenished (Q50)."""
    used = use.pieces[article.article_no]
    if used <= 0 or why_not_replenished(article) is not None:
        return None
    minimum = _rounded_up(used * MINIMUM_LASTS_DAYS, use.days)
    packages = _rounded_up(used * PACKAGES_LAST_DAYS, use.days * article.pieces_per_package)
    quantity = packages * article.pieces_per_package
    why = Sentence(
        f"{used} har lämnats ut på {use.days} dagar. Minst {minimum} räcker i {MINIMUM_LASTS_DAYS} dagar, "
        f"och {quantity} åt gången i minst {PACKAGES_LAST_DAYS} dagar.",
        f"{used} were handed out in {use.days} days. A minimum of {minimum} lasts {MINIMUM_LASTS_DAYS} days, "
        f"and {quantity} at a time last at least {PACKAGES_LAST_DAYS} days.",
    )
    return Suggestion(article.article_no, used, use.days, minimum, packages, quantity, why)


def _rounded_up(number: int, by: int) -> int:
    return -(-number // by)
