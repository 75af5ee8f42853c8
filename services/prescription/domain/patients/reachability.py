"""Whether a patient may be sent a message at this moment (S41, Q24)."""

from dataclasses import dataclass
from typing import Literal

from services.prescription.domain.patients.patients import Patient

WhyNot = Literal["unknown", "protected", "no_fixed_address", "deceased", "opted_out"]


@dataclass(frozen=True)
class Reachability:
    """The answer, with the reason when it is no."""

    may_be_told: bool
    why: WhyNot | None


def reachability(patient: Patient | None) -> Reachability:
    """Answer for a living person, neither withheld nor opted out; fail closed (Q24)."""
    why = _why_not(patient)
    return Reachability(why is None, why)


def _why_not(patient: Patient | None) -> WhyNot | None:
    if patient is None:
        return "unknown"
    status = patient.status
    reasons: tuple[tuple[bool, WhyNot], ...] = (
        (status.protected, "protected"),
        (status.no_fixed_address, "no_fixed_address"),
        (status.deceased_on is not None, "deceased"),
        (status.opted_out, "opted_out"),
    )
    return next((why for holds, why in reasons if holds), None)
