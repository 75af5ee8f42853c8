"""Who sees a child's fees: a guardian until the child is 13, through customer service until 18 (Q7)."""

from datetime import date

from services.billing.domain.fees.payer import Payer
from shared.domain.guardianship import Acting, guardian_acts


def guardian_sees(child: Payer | None, guardian_ref: str, *, born: date | None, on: date) -> Acting:
    """Tell how a guardian sees a child's fees that day (S70, Q7); of who is protected nobody sees any (Q18).

    `born` is the child's birth date, opened for this question only.
    """
    if child is None or child.protected:
        return "not"
    named = any(
        each.guardian_ref == guardian_ref and each.valid_from <= on <= each.valid_through
        for each in child.guardians
    )
    return guardian_acts(born, on=on) if named else "not"
