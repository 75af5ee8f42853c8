"""Who sees a child's fees: a guardian until the child is 13, and through customer service until 18 (Q7)."""

from datetime import date
from typing import Literal

from services.billing.domain.payer import Payer
from shared.domain.customer_service import CALL
from shared.domain.days import age
from shared.domain.decision import Refused, Sentence

ALONE_BELOW_YEARS = 13
ADULT_FROM_YEARS = 18

Seeing = Literal["alone", "through_customer_service", "not"]


class GuardianCallsCustomerService(Refused):
    """From 13 a guardian hears of the child's fees through customer service only (Q7)."""

    rule = "guardian-calls-customer-service"
    sentence = (
        Sentence(
            "Barnet har fyllt 13 år, så du som vårdnadshavare får veta barnets avgifter via kundservice.",
            "The child has turned 13, so a guardian learns of the child's fees through customer service.",
        )
        + CALL
    )


def guardian_sees(child: Payer | None, guardian_ref: str, *, born: date | None, on: date) -> Seeing:
    """Tell how a guardian sees a child's fees that day (S70, Q7); of who is protected nobody sees any (Q18).

    `born` is the child's birth date, opened for this question only.
    """
    if child is None or child.protected or born is None:
        return "not"
    named = any(
        each.guardian_ref == guardian_ref and each.valid_from <= on <= each.valid_through
        for each in child.guardians
    )
    years = age(born, on)
    if not named or years >= ADULT_FROM_YEARS:
        return "not"
    return "alone" if years < ALONE_BELOW_YEARS else "through_customer_service"
