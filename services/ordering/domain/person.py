"""Ordering's copy of a patient, and which patients cannot have a withdrawal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.domain.customer_service import CALL
from shared.domain.days import Period
from shared.domain.decision import Refused, Sentence
from shared.domain.guardianship import is_minor
from shared.domain.tariff import Payment
from shared.events.fact import Open
from shared.events.values import PayerKind


class PersonNotKnownYet(Refused):
    """Nothing is known of the patient, so the answer is no (Q18)."""

    rule = "person-not-known-yet"
    sentence = Sentence(
        "Patientens uppgifter har inte kommit fram än. Vänta en stund och försök igen.",
        "The patient's particulars have not arrived yet. Wait a moment and try again.",
    )


class ProtectedIdentity(Refused):
    """The person is protected, or it is not known (Q18)."""

    rule = "protected-identity"
    sentence = (
        Sentence(
            "Patienten kan inte få varor genom systemet. Följ den särskilda manuella rutinen.",
            "The patient cannot be served through the system. Follow the separate manual routine.",
        )
        + CALL
    )


class NoFixedAddress(Refused):
    """There is nowhere to deliver (Q18)."""

    rule = "no-fixed-address"
    sentence = (
        Sentence(
            "Patienten saknar stadigvarande adress. Följ den särskilda manuella rutinen.",
            "The patient has no permanent address. Follow the separate manual routine.",
        )
        + CALL
    )


class Deceased(Refused):
    """The patient has died (formats.md 2)."""

    rule = "deceased"
    sentence = Sentence(
        "Patienten är avliden, så inga fler uttag kan göras. Makulera utkast som ligger kvar.",
        "The patient has died, so no more withdrawals can be made. Annul drafts that remain.",
    )


@dataclass(frozen=True)
class Guardian:
    """Who may act for a minor, and when (Q7)."""

    patient_ref: str
    """The guardian's own reference."""
    period: Period


@dataclass(frozen=True)
class SavedAddress:
    """An address that the patient uses again (S42); both texts are sealed."""

    label: str
    address: str


@dataclass(frozen=True)
class Person:
    """A patient as last published; name, addresses, phone and e-mail are sealed."""

    version: int
    protected: bool
    no_fixed_address: bool = False
    deceased_on: date | None = None
    asylum_seeker: Period | None = None
    born: date | None = None
    language: str = "sv"
    opted_out: bool = False
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    saved_addresses: tuple[SavedAddress, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    payer: Open[PayerKind] = "region"
    """`home_region` of somebody who belongs to another region (Q58)."""

    @property
    def payment(self) -> Payment:
        return Payment(born=self.born, asylum_seeker=self.asylum_seeker)

    def is_minor(self, on: date) -> bool:
        return is_minor(self.born, on=on)

    def guardians_on(self, day: date) -> frozenset[str]:
        return frozenset(each.patient_ref for each in self.guardians if each.period.covers(day))


def against_person(person: Person | None) -> Iterator[Refused]:
    """Say why this person can have no withdrawal; what is unknown counts as protected (Q18, S66, S67)."""
    if person is None:
        yield PersonNotKnownYet()
        return
    if person.protected:
        # Nothing more is said of a protected person.
        yield ProtectedIdentity()
        return
    if person.deceased_on is not None:
        yield Deceased()
    if person.no_fixed_address:
        yield NoFixedAddress()
