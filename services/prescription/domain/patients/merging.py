"""Merging two patients who are one person: everything of the one moves to the other, once (S65, S68)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from services.prescription.domain.patients.contact import MOST_SAVED_ADDRESSES
from services.prescription.domain.patients.guardians import MOST_GUARDIANS
from services.prescription.domain.patients.patients import (
    AlreadyRegistered,
    Identity,
    MergedPatient,
    Patient,
    Person,
    Status,
    against_serving,
    changed,
)
from services.prescription.domain.patients.person import MOST_FORMER_ADDRESSES, Contact
from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.person_id import NumberType
from shared.events.prescription import PatientsMerged


class SamePatient(Refused):
    """The number belongs to the patient already (S65)."""

    rule = "same-patient"
    sentence = Sentence(
        "Numret hör redan till patienten. Ange det nya numret.",
        "The number belongs to the patient already. Give the new number.",
    )


class NotAReserveNumber(Refused):
    """A personal number is merged only when the register itself says that it was replaced (S65)."""

    rule = "not-a-reserve-number"
    sentence = Sentence(
        "Patienten har redan ett personnummer, och folkbokföringen säger inte att det är utbytt. "
        "Kontrollera numren.",
        "The patient has a personal number, and the population register does not say that it was replaced. "
        "Check the numbers.",
    )


@dataclass(frozen=True)
class Merging:
    """Who merged two patients, when and why, and which prescriptions moved: kept for good (S65, S68)."""

    patient_ref: str
    into_ref: str
    by: str
    on: date
    reason: str
    prescription_nos: tuple[str, ...]


Pair = tuple[Patient, Patient]
Several = tuple[Prescription, ...]


def against_merging(pair: Pair, *, same_by_register: bool) -> Iterator[Refused]:
    """Say why the first patient cannot be merged into the second (S65, S68); says nothing of the withheld."""
    old, into = pair
    if old.patient_ref == into.patient_ref:
        yield SamePatient()
        return
    withheld = [*against_serving(old), *against_serving(into)]
    yield from withheld
    if old.person is not None and not withheld and not (_is_reserve(old.person) or same_by_register):
        yield NotAReserveNumber()


def merge_patients(
    pair: Pair,
    identities: tuple[Identity, ...],
    prescriptions: Several,
    merging: Merging | None,
    *,
    by: str,
    on: date,
    reason: str,
    same_by_register: bool = False,
) -> Decision[Pair, tuple[Identity, ...], Several, Merging]:
    """Move numbers, prescriptions, contact data and status to the person's other patient, once (S65, S68).

    What the other patient has stays; what it lacks comes from the old one. Raises what against_merging says.
    """
    if merging is not None:
        raise MergedPatient(into=merging.into_ref)
    refuse_any(against_merging(pair, same_by_register=same_by_register))
    old, into = pair
    closed = replace(old, version=old.version + 1, person=None, merged_into=into.patient_ref)
    newer, facts = changed(into, *_enriched(into, old))
    moved = tuple(replace(each, patient_ref=into.patient_ref) for each in identities)
    written = Merging(
        old.patient_ref,
        into.patient_ref,
        by,
        on,
        reason,
        tuple(each.prescription_no for each in prescriptions),
    )
    merged = PatientsMerged(patient_ref=old.patient_ref, into_ref=into.patient_ref, merged_on=on)
    taken_along = move_prescriptions(prescriptions, into_ref=into.patient_ref)[0]
    return (closed, newer), moved, taken_along, written, [*facts, merged]


def move_prescriptions(prescriptions: Several, *, into_ref: str) -> Decision[Several]:
    """Put prescriptions under another patient: also one that was saved while the two were merged (S65)."""
    return tuple(replace(each, patient_ref=into_ref) for each in prescriptions), []


def follow_guardian(child: Patient, *, old_ref: str, into_ref: str) -> Decision[Patient]:
    """Let a child's guardian be the patient that the guardian was merged into (S65, S70)."""
    if child.person is None:
        return child, []
    guardians = tuple(
        replace(each, guardian_ref=into_ref) if each.guardian_ref == old_ref else each
        for each in child.person.guardians
    )
    return changed(child, replace(child.person, guardians=guardians), child.status)


def _is_reserve(person: Person) -> bool:
    return person.number_type != "personnummer"


def _enriched(into: Patient, old: Patient) -> tuple[Person | None, Status]:
    status = replace(
        into.status,
        asylum_seeker=into.status.asylum_seeker or old.status.asylum_seeker,
        opted_out=into.status.opted_out or old.status.opted_out,
    )
    person, before = into.person, old.person
    if person is None or before is None:
        return person, status
    return Person.of(person.registered, joined(person.contact, before.contact)), status


def joined(kept: Contact, other: Contact) -> Contact:
    """Give what is kept, and of what it lacks the other one's; of what there may be several, both."""
    lacking = {
        each.name: getattr(other, each.name) for each in fields(Contact) if not getattr(kept, each.name)
    }
    saved = {each.address_id: each for each in (*other.saved_addresses, *kept.saved_addresses)}
    guardians = {each.guardian_ref: each for each in (*other.guardians, *kept.guardians)}
    return replace(
        replace(kept, **lacking),
        language=kept.language if kept.phone else other.language,
        former_addresses=(*other.former_addresses, *kept.former_addresses)[-MOST_FORMER_ADDRESSES:],
        saved_addresses=tuple(saved.values())[-MOST_SAVED_ADDRESSES:],
        guardians=tuple(guardians.values())[-MOST_GUARDIANS:],
    )


def give_number(
    patient: Patient, identity: Identity | None, *, number_key: str, number: str, number_type: NumberType
) -> Decision[Patient, Identity]:
    """Give a patient the number that replaces a reserve number; the old one still finds (S65, S68).

    Raises AlreadyRegistered when another patient has it, and what against_merging says of the first patient.
    """
    if identity is not None:
        raise AlreadyRegistered
    refuse_any(against_serving(patient))
    person = patient.person
    if person is None or not _is_reserve(person):
        raise NotAReserveNumber
    renumbered = replace(person, number=number, number_type=number_type)
    newer, facts = changed(patient, renumbered, patient.status)
    return newer, Identity(number_key, patient.patient_ref), facts
