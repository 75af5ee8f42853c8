"""Routes that find a patient by number and show a patient."""

from functools import partial

from services.prescription.api.areas import ticked_areas
from services.prescription.api.own.functions import menu_of, views_of
from services.prescription.api.own.work import OwnWork
from services.prescription.api.patients.forms import Number
from services.prescription.api.patients.views import FoundPatient, PatientView
from services.prescription.api.prescriptions.views import LineView, PrescriptionView
from services.prescription.api.reach import demand_reaching, seen_by
from services.prescription.api.serving import Serving
from services.prescription.application.residents import Residents
from services.prescription.domain.patients.patients import Patient, demand_served
from services.prescription.domain.patients.routines import UnknownReserveNumber
from services.prescription.domain.rules.rule_book import RuleBook
from services.prescription.repository.collections import COPIES, PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.decision import Refused
from shared.domain.person_id import NumberType, PersonId, parse
from shared.http import Ask, AskByNumber, Request, Router
from shared.http.ids import PatientRef
from shared.repository import Asking
from shared.sealed import Seals


class NumberSearch(Request):
    """A full number; personal numbers never stand in a URL."""

    number: Number
    number_type: NumberType | None = None


def routes(
    prescribing: Prescribing,
    residents: Residents,
    own_work: OwnWork,
    clock: Clock,
    *,
    seals: Seals,
    book: RuleBook,
) -> Router:
    """A full number finds any patient (S5); every look is in the audit log before it is answered."""
    router = Router("prescription", prefix="/patients", tags=["patients"])
    showing = Showing(prescribing, own_work, clock, seals)
    _finding(router, showing, residents)
    _reading(router, showing, book)
    return router


class Showing:
    """Shows a patient to one who may see it, and remembers who opened whom (S33)."""

    def __init__(self, prescribing: Prescribing, own_work: OwnWork, clock: Clock, seals: Seals) -> None:
        self.prescribing = prescribing
        self.clock = clock
        self.own_work = own_work
        self.serving = Serving(prescribing, own_work, clock)
        self._seals = seals

    async def opened(self, patient_ref: str, ask: Ask) -> tuple[Patient, FoundPatient]:
        """Show the patient, audited; raises NotFound and why not (S66, S67)."""
        repository = self.prescribing.repository
        may_see = partial(shown_to, ask.actor)
        patient = await repository.show(PATIENTS.ref(patient_ref), asked=ask, demand=may_see)
        copy = await repository.get(COPIES.maybe(patient_ref))
        copied_at = copy.taken_at if copy else None
        found = FoundPatient.of(patient, self._seals, ask.language, copied_at=copied_at)
        await self.own_work.note_opened(ask.actor, found.patient_ref, at=self.clock.now())
        return patient, found


def _finding(router: Router, showing: Showing, residents: Residents) -> None:
    @router.post("/find")
    async def find_patient(search: NumberSearch, ask: AskByNumber) -> FoundPatient:
        number = parse(search.number, showing.clock.today(), number_type=search.number_type)
        patient_ref = await found_by_number(number, residents, ask)
        _, found = await showing.opened(patient_ref, ask)
        await showing.own_work.note_number(ask.actor, patient_ref, at=showing.clock.now())
        return found


def _reading(router: Router, showing: Showing, book: RuleBook) -> None:
    prescribing, clock = showing.prescribing, showing.clock

    @router.get("/{patient_ref}")
    async def get_patient(patient_ref: PatientRef, ask: Ask) -> PatientView:
        await demand_reaching(ask.actor, prescribing, patient_ref, on=clock.today())
        patient, found = await showing.opened(patient_ref, ask)
        on = clock.today()
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=on)
        may_change = await showing.serving.may_change(ask.actor, patient.patient_ref)
        menu = menu_of(ask.actor, patient, seen, may_change=may_change, book=book, on=on)
        return PatientView.showing(
            found,
            areas=ticked_areas(ask.actor, None, ask.language),
            lines=[LineView.of(each, line) for each in seen for line in each.lines],
            functions=views_of(menu, ask.language),
        )

    @router.get("/{patient_ref}/prescriptions")
    async def get_patient_prescriptions(patient_ref: PatientRef, ask: Ask) -> list[PrescriptionView]:
        await demand_reaching(ask.actor, prescribing, patient_ref, on=clock.today())
        may_see = partial(shown_to, ask.actor)
        await prescribing.repository.show(PATIENTS.ref(patient_ref), asked=ask, demand=may_see)
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=clock.today())
        return [PrescriptionView.of(each) for each in seen]


async def found_by_number(number: PersonId, residents: Residents, ask: Asking) -> str:
    """Give whose number it is; the door audits a search that finds nobody (S5, S65)."""
    try:
        return await residents.find(number, entry=ask.entry)
    except Refused as refused:
        if number.is_reserve and refused.rule == "unknown-patient":
            raise UnknownReserveNumber from refused
        raise


def shown_to(actor: Actor, patient: Patient) -> Patient:
    """Customer service alone sees that a withheld patient is there, to end or set the status (S66, S67)."""
    return patient if actor.has("customer_service") else demand_served(patient)
