"""Who may prescribe, for which care unit, and to whom nothing is prescribed (S8, S20, S66, S67)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services.prescription.domain.patients.patients import Patient, against_serving
from services.prescription.domain.prescriptions.prescriptions import Profession
from shared.domain.decision import Addressed, Refused, Sentence


class Deceased(Refused):
    """Nothing is prescribed to a person who has died (formats.md section 2, code AV)."""

    rule = "deceased"
    sentence = Addressed(
        "Patienten är registrerad som avliden. Ring kundservice om det inte stämmer.",
        "The patient is registered as deceased. Call customer service if that is not right.",
        to_customer_service=Sentence(
            "Patienten är registrerad som avliden. Rätta uppgiften om den är fel.",
            "The patient is registered as deceased. Correct that if it is wrong.",
        ),
    )


class BirthDateUnknown(Refused):
    """Age decides who may prescribe, and the number contains no birth date (S20)."""

    rule = "birth-date-unknown"
    sentence = Addressed(
        "Patientens födelsedatum saknas. Be kundservice registrera det först.",
        "The patient's date of birth is missing. Ask customer service to record it first.",
        to_customer_service=Sentence(
            "Patientens födelsedatum saknas. Registrera det först.",
            "The patient's date of birth is missing. Register it first.",
        ),
    )


class ChooseCareUnit(Refused):
    """Who prescribes for several care units says for which (S8)."""

    rule = "choose-care-unit"
    sentence = Sentence(
        "Välj vilken enhet du förskriver för.", "Choose the care unit that you prescribe for."
    )


@dataclass(frozen=True)
class Prescriber:
    """Who prescribes, as the token says."""

    sub: str
    profession: Profession
    employed_by_region: bool


def responsible_unit(chosen: str | None, *, of: Collection[str]) -> str:
    """Give the chosen care unit, or the only one there is (S8); raises ChooseCareUnit."""
    if chosen is not None:
        return chosen
    if len(of) != 1:
        raise ChooseCareUnit
    return next(iter(of))


def against_patient(patient: Patient) -> Iterator[Refused]:
    """Say why nothing at all may be prescribed to the patient (S66, S67)."""
    yield from against_serving(patient)
    if patient.status.deceased_on is not None:
        yield Deceased()
    if patient.person is not None and patient.person.born is None:
        yield BirthDateUnknown()
