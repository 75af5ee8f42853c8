"""Prescriptions: tried, saved, read, and annulled line by line."""

from decimal import Decimal
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field, StringConstraints

from services.prescription.api.prescribing_views import (
    PrescriptionPreview,
    PrescriptionSaved,
    calculations_of,
    warnings_of,
)
from services.prescription.api.views import PrescriptionView
from services.prescription.domain import lines
from services.prescription.domain.prescribing import (
    PRODUCT_AREA,
    Wanted,
    copies_by_number,
    prescribe,
    try_prescribing,
)
from services.prescription.domain.prescriptions import Prescription
from services.prescription.domain.quantity import LineWanted
from services.prescription.domain.rights import Prescriber, profession_of, responsible_unit
from services.prescription.repository import PATIENTS, PRESCRIPTIONS, Prescribing, articles_of, to_be
from shared.auth.actor import Actor
from shared.auth.rule import STAFF
from shared.clock import Clock
from shared.domain.days import valid_through
from shared.domain.decision import Refused
from shared.events.prescription import PrescriptionType
from shared.http import Ask, Asked, Forbidden, Request, Router, reasons_of

Text = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=1, le=10_000)]


class LineForm(Request):
    """One article: pieces per day, or packages per withdrawal (S14, S15)."""

    article_no: Text
    days: Count
    withdrawals: Count
    per_day: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=3)] | None = None
    packages: Count | None = None

    def wanted(self) -> LineWanted:
        return LineWanted(self.article_no, self.days, self.withdrawals, self.per_day, self.packages)


class PrescriptionForm(Request):
    """What to prescribe to whom; the care unit may be left out by who has exactly one (S8)."""

    patient_ref: Text
    prescription_type: PrescriptionType
    care_unit: Text | None = None
    lines: Annotated[list[LineForm], Field(max_length=50)]


class AnnulmentForm(Request):
    """Why a line is taken back."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


def routes(prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/prescriptions", tags=["prescriptions"])
    saving(router, prescribing, clock)
    keeping(router, prescribing, clock)
    return router


def saving(router: Router, prescribing: Prescribing, clock: Clock) -> None:
    """The same rules when it is tried and when it is saved (N1, Q5)."""
    repository = prescribing.repository

    @router.post("/preview")
    async def preview_prescription(form: PrescriptionForm, ask: Ask) -> PrescriptionPreview:
        wanted, on = _wanted(form, ask.actor), clock.today()
        articles = articles_of(line.article_no for line in wanted.lines)
        rule = partial(try_prescribing, wanted=wanted, by=_prescriber(ask.actor), on=on)
        refused: Refused | None = None
        try:
            await repository.preview((PATIENTS.ref(form.patient_ref), articles), rule, asked=ask)
        except Refused as said:
            refused = said
        known = copies_by_number(await repository.get(articles))
        return PrescriptionPreview(
            allowed=refused is None,
            reasons=reasons_of(refused, ask.language),
            care_unit=wanted.care_unit,
            valid_through=valid_through(on),
            calculations=calculations_of(wanted.lines, known),
            warnings=warnings_of(wanted.lines, known, ask.language),
        )

    @router.post("", response_model=PrescriptionSaved, status_code=201)
    async def register_prescription(form: PrescriptionForm, asked: Asked) -> Response:
        wanted, on = _wanted(form, asked.actor), clock.today()
        number = await repository.next_number("F", year=on.year)
        by = _prescriber(asked.actor)
        refs = (
            to_be(PRESCRIPTIONS, number),
            PATIENTS.ref(form.patient_ref),
            articles_of(line.article_no for line in wanted.lines),
        )
        rule = partial(prescribe, prescription_no=number, wanted=wanted, by=by, on=on)
        reply = partial(PrescriptionSaved.answer, wanted=wanted.lines, language=asked.language)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=reply)
        return asked.answered(answer, 201)


def keeping(router: Router, prescribing: Prescribing, clock: Clock) -> None:
    """A saved prescription is read and annulled by the care unit's own people (S8, S26)."""
    repository = prescribing.repository

    @router.get("/{prescription_no}")
    async def get_prescription(prescription_no: str, ask: Ask) -> PrescriptionView:
        prescription = await repository.show(PRESCRIPTIONS.ref(prescription_no), asked=ask)
        _demand_reach(ask.actor, prescription)
        return PrescriptionView.of(prescription)

    @router.post("/{prescription_no}/lines/{line_id}/annul", response_model=PrescriptionView)
    async def annul_line(prescription_no: str, line_id: str, form: AnnulmentForm, asked: Asked) -> Response:
        _demand_reach(asked.actor, await repository.get(PRESCRIPTIONS.ref(prescription_no)))
        rule = partial(
            lines.annul_line, line_id=line_id, reason=form.reason, by=asked.actor.sub, on=clock.today()
        )
        ref = PRESCRIPTIONS.ref(prescription_no, if_version=asked.if_match)
        answer = await repository.change(ref, rule, cause=asked.cause, reply=PrescriptionView.of)
        return asked.answered(answer)


def _wanted(form: PrescriptionForm, actor: Actor) -> Wanted:
    """Take the form for a care unit of the prescriber's own; raises ChooseCareUnit and Forbidden (S8)."""
    unit = responsible_unit(form.care_unit, of=actor.care_units)
    if unit not in actor.care_units:
        raise Forbidden("not-your-unit")
    return Wanted(form.prescription_type, unit, tuple(line.wanted() for line in form.lines))


def _prescriber(actor: Actor) -> Prescriber:
    """Take the prescriber from the token; raises ProfessionMayNotPrescribe and Forbidden (S20, S73)."""
    if PRODUCT_AREA not in actor.product_areas:
        raise Forbidden
    return Prescriber(actor.sub, profession_of(actor.profession), actor.employed_by_region)


def _demand_reach(actor: Actor, prescription: Prescription) -> None:
    """Numbers can be guessed: only the care unit's people and the patient come through; raises Forbidden."""
    if actor.patient_ref == prescription.patient_ref:
        return
    covered = actor.covers(area=prescription.product_area, unit=prescription.care_unit)
    if not (actor.has(*STAFF) and covered):
        raise Forbidden("not-your-unit")
