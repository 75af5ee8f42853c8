"""Who the patient is, and what the other services are told of it (S5, S65 to S68, Q18)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.prescription.domain.routines import NoFixedAddress, ProtectedIdentity
from shared.domain.days import Period
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any
from shared.domain.person_id import NumberType
from shared.events.prescription import PatientChanged, PayerKind, StatusPeriod


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


class HomeRegionMissing(Refused):
    """A line that the home region pays for must say which one (S68)."""

    rule = "home-region-missing"
    sentence = Sentence(
        "Ange vilken hemregion som betalar för patienten.",
        "Say which home region pays for the patient.",
    )


@dataclass(frozen=True)
class Person:
    """What is personal. Text is sealed by the door, except the day of birth that the rules need."""

    number: str
    number_type: NumberType
    born: date | None
    sealed_born: str | None
    name: str
    address: str
    phone: str | None = None
    language: str = "sv"


@dataclass(frozen=True)
class Status:
    """What decides whether and how the patient is served."""

    protected: bool
    no_fixed_address: bool = False
    deceased_on: date | None = None
    asylum_seeker: Period | None = None
    opted_out: bool = False
    payer: PayerKind = "region"
    home_region: str | None = None

    @property
    def withheld(self) -> bool:
        """Tell whether nothing about the person may be kept or told (Q18)."""
        return self.protected or self.no_fixed_address


@dataclass(frozen=True)
class Patient:
    """A patient under a random reference; `person` is None as long as the person is withheld."""

    patient_ref: str
    version: int
    person: Person | None
    status: Status
    registered_by: str


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
    return registered, Identity(number_key, patient_ref), [_told(registered)]


def record_patient(
    patient: Patient, identity: Identity | None, *, person: Person | None, status: Status
) -> Decision[Patient, Identity | None]:
    """Record person and status anew, as when protection has ended (S68, Q18, Q27).

    Raises AnotherPatientsNumber, PersonMissing and HomeRegionMissing.
    """
    if identity is None or identity.patient_ref != patient.patient_ref:
        raise AnotherPatientsNumber
    refuse_any(_against_keeping(person, status))
    changed, facts = _changed(patient, None if status.withheld else person, status)
    return changed, identity, facts


def change_status(patient: Patient, *, status: Status) -> Decision[Patient]:
    """Change what decides how the patient is served; who is withheld is forgotten (S66, S67, Q18).

    Raises PersonMissing when protection ends: the person must be recorded anew; and HomeRegionMissing.
    """
    refuse_any(_against_keeping(patient.person, status))
    changed, facts = _changed(patient, None if status.withheld else patient.person, status)
    return changed, facts


def against_serving(patient: Patient) -> Iterator[Refused]:
    """Say why the person may not be shown or prescribed to (S66, S67)."""
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


def _against_keeping(person: Person | None, status: Status) -> Iterator[Refused]:
    if person is None and not status.withheld:
        yield PersonMissing()
    if status.payer == "home_region" and not status.home_region:
        yield HomeRegionMissing()


def _changed(patient: Patient, person: Person | None, status: Status) -> tuple[Patient, list[PatientChanged]]:
    if (person, status) == (patient.person, patient.status):
        return patient, []
    changed = replace(patient, version=patient.version + 1, person=person, status=status)
    return changed, [_told(changed)]


def _told(patient: Patient) -> PatientChanged:
    person, status = patient.person, patient.status
    asylum = status.asylum_seeker
    return PatientChanged(
        patient_ref=patient.patient_ref,
        version=patient.version,
        number=person and person.number,
        number_type=person.number_type if person else "withheld",
        born=person and person.sealed_born,
        name=person and person.name,
        address=person and person.address,
        phone=person and person.phone,
        language=person.language if person else "sv",
        protected=status.protected,
        no_fixed_address=status.no_fixed_address,
        deceased_on=status.deceased_on,
        asylum_seeker=asylum
        and StatusPeriod(valid_from=asylum.valid_from, valid_through=asylum.valid_through),
        payer=status.payer,
        home_region=status.home_region,
        opted_out=status.opted_out,
    )
