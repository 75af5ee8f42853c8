"""Who may prescribe to whom: profession, age and product area (S20, S63, Q2, Q5)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from services.prescription.domain.limits import Limits
from services.prescription.domain.patients import Patient, against_serving
from services.prescription.domain.prescriptions import Profession
from shared.domain.days import age
from shared.domain.decision import Refused, Sentence
from shared.events.prescription import PrescriptionType

PROFESSIONS: tuple[Profession, ...] = get_args(Profession)


class Deceased(Refused):
    """Nothing is prescribed to a person who has died (formats.md section 2, code AV)."""

    rule = "deceased"
    sentence = Sentence(
        "Patienten är registrerad som avliden. Ring kundservice om det inte stämmer.",
        "The patient is registered as deceased. Call customer service if that is not right.",
    )


class BirthDateUnknown(Refused):
    """Age decides who may prescribe, and the number tells no birth date (S20)."""

    rule = "birth-date-unknown"
    sentence = Sentence(
        "Patientens födelsedatum saknas. Be kundservice registrera det först.",
        "The patient's date of birth is missing. Ask customer service to record it first.",
    )


class PhysicianOnlyToChildren(Refused):
    """From the 16th birthday on dietitians prescribe (S20, Q2)."""

    rule = "physician-only-under-16"
    sentence = Sentence(
        "Läkare kan bara förskriva till patienter under 16 år. Be en dietist förskriva.",
        "Physicians prescribe only to patients under 16. Ask a dietitian to prescribe.",
    )


class DietitianOnlyToAdults(Refused):
    """Below 16 physicians prescribe (S20, Q2)."""

    rule = "dietitian-only-from-16"
    sentence = Sentence(
        "Dietister kan bara förskriva till patienter som har fyllt 16 år. Be en läkare förskriva.",
        "Dietitians prescribe only to patients who have turned 16. Ask a physician to prescribe.",
    )


class FormulaOnlyToChildren(Refused):
    """Infant formula is not prescribed from the 16th birthday on (S63, Q2)."""

    rule = "infant-formula-not-from-16"
    sentence = Sentence(
        "Modersmjölksersättning kan inte förskrivas till patienter som har fyllt 16 år.",
        "Infant formula cannot be prescribed to patients who have turned 16.",
    )


class ProfessionMayNotPrescribe(Refused):
    """Foods are prescribed by physicians and dietitians (S20)."""

    rule = "profession-may-not-prescribe"
    sentence = Sentence(
        "Bara läkare och dietister kan förskriva speciallivsmedel. Be någon av dem förskriva.",
        "Only physicians and dietitians prescribe special foods. Ask one of them to prescribe.",
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


def profession_of(told: str | None) -> Profession:
    """Give the profession that may prescribe (S20); raises ProfessionMayNotPrescribe."""
    for profession in PROFESSIONS:
        if profession == told:
            return profession
    raise ProfessionMayNotPrescribe


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


def against_age(
    born: date | None, *, prescription_type: PrescriptionType, by: Prescriber, limits: Limits, on: date
) -> Iterator[Refused]:
    """Say why the prescriber may not prescribe this type at that age (S20, S63, Q2, Q5)."""
    if born is None:
        return
    years = age(born, on)
    if by.profession == "physician" and years >= limits.adult_from_years:
        yield PhysicianOnlyToChildren()
    if by.profession == "dietitian" and years < limits.adult_from_years:
        yield DietitianOnlyToAdults()
    if prescription_type == "infant_formula" and years >= limits.formula_below_years:
        yield FormulaOnlyToChildren()
