"""What the answers show of prescriptions and patients."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.prescription.api.forms import ADDRESS
from services.prescription.domain.patients import Patient, Person, Status
from services.prescription.domain.prescriptions import Line, LineState, Prescription, Profession
from services.prescription.domain.routines import CALL
from shared.domain.address import Address
from shared.domain.person_id import NumberType
from shared.events.prescription import PayerKind, PrescriptionType
from shared.http import Language, View
from shared.sealed import Seals


class AnnulmentView(View):
    """Who took a line back, when and why."""

    by: str
    on: date
    reason: str


class LineView(View):
    """One prescribed article with what is left of it."""

    line_id: str
    prescription_no: str
    prescription_type: PrescriptionType
    care_unit: str
    prescriber: str
    article_no: str
    article_name: str
    flavours_at_withdrawal: bool
    per_day: Decimal | None
    packages: int
    days: int
    withdrawals: int
    withdrawals_left: int
    withdrawal_nos: list[str]
    registered_on: date
    valid_through: date
    state: LineState
    ended_on: date | None
    annulment: AnnulmentView | None

    @classmethod
    def of(cls, prescription: Prescription, line: Line) -> "LineView":
        annulment = line.annulment
        return cls(
            line_id=line.line_id,
            prescription_no=prescription.prescription_no,
            prescription_type=prescription.prescription_type,
            care_unit=prescription.care_unit,
            prescriber=prescription.prescriber,
            article_no=line.article_no,
            article_name=line.article_name,
            flavours_at_withdrawal=line.is_generic,
            per_day=line.per_day,
            packages=line.packages,
            days=line.days,
            withdrawals=line.withdrawals,
            withdrawals_left=line.withdrawals_left,
            withdrawal_nos=list(line.used),
            registered_on=prescription.registered_on,
            valid_through=prescription.valid_through,
            state=line.state,
            ended_on=line.ended_on,
            annulment=annulment and AnnulmentView(by=annulment.by, on=annulment.on, reason=annulment.reason),
        )


class PrescriptionView(View):
    """A prescription with its lines."""

    prescription_no: str
    patient_ref: str
    prescription_type: PrescriptionType
    product_area: str
    care_unit: str
    prescriber: str
    prescriber_profession: Profession
    payer: PayerKind
    registered_on: date
    valid_through: date
    lines: list[LineView]

    @classmethod
    def of(cls, prescription: Prescription) -> "PrescriptionView":
        return cls(
            prescription_no=prescription.prescription_no,
            patient_ref=prescription.patient_ref,
            prescription_type=prescription.prescription_type,
            product_area=prescription.product_area,
            care_unit=prescription.care_unit,
            prescriber=prescription.prescriber,
            prescriber_profession=prescription.prescriber_profession,
            payer=prescription.payer,
            registered_on=prescription.registered_on,
            valid_through=prescription.valid_through,
            lines=[LineView.of(prescription, line) for line in prescription.lines],
        )


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


class PersonView(View):
    """The person in clear, for those who meet patients."""

    number: str
    number_type: NumberType
    born: date | None
    name: str
    address: Address
    phone: str | None
    language: str

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
        )


class FoundPatient(View):
    """A patient found by number; a withheld one has no person, only the notice of whom to call."""

    patient_ref: str
    version: int
    person: PersonView | None
    status: StatusView
    notice: str | None

    @classmethod
    def of(cls, patient: Patient, seals: Seals, language: Language) -> "FoundPatient":
        return cls(
            patient_ref=patient.patient_ref,
            version=patient.version,
            person=PersonView.of(patient.person, seals) if patient.person else None,
            status=StatusView.of(patient.status),
            notice=(CALL.en if language == "en" else CALL.sv) if patient.status.withheld else None,
        )


class PatientView(FoundPatient):
    """The patient view: the person, and the lines active and ended."""

    active_lines: list[LineView]
    ended_lines: list[LineView]

    @classmethod
    def showing(cls, found: FoundPatient, lines: Iterable[LineView]) -> "PatientView":
        listed = list(lines)
        return cls(
            **dict(found),
            active_lines=[line for line in listed if line.state == "active"],
            ended_lines=[line for line in listed if line.state != "active"],
        )


class PatientKept(View):
    """The answer to a registration or a change."""

    patient_ref: str
    version: int

    @classmethod
    def of(cls, patient: Patient, *_: object) -> "PatientKept":
        return cls(patient_ref=patient.patient_ref, version=patient.version)
