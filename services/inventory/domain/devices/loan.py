"""A loan: that a patient has a device, from the hand-out until the return (S158)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

LoanState = Literal["on_loan", "returned", "mistaken"]


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
