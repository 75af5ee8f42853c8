"""Whose withdrawals a signed-in person may see."""

from collections.abc import Iterable

from services.ordering.domain.channels import Asker
from shared.auth.actor import Actor
from shared.http import Forbidden

STAFF = ("order_placer", "prescriber")


def demand_seeing(actor: Actor, *, patient_ref: str, care_units: Iterable[str]) -> None:
    """Let customer service, the patient and the staff of the care units see; raises Forbidden (Q7, S73)."""
    of_the_unit = actor.has(*STAFF) and not actor.care_units.isdisjoint(care_units)
    own = actor.has("patient") and actor.patient_ref == patient_ref
    if not (actor.has("customer_service") or of_the_unit or own):
        raise Forbidden("not-your-unit")


def asker_of(actor: Actor) -> Asker:
    """Give the rules the person as they know people."""
    return Asker(
        sub=actor.sub,
        roles=actor.roles,
        care_units=actor.care_units,
        product_areas=actor.product_areas,
        patient_ref=actor.patient_ref,
        employed_by_region=actor.employed_by_region,
    )
