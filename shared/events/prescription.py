"""What prescription tells: who the patient is to the others, and what may be withdrawn."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.fact import Fact, Part, Sealed

PayerKind = Literal["region", "home_region"]
PrescriptionType = Literal["coeliac_metabolic", "energy_nutrition", "specific_content", "infant_formula"]


class StatusPeriod(Part):
    """The days a status holds, both ends included (Q1: the LMA card has dates)."""

    valid_from: date
    valid_through: date | None = None


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
    payer: PayerKind = "region"
    home_region: str | None = None
    opted_out: bool = False
    """Wants no messages."""


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


class PrescriptionRegistered(Fact):
    """A prescription was saved (S22)."""

    topic: ClassVar[str] = "prescription.prescription_registered.v1"
    about: ClassVar[str] = "prescription_no"

    prescription_no: str
    patient_ref: str
    prescription_type: PrescriptionType
    product_area: str
    care_unit: str
    prescriber: str
    """The prescriber's HSA-id or rsid, for the rule that nobody withdraws on an own line (S23)."""
    prescriber_employed_by_region: bool = True
    payer: PayerKind
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
    why: Literal["used_up", "expired"]
