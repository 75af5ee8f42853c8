"""A loan: that a patient has a device, from the hand-out until the return (S158)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

LoanState = Literal["on_loan", "returned", "mistaken", "written_off"]
"""Written off: the device was stolen or lost (Q57)."""


@dataclass(frozen=True)
class Exchanged:
    """A device that the patient had under the loan, and the day on which another took its place (Q48)."""

    device_no: str
    article_no: str
    through: date


@dataclass(frozen=True)
class Loan:
    """Who has a device, by reference; a mistaken one never was a loan, and is kept for the log (Q51)."""

    loan_id: str
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    line_no: int
    handed_out_on: date
    handed_out_at: datetime
    how: Literal["handed_out", "delivered"]
    state: LoanState = "on_loan"
    returned_on: date | None = None
    return_no: str | None = None
    ended_on: date | None = None
    """The day on which the device was stolen or lost."""
    exchanged: tuple[Exchanged, ...] = ()
    """What the patient had before, the first one first: day 0 stays (Q48)."""

    @property
    def since(self) -> date:
        """Give the day on which the patient got the device that is on loan now."""
        return self.exchanged[-1].through if self.exchanged else self.handed_out_on
