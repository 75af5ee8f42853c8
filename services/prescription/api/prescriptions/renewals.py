"""Routes that list lines that end or run out soon, by prescriber and care unit (N2)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.prescription.api.prescriptions.views import LineView
from services.prescription.application.renewing import Radar, Reached, radar_page
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.radar import Renewal, window
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.prescription import RenewalReason
from shared.fields import Code
from shared.http import Ask, Forbidden, NotACursor, Request, Router, View
from shared.sealed import Seals

Text = Annotated[Code, StringConstraints(max_length=64)]


class RenewalSearch(Request):
    """Whose lines to look at, and how far ahead; `past_days` also shows what ended lately."""

    prescriber: Text | None = None
    care_unit: Text | None = None
    within_days: Annotated[int, Field(ge=0, le=365)] = 30
    past_days: Annotated[int, Field(ge=0, le=90)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 100
    after: Text | None = None


class RenewalView(View):
    """A line to renew; the name is left out for who is withheld."""

    patient_ref: str
    patient_name: str | None
    why: RenewalReason
    on: date
    line: LineView


class RenewalPage(View):
    """One page; `after` gives the next one, None on the last."""

    renewals: list[RenewalView]
    after: str | None


def routes(prescribing: Prescribing, clock: Clock, seals: Seals) -> Router:
    router = Router("prescription", prefix="/renewals", tags=["renewals"])

    @router.post("/search")
    async def search_renewals(search: RenewalSearch, ask: Ask) -> RenewalPage:
        on = clock.today()
        asked = Radar(
            _where(search, ask.actor), window(on, within_days=search.within_days, past_days=search.past_days)
        )
        all_found, reached = await radar_page(
            prescribing, asked, on=on, limit=search.limit, after=_reached(search.after)
        )
        found = [each for each in all_found if _seen(ask.actor, each)]
        patients = await _patients_of(prescribing, found)
        await prescribing.repository.note(ask, [each.prescription.patient_ref for each in found])
        return RenewalPage(
            renewals=[_shown(each, patients.get(each.prescription.patient_ref), seals) for each in found],
            after=str(reached) if reached else None,
        )

    return router


def _reached(after: str | None) -> Reached | None:
    """Read where a page ended; raises NotACursor."""
    try:
        return Reached.read(after) if after else None
    except ValueError:
        raise NotACursor from None


def _where(search: RenewalSearch, actor: Actor) -> Mapping[str, Any]:
    """Ask for the own care units; raises Forbidden for somebody else's."""
    if search.care_unit is not None and not actor.covers(unit=search.care_unit):
        raise Forbidden("not-your-unit")
    where: dict[str, Any] = {}
    if search.care_unit is not None:
        where["care_unit"] = search.care_unit
    elif not actor.has("customer_service"):
        where["care_unit"] = {"$in": sorted(actor.care_units)}
    return where if search.prescriber is None else {**where, "prescriber": search.prescriber}


def _seen(actor: Actor, renewal: Renewal) -> bool:
    return actor.covers(area=renewal.prescription.product_area, unit=renewal.prescription.care_unit)


async def _patients_of(prescribing: Prescribing, found: list[Renewal]) -> Mapping[str, Patient]:
    refs = tuple(dict.fromkeys(each.prescription.patient_ref for each in found))
    patients = await prescribing.repository.get(PATIENTS.maybe_many(refs)) if refs else ()
    return {patient.patient_ref: patient for patient in patients if patient is not None}


def _shown(renewal: Renewal, patient: Patient | None, seals: Seals) -> RenewalView:
    person = patient.person if patient else None
    return RenewalView(
        patient_ref=renewal.prescription.patient_ref,
        patient_name=seals.open(person.name) if person else None,
        why=renewal.why,
        on=renewal.on,
        line=LineView.of(renewal.prescription, renewal.line),
    )
