"""A patient as prescription stores it, and the snapshot that is published (S70, Q18)."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from shared.domain.days import Period
from shared.domain.person_id import NumberType
from shared.events.prescription import Guardianship, PatientChanged, StatusPeriod
from shared.events.prescription import SavedAddress as AddressTold
from shared.events.values import PayerKind

MOST_FORMER_ADDRESSES = 50
"""Older ones are in the audit log only."""


@dataclass(frozen=True)
class SavedAddress:
    """An address that is used again, under the keyed hash of what it says (S42); its text is sealed."""

    address_id: str
    label: str
    address: str


@dataclass(frozen=True)
class FormerAddress:
    """Where a manually registered person lived before, until when, and who changed it (Q27)."""

    address: str
    until: date
    changed_by: str


@dataclass(frozen=True)
class Guardian:
    """Another patient who acts for this minor on some days (S70, Q7)."""

    guardian_ref: str
    valid_from: date
    valid_through: date

    def acts_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_through


@dataclass(frozen=True)
class Registered:
    """What the register or a form says of a person; a new answer replaces all of it, and nothing else.

    Text is sealed by the door, except the day of birth that the rules need. `address_key` and `name_keys` are
    keyed hashes: they tell whether an address changed, and find names.
    """

    number: str
    number_type: NumberType
    born: date | None
    sealed_born: str | None
    name: str
    address: str
    name_keys: tuple[str, ...] = ()
    indexed_as: int = 1
    """In which way `name_keys` was made; 1 stands for those from before it was counted."""
    address_key: str = ""


@dataclass(frozen=True)
class Contact:
    """What people told us of a person, which no register knows: it stays when the register answers anew."""

    phone: str | None = None
    language: str = "sv"
    email: str | None = None
    other_phones: tuple[str, ...] = ()
    lma_number: str | None = None
    """Of the asylum seeker's card: an attribute, never an identity (formats.md section 1)."""
    former_addresses: tuple[FormerAddress, ...] = ()
    saved_addresses: tuple[SavedAddress, ...] = ()
    guardians: tuple[Guardian, ...] = ()

    def completed_by(self, stated: "Contact") -> "Contact":
        """Take what a form told beside the register's answer; all else stays (S42, S70)."""
        return replace(
            self,
            email=stated.email or self.email,
            other_phones=stated.other_phones or self.other_phones,
            lma_number=stated.lma_number or self.lma_number,
        )


@dataclass(frozen=True)
class Person(Contact, Registered):
    """What is personal: both halves, kept side by side in one document as ever."""

    @classmethod
    def of(cls, registered: Registered, contact: Contact) -> "Person":
        """Put two halves together."""
        return cls(**_values(Registered, registered), **_values(Contact, contact))

    @property
    def registered(self) -> Registered:
        return Registered(**_values(Registered, self))

    @property
    def contact(self) -> Contact:
        return Contact(**_values(Contact, self))


def _values(half: type[Registered] | type[Contact], of: Registered | Contact) -> dict[str, Any]:
    return {each.name: getattr(of, each.name) for each in fields(half)}


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
        """Tell whether nothing about the person may be stored or published (Q18)."""
        return self.protected or self.no_fixed_address


@dataclass(frozen=True)
class Patient:
    """A patient under a random reference; `person` is None as long as the person is withheld."""

    patient_ref: str
    version: int
    person: Person | None
    status: Status
    registered_by: str
    merged_into: str | None = None


def as_published(patient: Patient) -> PatientChanged:
    """Write the snapshot that the other services keep; a withheld person has none (Q18)."""
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
        email=person and person.email,
        saved_addresses=tuple(_address_told(each) for each in person.saved_addresses) if person else (),
        guardians=tuple(_guardian_told(each) for each in person.guardians) if person else (),
    )


def _address_told(saved: SavedAddress) -> AddressTold:
    return AddressTold(address_id=saved.address_id, label=saved.label, address=saved.address)


def _guardian_told(guardian: Guardian) -> Guardianship:
    return Guardianship(
        guardian_ref=guardian.guardian_ref,
        valid_from=guardian.valid_from,
        valid_through=guardian.valid_through,
    )
