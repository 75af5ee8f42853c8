"""Routes for the function menus of the start page and of the patient view (S69, S27)."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.prescription.api.own.me import area_of_actor
from services.prescription.api.reach import seen_by, shown_patient
from services.prescription.api.serving import Serving
from services.prescription.domain.own.functions import (
    Function,
    Page,
    Viewer,
    patient_functions,
    start_functions,
)
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.rules.rule_book import RuleBook
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.auth.policy import allows, whole_policy
from shared.clock import Clock
from shared.domain.subgroups import PRODUCT_AREAS
from shared.http import Ask, Language, Router, View
from shared.http.ids import PatientRef
from shared.http.language import said


class FunctionView(View):
    """An entry of the menu: `action` is the route that it leads to, as `GET /me` names it."""

    function: str
    name: str
    action: str
    is_open: bool
    why_closed: str | None
    """What stands in the way, and what to do next."""

    @classmethod
    def of(cls, function: Function, language: Language) -> "FunctionView":
        return cls(
            function=function.key,
            name=said(function.name, language),
            action=function.action,
            is_open=function.closed is None,
            why_closed=said(function.closed, language) if function.closed else None,
        )


def routes(prescribing: Prescribing, serving: Serving, clock: Clock, book: RuleBook) -> Router:
    router = Router("prescription", tags=["functions"])

    @router.get("/me/functions")
    async def list_functions(ask: Ask) -> list[FunctionView]:
        """List what the person's roles open on the first page."""
        return views_of(start_functions(opened_to(ask.actor)), ask.language)

    @router.get("/patients/{patient_ref}/functions")
    async def list_patient_functions(patient_ref: PatientRef, ask: Ask) -> list[FunctionView]:
        """List what may be done in the patient view, and what stands in the way."""
        on = clock.today()
        patient = await shown_patient(prescribing, patient_ref, ask, on=on)
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=clock.today())
        may_change = await serving.may_change(ask.actor, patient.patient_ref)
        menu = menu_of(ask.actor, patient, seen, may_change=may_change, book=book, on=on)
        return views_of(menu, ask.language)

    return router


def menu_of(
    actor: Actor,
    patient: Patient,
    seen: Sequence[Prescription],
    *,
    may_change: bool,
    book: RuleBook,
    on: date,
) -> tuple[Function, ...]:
    """Give the menu of the patient view to somebody who sees these prescriptions."""
    return patient_functions(Page(_viewer(actor, book, may_change=may_change, on=on), patient, tuple(seen)))


def views_of(functions: Iterable[Function], language: Language) -> list[FunctionView]:
    return [FunctionView.of(each, language) for each in functions]


def opened_to(actor: Actor) -> list[str]:
    """Name every action in every service that the person's roles open."""
    return [action for action in sorted(whole_policy()) if allows(whole_policy(), actor, action)]


def _viewer(actor: Actor, book: RuleBook, *, may_change: bool, on: date) -> Viewer:
    seen = [area for area in PRODUCT_AREAS if actor.has("patient") or actor.covers(area=area.key)]
    rights = (area_of_actor(actor, area, book.of(area.key), "sv", on=on) for area in seen)
    return Viewer(
        sub=actor.sub,
        may=frozenset(opened_to(actor)),
        areas=frozenset(area.key for area in seen),
        prescribes=any(each.may_prescribe for each in rights),
        employed_by_region=actor.employed_by_region,
        may_change=may_change,
    )
