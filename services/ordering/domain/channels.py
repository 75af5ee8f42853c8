"""Who may make a withdrawal, and through which channel (Q7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.ordering.domain.allowance import Line
from services.ordering.domain.person import ADULT_FROM_YEARS
from shared.domain.days import age
from shared.domain.decision import Refused, Sentence

Channel = Literal["customer_service", "care_unit", "citizen"]
GUARDIAN_THROUGH_CITIZEN_BELOW_YEARS = 13


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
    """The line belongs to another care unit or another person."""

    rule = "not-your-patient"
    sentence = Sentence(
        "Raden hör till en annan enhet eller person. Kontakta kundservice, som kan göra uttaget.",
        "The line belongs to another unit or person. Contact customer service, who can make the withdrawal.",
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

    @property
    def is_customer_service(self) -> bool:
        return "customer_service" in self.roles


def channel_of(asker: Asker, *, patient_ref: str, lines: Iterable[Line]) -> Channel:
    """Choose the channel that lets this person withdraw all these lines (Q7); raises NotYourPatient."""
    if asker.is_customer_service:
        return "customer_service"
    if asker.roles & {"order_placer", "prescriber"} and all(_of_the_unit(asker, line) for line in lines):
        return "care_unit"
    if "patient" in asker.roles and asker.patient_ref == patient_ref:
        return "citizen"
    raise NotYourPatient


def against_channel(asker: Asker, *, patient_ref: str, lines: tuple[Line, ...]) -> Iterator[Refused]:
    """Say why this person may not withdraw these lines, whatever roles the person has (S23, Q7)."""
    try:
        channel_of(asker, patient_ref=patient_ref, lines=lines)
    except NotYourPatient as reason:
        yield reason
    for line in lines:
        employed = asker.employed_by_region or line.prescriber_employed_by_region
        if line.prescriber == asker.sub and employed:
            yield OwnPrescription(line_id=line.line_id, prescription_no=line.prescription_no)


def guardian_may(born: date, *, channel: Channel, on: date) -> bool:
    """Tell if a guardian may withdraw: as a citizen until 13, through customer service until 18 (Q7)."""
    years = age(born, on)
    if channel == "citizen":
        return years < GUARDIAN_THROUGH_CITIZEN_BELOW_YEARS
    return channel == "customer_service" and years < ADULT_FROM_YEARS


def _of_the_unit(asker: Asker, line: Line) -> bool:
    return line.care_unit in asker.care_units and line.product_area in asker.product_areas
