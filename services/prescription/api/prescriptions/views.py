"""Response bodies about prescriptions."""

from datetime import date
from decimal import Decimal

from services.prescription.domain.prescriptions.prescriptions import (
    Line,
    LineState,
    Physician,
    Prescription,
    Profession,
)
from shared.events.values import PayerKind, PrescriptionType
from shared.http import View


class AnnulmentView(View):
    """Who took a line back, when and why."""

    by: str
    on: date
    reason: str


class PhysicianView(View):
    """Who is responsible for what an exempted dietitian prescribes (Q26)."""

    sub: str
    name: str

    @classmethod
    def of(cls, physician: Physician | None) -> "PhysicianView | None":
        return cls(sub=physician.sub, name=physician.name) if physician else None


class LineView(View):
    """One prescribed article with what is left of it."""

    line_id: str
    prescription_no: str
    prescription_type: PrescriptionType
    product_area: str
    care_unit: str
    prescriber: str
    responsible_physician: PhysicianView | None
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
    renew_on: date | None
    annulment: AnnulmentView | None

    @classmethod
    def of(cls, prescription: Prescription, line: Line) -> "LineView":
        annulment = line.annulment
        return cls(
            line_id=line.line_id,
            prescription_no=prescription.prescription_no,
            prescription_type=prescription.prescription_type,
            product_area=prescription.product_area,
            care_unit=prescription.care_unit,
            prescriber=prescription.prescriber,
            responsible_physician=PhysicianView.of(line.responsible_physician),
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
            renew_on=line.renew_on,
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
