"""Routes that search patients by prescriptions and names; every hit is audited (S29 to S33)."""

from datetime import date
from functools import partial

from services.prescription.api.own.work import OwnWork
from services.prescription.api.patients.patients import found_by_number, shown_to
from services.prescription.api.patients.search_forms import PatientSearch
from services.prescription.application.residents import Residents
from services.prescription.application.searching import Hit, Page, Reach, Searching
from services.prescription.domain.patients.search import SearchTooBroad, against_search
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.clock import Clock
from shared.domain.decision import refuse_any
from shared.domain.person_id import NumberType, parse
from shared.http import AskByNumber, Router, View
from shared.repository import Asking
from shared.sealed import Seals


class PatientRow(View):
    """One patient of a list, with the prescriptions that made the hit."""

    patient_ref: str
    number: str
    number_type: NumberType
    name: str
    born: date | None
    prescription_nos: list[str]
    near_miss: bool
    """Nobody has the name that was written; this one is near it."""

    @classmethod
    def of(cls, hit: Hit, seals: Seals) -> "list[PatientRow]":
        """Give the row; none for a person who is withheld."""
        patient, person = hit.patient, hit.patient.person
        if person is None:
            return []
        row = cls(
            patient_ref=patient.patient_ref,
            number=seals.open(person.number),
            number_type=person.number_type,
            name=seals.open(person.name),
            born=person.born,
            prescription_nos=list(hit.prescription_nos),
            near_miss=hit.is_near,
        )
        return [row]


class FoundPatients(View):
    """A page of hits, the best first; `next` asks for the page after it."""

    patients: list[PatientRow]
    next: str | None


class SearchDesk:
    """Answers searches for one of the staff, within what that person works with."""

    def __init__(
        self,
        prescribing: Prescribing,
        residents: Residents,
        own_work: OwnWork,
        seals: Seals,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._prescribing = prescribing
        self._residents = residents
        self._own_work = own_work
        self._searching = Searching(prescribing, seals)
        self._seals = seals

    async def by_number(self, text: str, ask: Asking, actor: Actor) -> Page:
        """Find the one patient; an empty number lists whom the person opened last (S33)."""
        if not text:
            opened = await self._searching.patients(await self._own_work.opened(actor))
            return Page(tuple(Hit(each, ()) for each in opened), None)
        patient_ref = await found_by_number(parse(text, self._clock.today()), self._residents, ask)
        ref, may_see = PATIENTS.ref(patient_ref), partial(shown_to, actor)
        patient = await self._prescribing.repository.show(ref, asked=ask, demand=may_see)
        await self._own_work.note_number(actor, patient_ref, at=self._clock.now())
        return Page((Hit(patient, ()),), None)

    async def by_criteria(self, search: PatientSearch, actor: Actor, *, on: date) -> Page:
        if search.criteria is None:
            raise SearchTooBroad
        criteria = search.criteria.criteria()
        refuse_any(against_search(criteria))
        return await self._searching.page(
            criteria, reach_of(actor), on=on, after=search.after, limit=search.limit
        )

    def shown(self, page: Page) -> FoundPatients:
        rows = [row for hit in page.hits for row in PatientRow.of(hit, self._seals)]
        return FoundPatients(patients=rows, next=page.next)


def routes(desk: SearchDesk, prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])

    @router.post("/search")
    async def search_patients(search: PatientSearch, ask: AskByNumber) -> FoundPatients:
        """Every person on the page is in the audit log before the page leaves."""
        on = clock.today()
        if search.number is None:
            page = await desk.by_criteria(search, ask.actor, on=on)
        else:
            page = await desk.by_number(search.number, ask, ask.actor)
        found = desk.shown(page)
        await prescribing.repository.note(ask, [each.patient_ref for each in found.patients])
        return found

    return router


def reach_of(actor: Actor) -> Reach:
    """Give whose patients a person may list: the own care units' in the own areas, or all of them (S73)."""
    if actor.has(*EVERY_UNIT):
        return Reach(None, None)
    return Reach(actor.care_units, actor.product_areas)
