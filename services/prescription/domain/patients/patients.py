"""A patient's identity and protection, and the facts about it (S5, S65 to S68, Q18)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.prescription.domain.patients.person import (
    MOST_FORMER_ADDRESSES,
    FormerAddress,
    Patient,
    Person,
    Status,
    as_published,
)
from services.prescription.domain.patients.routines import NoFixedAddress, ProtectedIdentity
from shared.domain.days import DayToCome
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any
from shared.events.prescription import PatientChanged

__all__ = [
    "AlreadyRegistered",
    "Identity",
    "MergedPatient",
    "Patient",
    "Person",
    "PersonMissing",
    "Status",
    "against_days",
    "against_serving",
    "change_status",
    "changed",
    "demand_served",
    "record_patient",
    "register_patient",
    "with_contact",
]


class AlreadyRegistered(Refused):
    """The number belongs to a patient that we have."""

    rule = "already-registered"
    sentence = Sentence(
        "Det finns redan en patient med numret. Sök fram patienten och ändra där.",
        "There is already a patient with the number. Find the patient and change there.",
    )


class PersonMissing(Refused):
    """A person who is served has a name and an address."""

    rule = "person-missing"
    sentence = Sentence(
        "Namn och adress saknas. Ange dem, eller markera att patienten saknar stadigvarande adress.",
        "Name and address are missing. Give them, or mark that the patient has no fixed address.",
    )


class AnotherPatientsNumber(Refused):
    """The number in the form belongs to somebody else, or to nobody yet."""

    rule = "another-patients-number"
    sentence = Sentence(
        "Numret hör inte till den här patienten. Kontrollera numret.",
        "The number does not belong to this patient. Check the number.",
    )


class DiedBeforeBirth(Refused):
    """A life does not end before it begins (decision 0059)."""

    rule = "died-before-birth"
    sentence = Sentence(
        "Patienten kan inte ha avlidit före sin födelsedag. Rätta den dag som är fel.",
        "The patient cannot have died before being born. Correct the day that is wrong.",
    )


class HomeRegionMissing(Refused):
    """A line that the home region pays for must say which one (S68)."""

    rule = "home-region-missing"
    sentence = Sentence(
        "Ange vilken hemregion som betalar för patienten.",
        "Say which home region pays for the patient.",
    )


class MergedPatient(Refused):
    """All that hung on this patient belongs to another one now (S65, S68); `into` names it."""

    rule = "merged-patient"
    sentence = Sentence(
        "Patienten har slagits ihop med en annan. Öppna patienten med det nya numret.",
        "The patient was merged into another one. Open the patient by the new number.",
    )


@dataclass(frozen=True)
class Identity:
    """Whose a number is, kept under the number's keyed hash."""

    number_key: str
    patient_ref: str


def register_patient(
    patient: Patient | None,
    identity: Identity | None,
    *,
    patient_ref: str,
    number_key: str,
    person: Person | None,
    status: Status,
    by: str,
) -> Decision[Patient, Identity]:
    """Register by hand (S65, S68, Q18); raises AlreadyRegistered, PersonMissing and HomeRegionMissing."""
    if patient is not None or identity is not None:
        raise AlreadyRegistered
    refuse_any(_against_keeping(person, status))
    registered = Patient(patient_ref, 1, None if status.withheld else person, status, by)
    return registered, Identity(number_key, patient_ref), [as_published(registered)]


def record_patient(
    patient: Patient,
    identity: Identity | None,
    *,
    person: Person | None,
    status: Status,
    by: str = "",
    on: date | None = None,
) -> Decision[Patient, Identity | None]:
    """Record person and status anew, as when protection has ended (S68, Q18, Q27).

    Contact data stays, and an address that is left is remembered with the day and who changed it.
    Raises AnotherPatientsNumber, PersonMissing and HomeRegionMissing.
    """
    if identity is None or identity.patient_ref != patient.patient_ref:
        raise AnotherPatientsNumber
    refuse_any(_against_keeping(person, status))
    kept = person and with_contact(person, patient.person)
    if kept and patient.person and on and _moved(patient.person, kept):
        left = FormerAddress(patient.person.address, on, by)
        former = (*kept.former_addresses, left)[-MOST_FORMER_ADDRESSES:]
        kept = replace(kept, former_addresses=former)
    recorded, facts = changed(patient, None if status.withheld else kept, status)
    return recorded, identity, facts


def change_status(patient: Patient, *, status: Status) -> Decision[Patient]:
    """Change what decides how the patient is served; who is withheld is forgotten (S66, S67, Q18).

    Raises PersonMissing when protection ends: the person must be recorded anew; and HomeRegionMissing.
    """
    refuse_any(_against_keeping(patient.person, status))
    return changed(patient, None if status.withheld else patient.person, status)


def with_contact(person: Person, before: Person | None) -> Person:
    """Give a person recorded anew what the form and the register do not hold (S42, S70)."""
    if before is None:
        return person
    contact = before.contact.completed_by(person.contact)
    return Person.of(person.registered, replace(contact, phone=person.phone, language=person.language))


def against_serving(patient: Patient) -> Iterator[Refused]:
    """Say why the person may not be shown or prescribed to (S66, S67)."""
    if patient.merged_into is not None:
        yield MergedPatient(into=patient.merged_into)
    if patient.status.protected:
        yield ProtectedIdentity()
    if patient.status.no_fixed_address:
        yield NoFixedAddress()


def demand_served(patient: Patient | None) -> Patient:
    """Give a patient who may be shown (S66, S67); raises NotFound, ProtectedIdentity and NoFixedAddress."""
    if patient is None:
        raise NotFound("Patient")
    refuse_any(against_serving(patient))
    return patient


def against_days(born: date | None, deceased_on: date | None, *, on: date) -> Iterator[Refused]:
    """Say which day of a life cannot be (decision 0059): not after today, and death not before birth."""
    if (born is not None and born > on) or (deceased_on is not None and deceased_on > on):
        yield DayToCome()
    if born is not None and deceased_on is not None and deceased_on < born:
        yield DiedBeforeBirth()


def _against_keeping(person: Person | None, status: Status) -> Iterator[Refused]:
    if person is None and not status.withheld:
        yield PersonMissing()
    if status.payer == "home_region" and not status.home_region:
        yield HomeRegionMissing()


def _moved(before: Person, now: Person) -> bool:
    return before.address_key != now.address_key


def changed(patient: Patient, person: Person | None, status: Status) -> tuple[Patient, list[PatientChanged]]:
    """Store another person or status as a new version, and publish it; nothing if both are the same (S68)."""
    if (person, status) == (patient.person, patient.status):
        return patient, []
    newer = replace(patient, version=patient.version + 1, person=person, status=status)
    return newer, [as_published(newer)]
