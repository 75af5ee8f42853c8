"""The limit on how many lines a patient may get within a year (S18)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.domain.customer_service import CALL
from shared.domain.decision import Refused, Sentence

MOST_LINES_A_YEAR = 500


class TooManyLines(Refused):
    """The patient was given more lines within a year than anybody needs, annulled ones too (S18)."""

    rule = "too-many-lines"
    sentence = (
        Sentence(
            f"Patienten har fått {MOST_LINES_A_YEAR} rader det senaste året, makulerade medräknade. "
            "Använd de rader som finns.",
            f"The patient was given {MOST_LINES_A_YEAR} lines within the last year, counting annulled ones. "
            "Use the lines that there are.",
        )
        + CALL
    )


def first_day_counted(on: date) -> date:
    """Give the first of the days whose lines count together with today's (S18)."""
    return on - timedelta(days=364)


def against_many_lines(earlier: Iterable[Prescription], *, wanted: int, on: date) -> Iterator[Refused]:
    """Say that so many lines more would be too many (S18)."""
    since = first_day_counted(on)
    given = sum(len(each.lines) for each in earlier if since <= each.registered_on <= on)
    if given + wanted > MOST_LINES_A_YEAR:
        yield TooManyLines()
