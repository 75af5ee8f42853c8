"""Routes with which customer service registers and changes patients and their numbers (S65, S68)."""

from dataclasses import replace
from datetime import date
from functools import partial

from fastapi import Response

from services.prescription.api.patients.forms import NewNumberForm, PatientForm, StatusForm
from services.prescription.api.patients.views import NumberGiven, PatientKept
from services.prescription.application.merging import Mergings
from services.prescription.application.residents import Residents, against_withheld, new_reference
from services.prescription.domain.patients import patients
from services.prescription.domain.patients.copies import Copied, Copy, RegisterKeepsPerson, against_lifting
from services.prescription.domain.patients.merging import give_number
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.person import Status
from services.prescription.domain.patients.recording import record_copied, register_copied
from services.prescription.domain.patients.register import Record
from services.prescription.repository.collections import COPIES, IDENTITIES, PATIENTS, to_be
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.decision import Decision, refuse_any
from shared.domain.person_id import PersonId, parse, parse_to_keep
from shared.http import Asked, AskedByNumber, Router
from shared.http.ids import PatientRef
from shared.repository import Answer
from shared.sealed import Seals


class PatientDesk:
    """What customer service does to a patient; the register counts before the form."""

    def __init__(self, prescribing: Prescribing, residents: Residents, clock: Clock, seals: Seals) -> None:
        self._prescribing = prescribing
        self._repository = prescribing.repository
        self._mergings = Mergings(prescribing, clock)
        self._residents = residents
        self._clock = clock
        self._seals = seals

    async def register(self, form: PatientForm, asked: Asked) -> Answer:
        number = parse_to_keep(form.number, self._clock.today(), number_type=form.number_type)
        self._demand_days_that_have_been(form.born or number.born, form.deceased_on)
        record = await self._residents.look_up(number)
        patient_ref = new_reference()
        if record is not None:
            return await self._register_copied(patient_ref, record, form, asked)
        key = self._seals.key_of(number.value)
        rule = partial(
            patients.register_patient,
            patient_ref=patient_ref,
            number_key=key,
            person=form.person(number, self._seals),
            status=form.status(),
            by=asked.actor.sub,
        )
        refs = to_be(PATIENTS, patient_ref) & to_be(IDENTITIES, key)
        return await self._repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)

    async def record(self, patient_ref: str, form: PatientForm, asked: Asked) -> Answer:
        number = parse(form.number, self._clock.today(), number_type=form.number_type)
        self._demand_days_that_have_been(form.born or number.born, form.deceased_on)
        copy = await self._repository.get(COPIES.maybe(patient_ref))
        record = await self._residents.look_up(number) if copy else None
        if record is not None:
            return await self._record_copied(patient_ref, record, form, asked)
        rule = partial(
            patients.record_patient,
            person=form.person(number, self._seals),
            status=form.status(),
            by=asked.actor.sub,
            on=self._clock.today(),
        )
        identity = IDENTITIES.maybe(self._seals.key_of(number.value))
        refs = PATIENTS.ref(patient_ref, if_version=asked.if_match) & identity
        return await self._repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)

    async def change_status(self, patient_ref: str, status: Status, asked: Asked) -> Answer:
        self._demand_days_that_have_been(None, status.deceased_on)
        refs = PATIENTS.ref(patient_ref, if_version=asked.if_match) & COPIES.maybe(patient_ref)
        rule = partial(_change_status, status=status)
        return await self._repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)

    async def give_number(self, patient_ref: str, form: NewNumberForm, asked: Asked) -> Answer:
        """Give a patient another number, or merge it into the patient who has that number already (S65)."""
        number = parse_to_keep(form.number, self._clock.today(), number_type=form.number_type)
        into_ref = await self._prescribing.patient_ref_of(self._seals.key_of(number.value))
        into_ref = into_ref or await self._fetched(number, asked)
        if into_ref is None:
            return await self._renumber(patient_ref, number, asked)
        return await self._mergings.merge(
            patient_ref,
            into_ref,
            by=asked.actor.sub,
            reason=form.reason,
            same_by_register=await self._replaced(patient_ref, by=into_ref),
            cause=asked.cause,
            reply=NumberGiven.merged,
        )

    def _demand_days_that_have_been(self, born: date | None, deceased_on: date | None) -> None:
        """Let days of a life through that can be (decision 0059); raises DayToCome and DiedBeforeBirth."""
        refuse_any(patients.against_days(born, deceased_on, on=self._clock.today()))

    async def _fetched(self, number: PersonId, asked: Asked) -> str | None:
        record = await self._residents.look_up(number)
        if record is None:
            return None
        refuse_any(against_withheld(record))
        return await self._residents.keep(record, entry=asked.entry)

    async def _renumber(self, patient_ref: str, number: PersonId, asked: Asked) -> Answer:
        key = self._seals.key_of(number.value)
        rule = partial(
            give_number,
            number_key=key,
            number=self._seals.seal(number.value, purpose="number"),
            number_type=number.type,
        )
        refs = PATIENTS.ref(patient_ref, if_version=asked.if_match) & to_be(IDENTITIES, key)
        return await self._repository.change(refs, rule, cause=asked.cause, reply=NumberGiven.renumbered)

    async def _replaced(self, patient_ref: str, *, by: str) -> bool:
        """Ask whether the register itself says that the one's number was replaced by the other's."""
        old, new = await self._residents.number_of(patient_ref), await self._residents.number_of(by)
        if old is None or new is None or old.is_reserve:
            return False
        record = await self._residents.look_up(old)
        return record is not None and record.number == new

    async def _register_copied(
        self, patient_ref: str, record: Record, form: PatientForm, asked: Asked
    ) -> Answer:
        demand_as_registered(form, record)
        keys = self._residents.keys_of(record)
        rule = partial(
            register_copied,
            patient_ref=patient_ref,
            number_keys=keys,
            said=self._said_by_hand(record, form),
            status=form.status(),
            by=asked.actor.sub,
        )
        refs = to_be(PATIENTS, patient_ref) & to_be(COPIES, patient_ref) & IDENTITIES.maybe_many(keys)
        return await self._repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)

    async def _record_copied(
        self, patient_ref: str, record: Record, form: PatientForm, asked: Asked
    ) -> Answer:
        demand_as_registered(form, record)
        keys = self._residents.keys_of(record)
        rule = partial(
            record_copied, number_keys=keys, said=self._said_by_hand(record, form), status=form.status()
        )
        refs = (
            PATIENTS.ref(patient_ref, if_version=asked.if_match)
            & COPIES.maybe(patient_ref)
            & IDENTITIES.maybe_many(keys)
        )
        return await self._repository.change(refs, rule, cause=asked.cause, reply=PatientKept.of)

    def _said_by_hand(self, record: Record, form: PatientForm) -> Copied:
        """Take the person from the register, and how the person is reached from the form."""
        copied = self._residents.copied(record)
        return replace(copied, person=copied.person and form.reached(copied.person, self._seals))


def routes(desk: PatientDesk) -> Router:
    """Customer service registers and changes by hand; If-Match holds two clerks apart (S65, S68, Q18)."""
    router = Router("prescription", prefix="/patients", tags=["patients"])

    @router.post("", response_model=PatientKept, status_code=201)
    async def register_patient(form: PatientForm, asked: AskedByNumber) -> Response:
        return asked.answered(await desk.register(form, asked), 201)

    @router.put("/{patient_ref}", response_model=PatientKept)
    async def record_patient(patient_ref: PatientRef, form: PatientForm, asked: AskedByNumber) -> Response:
        return asked.answered(await desk.record(patient_ref, form, asked))

    @router.post("/{patient_ref}/status", response_model=PatientKept)
    async def change_status(patient_ref: PatientRef, form: StatusForm, asked: Asked) -> Response:
        return asked.answered(await desk.change_status(patient_ref, form.status(), asked))

    @router.post("/{patient_ref}/number", response_model=NumberGiven)
    async def give_patient_number(
        patient_ref: PatientRef, form: NewNumberForm, asked: AskedByNumber
    ) -> Response:
        return asked.answered(await desk.give_number(patient_ref, form, asked))

    return router


def demand_as_registered(form: PatientForm, record: Record) -> None:
    """Let a form through that says nothing else than the register; raises RegisterKeepsPerson (Q27)."""
    address = form.address.address() if form.address else None
    differs = form.name not in (None, record.name) or address not in (None, record.address)
    if differs and not record.protected:
        raise RegisterKeepsPerson


def _change_status(patient: Patient, copy: Copy | None, *, status: Status) -> Decision[Patient, Copy | None]:
    refuse_any(against_lifting(copy, status))
    changed, facts = patients.change_status(patient, status=status)
    return changed, copy, facts
