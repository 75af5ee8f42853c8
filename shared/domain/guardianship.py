"""What a guardian does for a child: alone until the child is 13, through customer service until 18 (Q7)."""

from datetime import date, timedelta
from typing import Literal

from shared.domain.customer_service import CALL
from shared.domain.days import age, birthday
from shared.domain.decision import Refused, Sentence

ALONE_BELOW_YEARS = 13
"""From then on a guardian acts through customer service only."""
ADULT_FROM_YEARS = 18
"""From then on nobody has a guardian, and a guardian has come to this age."""

Acting = Literal["alone", "through_customer_service", "not"]


class GuardianCallsCustomerService(Refused):
    """From 13 a guardian is served by customer service only (Q7)."""

    rule = "guardian-calls-customer-service"
    sentence = (
        Sentence(
            "Barnet har fyllt 13 år, så du som vårdnadshavare får barnets uppgifter och gör uttag "
            "via kundservice.",
            "The child has turned 13, so a guardian sees the child's data and makes withdrawals "
            "through customer service.",
        )
        + CALL
    )


def guardian_acts(born: date | None, *, on: date) -> Acting:
    """Tell how a child's guardian acts for it that day; nobody acts for a person of unknown age (Q7)."""
    if born is None or age(born, on) >= ADULT_FROM_YEARS:
        return "not"
    return "alone" if age(born, on) < ALONE_BELOW_YEARS else "through_customer_service"


def is_minor(born: date | None, *, on: date) -> bool:
    """Tell whether a person is known to be under 18 that day."""
    return guardian_acts(born, on=on) != "not"


def adult_from(born: date) -> date:
    """Give the day of the 18th birthday: from then on nobody acts for the person (S70)."""
    return birthday(born, ADULT_FROM_YEARS)


def minor_through(born: date) -> date:
    """Give the last day on which a person can have a guardian (S70)."""
    return adult_from(born) - timedelta(days=1)
