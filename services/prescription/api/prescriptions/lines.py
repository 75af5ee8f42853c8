"""Routes that list a patient's lines in the product areas that the person sees and has chosen (S73, S75)."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import StringConstraints

from services.prescription.api.areas import AreaTicked, ticked_areas
from services.prescription.api.prescriptions.views import LineView
from services.prescription.api.reach import seen_by, shown_patient
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.fields import Code
from shared.http import Ask, Router, View
from shared.http.ids import PatientRef

Area = Annotated[Code, StringConstraints(max_length=40)]


class LinesView(View):
    """The lines of the areas that are ticked."""

    areas: list[AreaTicked]
    lines: list[LineView]


def routes(prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])

    @router.get("/{patient_ref}/lines")
    async def list_lines(
        patient_ref: PatientRef,
        ask: Ask,
        area: Annotated[
            list[Area] | None, Query(description="The areas to show; all that may be seen")
        ] = None,
        state: Literal["active", "ended"] | None = None,
    ) -> LinesView:
        await shown_patient(prescribing, patient_ref, ask, on=clock.today())
        seen = await seen_by(ask.actor, prescribing, patient_ref, on=clock.today())
        areas = ticked_areas(ask.actor, area, ask.language)
        shown = {each.product_area for each in areas if each.shown}
        lines = [
            LineView.of(each, line) for each in seen if each.product_area in shown for line in each.lines
        ]
        wanted = [line for line in lines if state in (None, "active" if line.state == "active" else "ended")]
        return LinesView(areas=areas, lines=wanted)

    return router
