"""A patient's lines, as the areas that somebody sees are ticked or not (S73, S75)."""

from typing import Annotated, Literal

from fastapi import Query

from services.prescription.api.patients import seen_by
from services.prescription.api.reach import shown_patient
from services.prescription.api.views import LineView
from services.prescription.repository import Prescribing
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.clock import Clock
from shared.domain.subgroups import PRODUCT_AREAS
from shared.http import Ask, Language, Router, View
from shared.http.language import said


class AreaTicked(View):
    """A product area that the person may see, and whether its lines are shown."""

    product_area: str
    name: str
    shown: bool


class LinesView(View):
    """The lines of the areas that are ticked."""

    areas: list[AreaTicked]
    lines: list[LineView]


def routes(prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])

    @router.get("/{patient_ref}/lines")
    async def list_lines(
        patient_ref: str,
        ask: Ask,
        area: Annotated[
            list[str] | None, Query(description="The areas to show; all that may be seen")
        ] = None,
        state: Literal["active", "ended"] | None = None,
    ) -> LinesView:
        await shown_patient(prescribing, patient_ref, ask, on=clock.today())
        seen = await seen_by(ask.actor, prescribing, patient_ref)
        areas = ticked_areas(ask.actor, area, ask.language)
        shown = {each.product_area for each in areas if each.shown}
        lines = [
            LineView.of(each, line) for each in seen if each.product_area in shown for line in each.lines
        ]
        wanted = [line for line in lines if state in (None, "active" if line.state == "active" else "ended")]
        return LinesView(areas=areas, lines=wanted)

    return router


def ticked_areas(actor: Actor, chosen: list[str] | None, language: Language) -> list[AreaTicked]:
    """List the areas that the person may see; to see one is not to prescribe in it (S75)."""
    return [
        AreaTicked(
            product_area=area.key, name=said(area.name, language), shown=chosen is None or area.key in chosen
        )
        for area in PRODUCT_AREAS
        if actor.has("patient", *EVERY_UNIT) or area.key in actor.product_areas
    ]
