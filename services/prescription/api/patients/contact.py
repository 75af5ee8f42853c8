"""Routes for a patient's contact data, saved delivery addresses and guardians (S42, S70)."""

from functools import partial

from fastapi import Response

from services.prescription.api.own.work import OwnWork
from services.prescription.api.patients.changing import Changing
from services.prescription.api.patients.forms import (
    ChangeForm,
    ContactForm,
    GuardianForm,
    SavedAddressForm,
    sealed_phone,
)
from services.prescription.api.patients.patients import found_by_number
from services.prescription.api.patients.views import PatientKept
from services.prescription.application.residents import Residents
from services.prescription.application.sealing import ADDRESS, address_key
from services.prescription.domain.patients.contact import change_contact, forget_address, save_address
from services.prescription.domain.patients.guardians import end_guardian, give_guardian
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.address import Address
from shared.domain.person_id import parse
from shared.http import Asked, AskedByNumber, Request, Router
from shared.http.ids import Id, PatientRef
from shared.phone import phone_number
from shared.sealed import Seals


class EmptyForm(Request):
    """Nothing more needs to be said."""


def routes(
    prescribing: Prescribing, residents: Residents, clock: Clock, seals: Seals, *, own_work: OwnWork
) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])
    reaching(router, Changing(prescribing, own_work, clock, seals), seals)
    acting(router, prescribing, residents, clock)
    return router


def reaching(router: Router, changing: Changing, seals: Seals) -> None:
    """Who serves the patient, the patient, and a guardian of a child below 13 (S42, S70)."""

    @router.put("/{patient_ref}/contact", response_model=PatientKept)
    async def change_patient_contact(patient_ref: PatientRef, form: ContactForm, asked: Asked) -> Response:
        rule = partial(
            change_contact,
            phone=sealed_phone(form.phone, seals),
            other_phones=tuple(seals.seal(phone_number(each)) for each in form.other_phones),
            email=seals.seal(form.email) if form.email else None,
            language=form.language,
        )
        return asked.answered(await changing.change(patient_ref, rule, form, asked))

    @router.post("/{patient_ref}/addresses", response_model=PatientKept, status_code=201)
    async def save_patient_address(patient_ref: PatientRef, form: SavedAddressForm, asked: Asked) -> Response:
        address = form.address.address()
        rule = partial(
            save_address,
            address_id=address_key(address, seals),
            label=seals.seal(form.label),
            address=sealed_address(address, seals),
        )
        return asked.answered(await changing.change(patient_ref, rule, form, asked), 201)

    @router.post("/{patient_ref}/addresses/{address_id}/forget", response_model=PatientKept)
    async def forget_patient_address(
        patient_ref: PatientRef, address_id: Id, form: ChangeForm, asked: Asked
    ) -> Response:
        rule = partial(forget_address, address_id=address_id)
        return asked.answered(await changing.change(patient_ref, rule, form, asked))


def acting(router: Router, prescribing: Prescribing, residents: Residents, clock: Clock) -> None:
    """Customer service notes who acts for a minor (S70, Q7)."""
    repository = prescribing.repository

    @router.post("/{patient_ref}/guardians", response_model=PatientKept, status_code=201)
    async def give_patient_guardian(
        patient_ref: PatientRef, form: GuardianForm, asked: AskedByNumber
    ) -> Response:
        on = clock.today()
        number = parse(form.number, on, number_type=form.number_type)
        guardian_ref = await found_by_number(number, residents, asked)
        rule = partial(
            give_guardian,
            valid_from=form.valid_from or on,
            valid_through=form.valid_through,
            on=on,
        )
        refs = PATIENTS.ref(patient_ref, if_version=asked.if_match) & PATIENTS.ref(guardian_ref)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)
        return asked.answered(answer, 201)

    @router.post("/{patient_ref}/guardians/{guardian_ref}/end", response_model=PatientKept)
    async def end_patient_guardian(
        patient_ref: PatientRef, guardian_ref: PatientRef, _: EmptyForm, asked: Asked
    ) -> Response:
        rule = partial(end_guardian, guardian_ref=guardian_ref, on=clock.today())
        ref = PATIENTS.ref(patient_ref, if_version=asked.if_match)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=PatientKept.of))


def sealed_address(address: Address, seals: Seals) -> str:
    return seals.seal(ADDRESS.dump_json(address).decode())
