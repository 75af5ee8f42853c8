"""Response bodies about a patient."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from services.prescription.api.areas import AreaTicked
from services.prescription.api.own.functions import FunctionView
from services.prescription.api.prescriptions.views import LineView
from services.prescription.application.sealing import ADDRESS
from services.prescription.domain.patients.merging import Merging
from services.prescription.domain.patients.person import (
    FormerAddress,
    Guardian,
    Patient,
    Person,
    SavedAddress,
    Status,
)
from shared.domain.address import Address
from shared.domain.customer_service import CALL
from shared.domain.person_id import NumberType
from shared.events.values import PayerKind
from shared.http import Language, View
from shared.http.language import said
from shared.sealed import Seals


class PeriodView(View):
    """Days from and through, both included."""

    valid_from: date
    valid_through: date | None


class StatusView(View):
    """What decides how the patient is served."""

    protected: bool
    no_fixed_address: bool
    deceased_on: date | None
    asylum_seeker: PeriodView | None
    opted_out: bool
    payer: PayerKind
    home_region: str | None

    @classmethod
    def of(cls, status: Status) -> "StatusView":
        asylum = status.asylum_seeker
        return cls(
            protected=status.protected,
            no_fixed_address=status.no_fixed_address,
            deceased_on=status.deceased_on,
            asylum_seeker=asylum
            and PeriodView(valid_from=asylum.valid_from, valid_through=asylum.valid_through),
            opted_out=status.opted_out,
            payer=status.payer,
            home_region=status.home_region,
        )


class SavedAddressView(View):
    """An address to be used again (S42)."""

    address_id: str
    label: str
    address: Address

    @classmethod
    def of(cls, saved: SavedAddress, seals: Seals) -> "SavedAddressView":
        address = ADDRESS.validate_json(seals.open(saved.address))
        return cls(address_id=saved.address_id, label=seals.open(saved.label), address=address)


class FormerAddressView(View):
    """Where a person registered by hand lived before (Q27)."""

    address: Address
    until: date
    changed_by: str

    @classmethod
    def of(cls, former: FormerAddress, seals: Seals) -> "FormerAddressView":
        address = ADDRESS.validate_json(seals.open(former.address))
        return cls(address=address, until=former.until, changed_by=former.changed_by)


class GuardianView(View):
    """Who acts for a minor (S70)."""

    guardian_ref: str
    valid_from: date
    valid_through: date

    @classmethod
    def of(cls, guardian: Guardian) -> "GuardianView":
        return cls(
            guardian_ref=guardian.guardian_ref,
            valid_from=guardian.valid_from,
            valid_through=guardian.valid_through,
        )


class PersonView(View):
    """The person in clear, for those who meet patients."""

    number: str
    number_type: NumberType
    born: date | None
    name: str
    address: Address
    phone: str | None
    language: str
    email: str | None
    other_phones: list[str]
    lma_number: str | None
    saved_addresses: list[SavedAddressView]
    former_addresses: list[FormerAddressView]
    guardians: list[GuardianView]

    @classmethod
    def of(cls, person: Person, seals: Seals) -> "PersonView":
        return cls(
            number=seals.open(person.number),
            number_type=person.number_type,
            born=person.born,
            name=seals.open(person.name),
            address=ADDRESS.validate_json(seals.open(person.address)),
            phone=seals.open(person.phone) if person.phone else None,
            language=person.language,
            email=seals.open(person.email) if person.email else None,
            other_phones=[seals.open(each) for each in person.other_phones],
            lma_number=seals.open(person.lma_number) if person.lma_number else None,
            saved_addresses=[SavedAddressView.of(each, seals) for each in person.saved_addresses],
            former_addresses=[FormerAddressView.of(each, seals) for each in person.former_addresses],
            guardians=[GuardianView.of(each) for each in person.guardians],
        )


class FoundPatient(View):
    """A patient found by number; a withheld one has no person, only the notice of whom to call."""

    patient_ref: str
    version: int
    person: PersonView | None
    status: StatusView
    notice: str | None
    copied_at: datetime | None
    """When the population register last answered; null for a person registered by hand (Q18)."""
    merged_into: str | None

    @classmethod
    def of(
        cls, patient: Patient, seals: Seals, language: Language, copied_at: datetime | None = None
    ) -> "FoundPatient":
        return cls(
            patient_ref=patient.patient_ref,
            version=patient.version,
            person=PersonView.of(patient.person, seals) if patient.person else None,
            status=StatusView.of(patient.status),
            notice=said(CALL, language) if patient.status.withheld else None,
            copied_at=copied_at,
            merged_into=patient.merged_into,
        )


class PatientView(FoundPatient):
    """The patient view: the person, the areas that are seen, the lines, and what may be done (S27, S69)."""

    areas: list[AreaTicked]
    active_lines: list[LineView]
    ended_lines: list[LineView]
    functions: list[FunctionView]

    @classmethod
    def showing(
        cls,
        found: FoundPatient,
        *,
        areas: list[AreaTicked],
        lines: Iterable[LineView],
        functions: list[FunctionView],
    ) -> "PatientView":
        listed = list(lines)
        return cls(
            **dict(found),
            areas=areas,
            active_lines=[line for line in listed if line.state == "active"],
            ended_lines=[line for line in listed if line.state != "active"],
            functions=functions,
        )


class PatientKept(View):
    """The answer to a registration or a change."""

    patient_ref: str
    version: int

    @classmethod
    def of(cls, patient: Patient, *_: object) -> "PatientKept":
        return cls(patient_ref=patient.patient_ref, version=patient.version)


class NumberGiven(View):
    """A patient after another number was given: renumbered, or merged into the one who has the number."""

    patient_ref: str
    version: int
    how: Literal["renumbered", "merged"]
    moved_prescriptions: list[str]

    @classmethod
    def renumbered(cls, patient: Patient, *_: object) -> "NumberGiven":
        return cls(
            patient_ref=patient.patient_ref, version=patient.version, how="renumbered", moved_prescriptions=[]
        )

    @classmethod
    def merged(cls, pair: tuple[Patient, Patient], _: object, __: object, merging: Merging) -> "NumberGiven":
        into = pair[1]
        moved = list(merging.prescription_nos)
        return cls(
            patient_ref=into.patient_ref, version=into.version, how="merged", moved_prescriptions=moved
        )
