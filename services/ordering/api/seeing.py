"""Whose withdrawals a signed-in person may see."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.channels import Asker, guardian_may
from services.ordering.domain.person import Person
from services.ordering.domain.withdrawal import Withdrawal
from shared.auth.actor import Actor
from shared.http import Forbidden

STAFF = ("order_placer", "prescriber")


def guardians_of(person: Person | None, *, on: date) -> frozenset[str]:
    """Name the guardians who may act and see as citizens that day (Q7); nobody's of a protected child."""
    if person is None or person.protected or not guardian_may(person.born, channel="citizen", on=on):
        return frozenset()
    return person.guardians_on(on)


def demand_seeing(
    actor: Actor,
    *,
    patient_ref: str,
    care_units: Iterable[str],
    guardians: frozenset[str] = frozenset(),
) -> None:
    """Let customer service, the patient, guardians and the units' staff see; raises Forbidden (Q7, S73)."""
    of_the_unit = actor.has(*STAFF) and not actor.care_units.isdisjoint(care_units)
    own = actor.has("patient") and (actor.patient_ref == patient_ref or actor.patient_ref in guardians)
    if not (actor.has("customer_service") or of_the_unit or own):
        raise Forbidden("not-your-unit")


def lines_seen(actor: Actor, allowance: Allowance) -> Allowance:
    """Leave out the lines of care units and product areas that the person does not work for (S73, S75).

    What is on its way stays: it blocks an article in whatever prescription (Q11).
    """
    if actor.has("patient"):
        return allowance
    lines = (each for each in allowance.lines if actor.covers(area=each.product_area, unit=each.care_unit))
    return replace(allowance, lines=tuple(lines))


def may_see(actor: Actor, withdrawal: Withdrawal) -> bool:
    """Tell whether a withdrawal belongs on this person's lists: some of it is of an own care unit (S73)."""
    of_the_unit = not actor.care_units.isdisjoint(withdrawal.care_units)
    return actor.has("patient", "customer_service") or of_the_unit


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
