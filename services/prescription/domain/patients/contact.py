"""A patient's contact data, and the other addresses to which goods may be sent (S42, S70)."""

from dataclasses import replace

from services.prescription.domain.patients.patients import (
    Patient,
    Person,
    PersonMissing,
    against_serving,
    changed,
)
from services.prescription.domain.patients.person import SavedAddress
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any

MOST_SAVED_ADDRESSES = 20
MOST_OTHER_PHONES = 5


class TooManyAddresses(Refused):
    """A drop-down of more addresses than this helps nobody (S42)."""

    rule = "too-many-addresses"
    sentence = Sentence(
        f"Patienten har redan {MOST_SAVED_ADDRESSES} sparade adresser. Ta bort en som inte används.",
        f"The patient has {MOST_SAVED_ADDRESSES} saved addresses already. Remove one that is not used.",
    )


def change_contact(
    patient: Patient,
    *,
    phone: str | None,
    other_phones: tuple[str, ...],
    email: str | None,
    language: str,
) -> Decision[Patient]:
    """Change phones, e-mail and language (S70); raises what speaks against serving the person (S66, S67)."""
    person = _person(patient)
    reached = replace(person, phone=phone, other_phones=other_phones, email=email, language=language)
    return changed(patient, reached, patient.status)


def save_address(patient: Patient, *, address_id: str, label: str, address: str) -> Decision[Patient]:
    """Save an address for later withdrawals; the same address again only gets the new name (S42).

    Raises TooManyAddresses and what speaks against serving the person (S66, S67).
    """
    person = _person(patient)
    others = tuple(each for each in person.saved_addresses if each.address_id != address_id)
    if len(others) >= MOST_SAVED_ADDRESSES:
        raise TooManyAddresses
    saved = (*others, SavedAddress(address_id, label, address))
    return changed(patient, replace(person, saved_addresses=saved), patient.status)


def keep_address(
    patient: Patient | None, *, address_id: str, label: str, address: str
) -> Decision[Patient | None]:
    """Save an address that a withdrawal was sent to (S42); what cannot be saved any more is let go.

    The withdrawal itself stands: a person who is withheld by now has no addresses here (Q18).
    """
    person = patient.person if patient else None
    if patient is None or person is None or len(person.saved_addresses) >= MOST_SAVED_ADDRESSES:
        return patient, []
    if address_id in {each.address_id for each in person.saved_addresses}:
        return patient, []
    return save_address(patient, address_id=address_id, label=label, address=address)


def forget_address(patient: Patient, *, address_id: str) -> Decision[Patient]:
    """Take a saved address away (S42); raises NotFound."""
    person = _person(patient)
    left = tuple(each for each in person.saved_addresses if each.address_id != address_id)
    if left == person.saved_addresses:
        raise NotFound("Address")
    return changed(patient, replace(person, saved_addresses=left), patient.status)


def _person(patient: Patient) -> Person:
    refuse_any(against_serving(patient))
    if patient.person is None:
        raise PersonMissing
    return patient.person
