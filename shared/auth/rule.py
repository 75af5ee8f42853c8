"""A line of the policy table."""

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "prescriber", "physician", "dietitian", "order_placer", "customer_service", "store_keeper", "technician",
    "economist", "patient", "operator", "service_prescription", "service_ordering", "service_inventory",
    "service_billing", "service_notification",
]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Who may take an action: roles, in some product area or not, and for which care units.

    `in_an_area`: who works in no product area at all is not let in; in which one, the route asks of each
    prescription and withdrawal (S73, Q30).
    `units`: "any" (no unit is asked), "own" (the thing's care unit must be one of the actor's; customer
    service and economist cover all), "self" (a patient reaches only what is about that patient).
    """

    roles: frozenset[str]
    in_an_area: bool = False
    units: Literal["any", "own", "self"] = "any"


STAFF: frozenset[str] = frozenset(
    {"prescriber", "order_placer", "customer_service", "store_keeper", "technician", "economist"}
)
EVERYBODY: frozenset[str] = STAFF | {"patient", "operator"}
EVERY_UNIT: frozenset[str] = frozenset({"customer_service", "economist", "operator"})
"""Roles that work for all care units."""
WHO_MAY_SEE_THE_LOG: frozenset[str] = frozenset({"customer_service", "operator", "patient"})
"""A patient's extract is given out by customer service, and to the patient about the patient alone."""
