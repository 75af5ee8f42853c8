"""The facts of prescription: patients, and what may be withdrawn."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open, Part, Sealed
from shared.events.values import PayerKind, PrescriptionType

RenewalReason = Literal["ends", "last_withdrawal_used"]


class StatusPeriod(Part):
    """The days a status holds, both ends included (Q1: the LMA card has dates)."""

    valid_from: date
    valid_through: date | None = None


class SavedAddress(Part):
    """An address that the patient uses again: a summer house, a relative, a short-term home (S42)."""

    address_id: str
    label: Sealed
    """What the patient calls it."""
    address: Sealed
    """JSON of `shared.domain.address.Address`."""


class Guardianship(Part):
    """Who may act for a minor, and on which days, both ends included (S70, Q7)."""

    guardian_ref: str
    """The guardian's own patient reference."""
    valid_from: date
    valid_through: date


class PatientChanged(Fact):
    """A snapshot of a patient: newest version wins. Nothing personal stands in clear."""

    topic: ClassVar[str] = "prescription.patient_changed.v1"
    about: ClassVar[str] = "patient_ref"

    patient_ref: str
    version: int
    number: Sealed | None
    """The personal identity number in its stored form; None for a protected person."""
    number_type: str
    """The type of identity: personnummer, samordningsnummer, nrid, skane ... (formats.md section 1)."""
    born: Sealed | None
    """ISO date; None when unknown."""
    name: Sealed | None
    address: Sealed | None
    """JSON of `shared.domain.address.Address`."""
    phone: Sealed | None
    """E.164."""
    language: str = "sv"
    protected: bool
    """Protected identity of any kind, or unknown (Q18: fail closed)."""
    no_fixed_address: bool = False
    deceased_on: date | None = None
    asylum_seeker: StatusPeriod | None = None
    """Asylum seeker or undocumented person (Q1)."""
    payer: Open[PayerKind] = "region"
    home_region: str | None = None
    opted_out: bool = False
    """Wants no messages."""
    email: Sealed | None = None
    saved_addresses: tuple[SavedAddress, ...] = ()
    guardians: tuple[Guardianship, ...] = ()


class PatientsMerged(Fact):
    """Two patients were one person: all that hangs on the first belongs to the second from now on (S65, S68).

    Each service moves what it stores under `patient_ref` to `into_ref`, once, in whatever order facts come.
    """

    topic: ClassVar[str] = "prescription.patients_merged.v1"
    about: ClassVar[str] = "patient_ref"

    patient_ref: str
    """The reference that is no longer used."""
    into_ref: str
    merged_on: date


class LinePrescribed(Part):
    """One article of a prescription, to be withdrawn so many times."""

    line_id: str
    article_no: str
    """The prescribed article; a generic one when flavours are chosen at withdrawal (S54)."""
    packages: int
    """Packages per withdrawal."""
    days: int
    """Days one withdrawal shall last."""
    withdrawals: int
    valid_through: date
    responsible_physician: str | None = None
    """The physician's HSA-id, when a dietitian prescribed to a child by an exemption (S21, Q26)."""


class PrescriptionRegistered(Fact):
    """A prescription was saved (S22)."""

    topic: ClassVar[str] = "prescription.prescription_registered.v1"
    about: ClassVar[str] = "prescription_no"

    prescription_no: str
    patient_ref: str
    prescription_type: Open[PrescriptionType]
    product_area: str
    care_unit: str
    prescriber: str
    """The prescriber's HSA-id or rsid, for the rule that nobody withdraws on an own line (S23)."""
    prescriber_employed_by_region: bool = True
    payer: Open[PayerKind]
    registered_on: date
    lines: tuple[LinePrescribed, ...]


class LineAnnulled(Fact):
    """A line was annulled by a prescriber (S26, Q21)."""

    topic: ClassVar[str] = "prescription.line_annulled.v1"
    about: ClassVar[str] = "line_id"

    line_id: str
    prescription_no: str
    patient_ref: str
    annulled_on: date


class LineEnded(Fact):
    """A line ended by itself: used up, or older than 365 days (S24)."""

    topic: ClassVar[str] = "prescription.line_ended.v1"
    about: ClassVar[str] = "line_id"

    line_id: str
    prescription_no: str
    patient_ref: str
    ended_on: date
    why: Open[Literal["used_up", "expired"]]


class RenewalDue(Fact):
    """The patient soon needs a new prescription: published once for each line and reason (N2)."""

    topic: ClassVar[str] = "prescription.renewal_due.v1"
    about: ClassVar[str] = "line_id"

    line_id: str
    prescription_no: str
    patient_ref: str
    why: Open[RenewalReason]
    """The line ends by age, or its last withdrawal is used and the goods will run out."""
    on: date
    """The last day of the line, or the day through which the goods last."""
    notify: Sealed | None = None
    """The patient's mobile number, E.164; None when there is none."""
    language: str = "sv"


class PrescriberAt(Part):
    """A prescriber at a care unit: for which product areas, and on which days, both ends included."""

    care_unit: str
    product_areas: tuple[str, ...]
    valid_from: date
    valid_through: date | None = None


class PrescriberChanged(Fact):
    """A snapshot of a prescriber in the register of prescribers (Q42): newest version wins.

    It is about an employee at work: number and name stand in clear, as on every prescription.
    """

    topic: ClassVar[str] = "prescription.prescriber_changed.v1"
    about: ClassVar[str] = "prescriber"

    prescriber: str
    """The HSA-id."""
    version: int
    name: str
    profession: str
    units: tuple[PrescriberAt, ...]


class DeviceRight(Part):
    """Who may prescribe devices of a class: one row of the region's rule book."""

    iso_code: str
    """Digits only; a code of 2, 4 or 6 digits stands for every code that begins with it."""
    product_area: str
    professions: tuple[str, ...] = ()
    """Empty: every profession."""
    care_units: tuple[str, ...] = ()
    """Empty: every care unit; advanced aids name their specialist clinics (S86)."""
    valid_from: date
    valid_through: date | None = None


class OfferedSources(Part):
    """From where devices of a product area are taken at some care units: one row of the rule book (S79)."""

    product_area: str
    care_units: tuple[str, ...] = ()
    """Empty: every care unit that no other row of the area names."""
    sources: tuple[Open[Literal["storeroom", "warehouse"]], ...]
    """When there is only one, it is preset; of several the person's own setting decides (Q52)."""
    valid_from: date
    valid_through: date | None = None


class DeviceRulesChanged(Fact):
    """The part of the rule book about devices, whole: newest version wins (Q42)."""

    topic: ClassVar[str] = "prescription.device_rules_changed.v1"
    about: ClassVar[str] = "rule_book"

    rule_book: str = "devices"
    version: int
    rights: tuple[DeviceRight, ...]
    offered: tuple[OfferedSources, ...] = ()


class DeliverySourceChosen(Fact):
    """A person's own setting: from where devices are taken unless the line says otherwise (S153)."""

    topic: ClassVar[str] = "prescription.delivery_source_chosen.v1"
    about: ClassVar[str] = "person"

    person: str
    """The HSA-id of a prescriber or order placer."""
    version: int
    source: Open[Literal["storeroom", "warehouse"]]
