"""Decides whose withdrawals a signed-in person may see."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.channels import Asker, Channel, guardian_may
from services.ordering.domain.person import Person
from services.ordering.domain.withdrawal import Withdrawal
from shared.auth.actor import Actor
from shared.domain.guardianship import GuardianCallsCustomerService
from shared.http import Forbidden, Problem

STAFF = ("order_placer", "prescriber")

Place = tuple[str, str]
"""A product area and a care unit: what permissions are given for (S73)."""


def places_of(withdrawal: Withdrawal) -> list[Place]:
    """Name the places that a withdrawal belongs to."""
    return [(withdrawal.product_area, unit) for unit in withdrawal.care_units]


def places_of_lines(allowance: Allowance) -> set[Place]:
    """Name the places that prescribed to the patient."""
    return {(line.product_area, line.care_unit) for line in allowance.lines}


def guardians_of(person: Person | None, *, channel: Channel, on: date) -> frozenset[str]:
    """Name the guardians who may act through a channel that day (Q7); nobody's of a protected child."""
    if person is None or person.protected or not guardian_may(person.born, channel=channel, on=on):
        return frozenset()
    return person.guardians_on(on)


def demand_seeing(actor: Actor, *, patient_ref: str, places: Iterable[Place]) -> None:
    """Let customer service, the patient and staff of one of the places see (Q7, S73); raises Forbidden."""
    if not _sees(actor, patient_ref, places):
        raise Forbidden("not-your-unit", patient_refs=(patient_ref,))


def demand_seeing_for(actor: Actor, allowance: Allowance, *, places: Iterable[Place], on: date) -> None:
    """Let those see whom demand_seeing lets, and a guardian of a child below 13 (Q7).

    Raises Forbidden, and tells a guardian of a child from 13 to 17 to call customer service.
    """
    person = allowance.person
    if actor.has("patient") and actor.patient_ref in guardians_of(person, channel="citizen", on=on):
        return
    if _sees(actor, allowance.patient_ref, places):
        return
    if actor.has("patient") and actor.patient_ref in guardians_of(person, channel="customer_service", on=on):
        raise Problem.saying(GuardianCallsCustomerService, 403, patient_refs=(allowance.patient_ref,))
    raise Forbidden("not-your-unit", patient_refs=(allowance.patient_ref,))


def lines_seen(actor: Actor, allowance: Allowance) -> Allowance:
    """Leave out the lines of care units and product areas that the person does not work for (S73, S75).

    What is on its way stays: it blocks an article in whatever prescription (Q11).
    """
    if actor.has("patient"):
        return allowance
    lines = (each for each in allowance.lines if actor.covers(area=each.product_area, unit=each.care_unit))
    return replace(allowance, lines=tuple(lines))


def may_see(actor: Actor, withdrawal: Withdrawal) -> bool:
    """Tell whether a withdrawal belongs on this person's lists: some of it is of an own place (S73)."""
    return actor.has("patient", "customer_service") or _works_in(actor, places_of(withdrawal))


def _sees(actor: Actor, patient_ref: str, places: Iterable[Place]) -> bool:
    of_the_unit = actor.has(*STAFF) and _works_in(actor, places)
    own = actor.has("patient") and actor.patient_ref == patient_ref
    return actor.has("customer_service") or of_the_unit or own


def _works_in(actor: Actor, places: Iterable[Place]) -> bool:
    return any(actor.covers(area=area, unit=unit) for area, unit in places)


def asker_of(actor: Actor) -> Asker:
    """Give the rules the person as they know people."""
    return Asker(
        sub=actor.sub,
        roles=actor.roles,
        care_units=actor.care_units,
        product_areas=actor.product_areas,
        patient_ref=actor.patient_ref,
        employed_by_region=actor.employed_by_region,
        name="" if actor.has("patient") else actor.name,
    )
