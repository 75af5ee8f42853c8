"""Who may make a withdrawal, and through which channel (Q7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.ordering.domain.allowance import Line
from services.ordering.domain.person import Person
from shared.domain.decision import Refused, Sentence
from shared.domain.guardianship import GuardianCallsCustomerService, adult_from, guardian_acts

Channel = Literal["customer_service", "care_unit", "citizen"]
AskedBy = Literal["patient", "guardian", "care_unit"]
"""Who asked customer service for the withdrawal."""


class OwnPrescription(Refused):
    """Nobody employed by the region withdraws on a line of their own (S23)."""

    rule = "own-prescription"
    sentence = Sentence(
        "Du har själv skrivit förskrivningen och kan inte göra uttag på den. "
        "Ring eller mejla förskrivningsnumret till kundservice.",
        "You wrote the prescription yourself and cannot make withdrawals on it. "
        "Call customer service, or send them the prescription's number.",
    )


class NotYourPatient(Refused):
    """The line belongs to another care unit or another person (Q7)."""

    rule = "not-your-patient"
    sentence = Sentence(
        "Raden hör till en annan enhet eller person. Kontakta kundservice, som kan göra uttaget.",
        "The line belongs to another unit or person. Contact customer service, who can make the withdrawal.",
    )


class GuardianOfAdult(Refused):
    """From 18 nobody asks as a guardian (Q7)."""

    rule = "guardian-of-adult"
    sentence = Sentence(
        "Patienten har fyllt 18 år eller har okänd ålder, så en vårdnadshavare kan inte begära uttaget. "
        "Be patienten själv höra av sig.",
        "The patient has turned 18 or is of unknown age, so a guardian cannot ask for the withdrawal. "
        "Let the patient call.",
    )


@dataclass(frozen=True)
class Asker:
    """Who makes the withdrawal."""

    sub: str
    roles: frozenset[str]
    care_units: frozenset[str] = frozenset()
    product_areas: frozenset[str] = frozenset()
    patient_ref: str | None = None
    employed_by_region: bool = False
    name: str = ""
    """Of somebody at work, as the token said it; empty for a citizen (Q38)."""

    @property
    def is_customer_service(self) -> bool:
        return "customer_service" in self.roles

    def is_guardian_of(self, person: Person | None, *, on: date) -> bool:
        """Tell whether our own register names this citizen as the patient's guardian that day."""
        named = person.guardians_on(on) if person else frozenset()
        return "patient" in self.roles and self.patient_ref in named


def channel_of(
    asker: Asker, *, patient_ref: str, lines: Iterable[Line], person: Person | None, on: date
) -> Channel:
    """Choose the channel that lets this person withdraw all these lines (Q7); raises NotYourPatient."""
    if asker.is_customer_service:
        return "customer_service"
    if asker.roles & {"order_placer", "prescriber"} and all(_of_the_unit(asker, line) for line in lines):
        return "care_unit"
    if "patient" in asker.roles and asker.patient_ref == patient_ref:
        return "citizen"
    acts = guardian_acts(person.born if person else None, on=on)
    if acts == "not" or not asker.is_guardian_of(person, on=on):
        raise NotYourPatient
    if acts == "through_customer_service":
        raise GuardianCallsCustomerService
    return "citizen"


def against_channel(
    asker: Asker, *, patient_ref: str, lines: tuple[Line, ...], person: Person | None, on: date
) -> Iterator[Refused]:
    """Say why this person may not withdraw these lines, whatever roles the person has (S23, Q7)."""
    try:
        channel_of(asker, patient_ref=patient_ref, lines=lines, person=person, on=on)
    except (NotYourPatient, GuardianCallsCustomerService) as reason:
        yield reason
    for line in lines:
        employed = asker.employed_by_region or line.prescriber_employed_by_region
        if line.prescriber == asker.sub and employed:
            yield OwnPrescription(line_id=line.line_id, prescription_no=line.prescription_no)


def against_asking(asked_by: AskedBy, *, person: Person, on: date) -> Iterator[Refused]:
    """Say why customer service does not do what that person asks for (Q7)."""
    if asked_by == "guardian" and not guardian_may(person.born, channel="customer_service", on=on):
        grown = adult_from(person.born).isoformat() if person.born else None
        yield GuardianOfAdult(adult_from=grown)


def guardian_may(born: date | None, *, channel: Channel, on: date) -> bool:
    """Tell if a guardian may withdraw: as a citizen until 13, through customer service until 18 (Q7)."""
    acts = guardian_acts(born, on=on)
    return acts == "alone" if channel == "citizen" else channel == "customer_service" and acts != "not"


def _of_the_unit(asker: Asker, line: Line) -> bool:
    return line.care_unit in asker.care_units and line.product_area in asker.product_areas
