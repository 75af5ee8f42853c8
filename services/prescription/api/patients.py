"""Patients: found by number, seen, and registered and changed by customer service."""

from functools import partial
from typing import NoReturn
from uuid import uuid4

from fastapi import Response

from services.prescription.api.forms import Number, PatientForm, StatusForm
from services.prescription.api.views import (
    FoundPatient,
    LineView,
    PatientKept,
    PatientView,
    PrescriptionView,
)
from services.prescription.domain import patients
from services.prescription.domain.patients import Patient, demand_served
from services.prescription.domain.prescriptions import Prescription
from services.prescription.domain.routines import UnknownPatient, UnknownReserveNumber
from services.prescription.repository import IDENTITIES, PATIENTS, Prescribing, to_be
from shared.auth.actor import Actor
from shared.auth.rule import STAFF
from shared.clock import Clock
from shared.domain.person_id import NumberType, PersonId, parse
from shared.http import Ask, Asked, Forbidden, Request, Router
from shared.sealed import Seals


class NumberSearch(Request):
    """A full number; personal numbers never stand in a URL."""

    number: Number
    number_type: NumberType | None = None


def routes(prescribing: Prescribing, clock: Clock, seals: Seals) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])
    reading(router, prescribing, clock, seals)
    changing(router, prescribing, clock, seals)
    return router


def reading(router: Router, prescribing: Prescribing, clock: Clock, seals: Seals) -> None:
    """A full number finds any patient (S5); every look is in the audit log before it is answered."""
    repository = prescribing.repository

    @router.post("/find")
    async def find_patient(search: NumberSearch, ask: Ask) -> FoundPatient:
        number = parse(search.number, clock.today(), number_type=search.number_type)
        patient_ref = await prescribing.patient_ref_of(seals.key_of(number.value))
        if patient_ref is None:
            await repository.note(ask, [])
            _refuse_unknown(number)
        patient = await repository.show(PATIENTS.ref(patient_ref), asked=ask)
        return FoundPatient.of(_shown_to(ask.actor, patient), seals, ask.language)

    @router.get("/{patient_ref}")
    async def get_patient(patient_ref: str, ask: Ask) -> PatientView:
        _demand_reach(ask.actor, patient_ref)
        patient = _shown_to(ask.actor, await repository.show(PATIENTS.ref(patient_ref), asked=ask))
        seen = await _seen_by(ask.actor, prescribing, patient_ref)
        lines = [LineView.of(each, line) for each in seen for line in each.lines]
        return PatientView.showing(FoundPatient.of(patient, seals, ask.language), lines)

    @router.get("/{patient_ref}/prescriptions")
    async def get_patient_prescriptions(patient_ref: str, ask: Ask) -> list[PrescriptionView]:
        _demand_reach(ask.actor, patient_ref)
        _shown_to(ask.actor, await repository.show(PATIENTS.ref(patient_ref), asked=ask))
        seen = await _seen_by(ask.actor, prescribing, patient_ref)
        return [PrescriptionView.of(each) for each in seen]


def changing(router: Router, prescribing: Prescribing, clock: Clock, seals: Seals) -> None:
    """Customer service registers and changes by hand; If-Match holds two clerks apart (S65, S68, Q18)."""
    repository = prescribing.repository

    @router.post("", response_model=PatientKept, status_code=201)
    async def register_patient(form: PatientForm, asked: Asked) -> Response:
        number = parse(form.number, clock.today(), number_type=form.number_type)
        key, patient_ref = seals.key_of(number.value), str(uuid4())
        rule = partial(
            patients.register_patient,
            patient_ref=patient_ref,
            number_key=key,
            person=form.person(number, seals),
            status=form.status(),
            by=asked.actor.sub,
        )
        refs = (to_be(PATIENTS, patient_ref), to_be(IDENTITIES, key))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)
        return asked.answered(answer, 201)

    @router.put("/{patient_ref}", response_model=PatientKept)
    async def record_patient(patient_ref: str, form: PatientForm, asked: Asked) -> Response:
        number = parse(form.number, clock.today(), number_type=form.number_type)
        identity = IDENTITIES.maybe(seals.key_of(number.value))
        person, status = form.person(number, seals), form.status()
        rule = partial(patients.record_patient, person=person, status=status)
        refs = (PATIENTS.ref(patient_ref, if_version=asked.if_match), identity)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)
        return asked.answered(answer)

    @router.post("/{patient_ref}/status", response_model=PatientKept)
    async def change_status(patient_ref: str, form: StatusForm, asked: Asked) -> Response:
        rule = partial(patients.change_status, status=form.status())
        ref = PATIENTS.ref(patient_ref, if_version=asked.if_match)
        answer = await repository.change(ref, rule, cause=asked.cause, reply=PatientKept.of)
        return asked.answered(answer)


def _refuse_unknown(number: PersonId) -> NoReturn:
    raise UnknownReserveNumber if number.is_reserve else UnknownPatient


def _shown_to(actor: Actor, patient: Patient) -> Patient:
    """Customer service alone sees that a withheld patient is there, to end or set the status (S66, S67)."""
    return patient if actor.has("customer_service") else demand_served(patient)


def _demand_reach(actor: Actor, patient_ref: str) -> None:
    """Let staff through, and a patient to what is about that patient; raises Forbidden."""
    if not actor.has(*STAFF) and actor.patient_ref != patient_ref:
        raise Forbidden


async def _seen_by(actor: Actor, prescribing: Prescribing, patient_ref: str) -> list[Prescription]:
    """List what stands in the product areas that the person works in (S73)."""
    found = await prescribing.prescriptions_of(patient_ref)
    return [each for each in found if actor.has("patient") or actor.covers(area=each.product_area)]
