"""Routes that preview, save and read prescriptions, and annul lines."""

from collections.abc import Awaitable, Iterator, Sequence
from datetime import date
from functools import partial

from fastapi import Response

from services.prescription.api.prescriptions.forms import AnnulmentForm, PrescriptionForm, prescriber_of
from services.prescription.api.prescriptions.preview_views import (
    PrescriptionPreview,
    PrescriptionSaved,
    calculations_of,
    warnings_of,
)
from services.prescription.api.prescriptions.views import PrescriptionView
from services.prescription.api.reach import demand_reach, shown_prescription
from services.prescription.application.residents import Residents
from services.prescription.domain.prescriptions import lines
from services.prescription.domain.prescriptions.many_lines import against_many_lines, first_day_counted
from services.prescription.domain.prescriptions.prescribing import (
    PrescriptionRequest,
    copies_by_number,
    prescribe,
    try_prescribing,
)
from services.prescription.domain.rules.rights import Prescriber
from services.prescription.domain.rules.rule_book import AreaRules, RuleBook
from services.prescription.repository.collections import (
    EXEMPTIONS,
    PATIENTS,
    PRESCRIPTIONS,
    articles_of,
    to_be,
)
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.days import valid_through
from shared.domain.decision import Refused, refuse_any
from shared.domain.subgroups import area_of
from shared.http import Ask, Asked, Router, reasons_of
from shared.http.numbers import LineId, PrescriptionNo


def routes(prescribing: Prescribing, residents: Residents, clock: Clock, book: RuleBook) -> Router:
    router = Router("prescription", prefix="/prescriptions", tags=["prescriptions"])
    saving(router, prescribing, residents, clock, book)
    reading_and_annulling(router, prescribing, clock)
    return router


def saving(
    router: Router, prescribing: Prescribing, residents: Residents, clock: Clock, book: RuleBook
) -> None:
    """The same rules when it is tried and when it is saved (N1, Q5)."""
    repository = prescribing.repository

    @router.post("/preview")
    async def preview_prescription(form: PrescriptionForm, ask: Ask) -> PrescriptionPreview:
        by = prescriber_of(ask.actor, form.prescription_type)
        rules = book.of(area_of(form.prescription_type).key)
        wanted = form.wanted(ask.actor)
        too_old = await residents.against_age_of_copy(form.patient_ref)
        many = await _against_many_lines(prescribing, form, on=clock.today())
        return await previewed(
            prescribing,
            form.patient_ref,
            wanted,
            ask,
            by=by,
            rules=rules,
            clock=clock,
            others=(*too_old, *many),
        )

    @router.post("", response_model=PrescriptionSaved, status_code=201)
    async def register_prescription(form: PrescriptionForm, asked: Asked) -> Response:
        by = prescriber_of(asked.actor, form.prescription_type)
        wanted, on = form.wanted(asked.actor), clock.today()
        # The day's register is asked first; what it says is in the patient that the rule then reads.
        refuse_any(await residents.against_age_of_copy(form.patient_ref))
        refuse_any(await _against_many_lines(prescribing, form, on=on))
        number = await repository.next_number("F", year=on.year)
        refs = (
            to_be(PRESCRIPTIONS, number)
            & PATIENTS.ref(form.patient_ref)
            & articles_of(line.article_no for line in wanted.lines)
            & EXEMPTIONS.maybe(by.sub)
        )
        rules = book.of(area_of(form.prescription_type).key)
        rule = partial(prescribe, prescription_no=number, wanted=wanted, by=by, rules=rules, on=on)
        tariffs = await prescribing.tariffs()
        reply = partial(PrescriptionSaved.answer, wanted=wanted, tariffs=tariffs, language=asked.language)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=reply)
        return asked.answered(answer, 201)


def reading_and_annulling(router: Router, prescribing: Prescribing, clock: Clock) -> None:
    """A saved prescription is read and annulled by the care unit's own people (S8, S26)."""
    repository = prescribing.repository

    @router.get("/{prescription_no}")
    async def get_prescription(prescription_no: PrescriptionNo, ask: Ask) -> PrescriptionView:
        shown = await shown_prescription(prescribing, prescription_no, ask, on=clock.today())
        return PrescriptionView.of(shown)

    @router.post("/{prescription_no}/lines/{line_id}/annul", response_model=PrescriptionView)
    async def annul_line(
        prescription_no: PrescriptionNo, line_id: LineId, form: AnnulmentForm, asked: Asked
    ) -> Response:
        demand_reach(asked.actor, await repository.get(PRESCRIPTIONS.ref(prescription_no)))
        rule = partial(
            lines.annul_line, line_id=line_id, reason=form.reason, by=asked.actor.sub, on=clock.today()
        )
        ref = PRESCRIPTIONS.ref(prescription_no, if_version=asked.if_match)
        answer = await repository.change(ref, rule, cause=asked.cause, reply=PrescriptionView.of)
        return asked.answered(answer)


async def previewed(
    prescribing: Prescribing,
    patient_ref: str,
    wanted: PrescriptionRequest,
    ask: Ask,
    *,
    by: Prescriber,
    rules: AreaRules,
    clock: Clock,
    others: Sequence[Refused] = (),
) -> PrescriptionPreview:
    """Try a prescription and say all that a prescriber wants to know of it (S17, S19, N1).

    `others` speak against the register's copy of the patient, or against so many lines (Q18, S18).
    """
    repository, on = prescribing.repository, clock.today()
    articles = articles_of(line.article_no for line in wanted.lines)
    patient_at = PATIENTS.ref(patient_ref)
    refs = patient_at & articles & EXEMPTIONS.maybe(by.sub)
    rule = partial(try_prescribing, wanted=wanted, by=by, rules=rules, on=on)
    refused = _first_of(others, await _refusal(repository.preview(refs, rule, asked=ask)))
    known, patient = copies_by_number(await repository.get(articles)), await repository.get(patient_at)
    warnings = warnings_of(wanted, known, patient, await prescribing.tariffs(), language=ask.language, on=on)
    return PrescriptionPreview(
        allowed=refused is None,
        reasons=reasons_of(refused, ask.language),
        care_unit=wanted.care_unit,
        valid_through=valid_through(on),
        calculations=calculations_of(wanted.lines, known),
        warnings=warnings,
    )


async def _refusal(tried: Awaitable[object]) -> Refused | None:
    try:
        await tried
    except Refused as said:
        return said
    return None


def _first_of(reasons: Sequence[Refused], last: Refused | None) -> Refused | None:
    """Put these before what else was found: the last of them begins."""
    for reason in reasons:
        reason.also = last.reasons if last else ()
        last = reason
    return last


async def _against_many_lines(
    prescribing: Prescribing, form: PrescriptionForm, *, on: date
) -> Iterator[Refused]:
    """Say whether the patient would be given too many lines within a year (S18)."""
    earlier = await prescribing.registered_since(first_day_counted(on), patient_ref=form.patient_ref)
    return against_many_lines(earlier, wanted=len(form.lines), on=on)
