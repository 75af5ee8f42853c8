"""Routes for dietitians' exemptions, which customer service registers for the care units (S21, Q26)."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from services.prescription.api.prescriptions.views import PhysicianView
from services.prescription.domain.prescriptions.prescriptions import Physician
from services.prescription.domain.rules import exemptions
from services.prescription.domain.rules.exemptions import (
    Authorised,
    Exemption,
    Exemptions,
    dietitian_of,
)
from services.prescription.repository.collections import EXEMPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.days import Period
from shared.fault import fault
from shared.fields import Code, Day, PersonName
from shared.http import Ask, Asked, Request, Router, View
from shared.http.ids import Id

Staff = Annotated[Code, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
Name = Annotated[PersonName, StringConstraints(max_length=100)]
Unit = Annotated[Code, StringConstraints(max_length=64)]


class ExemptionForm(Request):
    """What the head of unit decided: for whom, where, when, and which physician is responsible."""

    dietitian: Staff
    care_units: Annotated[list[Unit], Field(min_length=1, max_length=50)]
    valid_from: Day
    valid_through: Day
    responsible_physician: Staff
    responsible_physician_name: Name
    authorised_by: Staff

    def authorised(self) -> Authorised:
        return Authorised(
            care_units=tuple(dict.fromkeys(self.care_units)),
            holds=Period(self.valid_from, self.valid_through),
            physician=Physician(self.responsible_physician, self.responsible_physician_name),
            authorised_by=self.authorised_by,
        )


class ExemptionView(View):
    """One exemption; `ended_on` is the first day without it."""

    exemption_id: str
    dietitian: str
    care_units: list[str]
    valid_from: date
    valid_through: date | None
    responsible_physician: PhysicianView | None
    authorised_by: str
    registered_by: str
    registered_on: date
    ended_on: date | None
    ended_by: str | None

    @classmethod
    def of(cls, exemption: Exemption) -> "ExemptionView":
        return cls(
            exemption_id=exemption.exemption_id,
            dietitian=dietitian_of(exemption.exemption_id),
            care_units=list(exemption.care_units),
            valid_from=exemption.holds.valid_from,
            valid_through=exemption.holds.valid_through,
            responsible_physician=PhysicianView.of(exemption.physician),
            authorised_by=exemption.authorised_by,
            registered_by=exemption.registered_by,
            registered_on=exemption.registered_on,
            ended_on=exemption.ended_on,
            ended_by=exemption.ended_by,
        )

    @classmethod
    def latest(cls, kept: Exemptions) -> "ExemptionView":
        return cls.of(kept.granted[-1])


def routes(prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/exemptions", tags=["exemptions"])
    repository = prescribing.repository

    @router.post("", response_model=ExemptionView, status_code=201)
    async def register_exemption(form: ExemptionForm, asked: Asked) -> Response:
        rule = partial(
            exemptions.grant_exemption,
            dietitian=form.dietitian,
            authorised=form.authorised(),
            by=asked.actor.sub,
            on=clock.today(),
        )
        ref = EXEMPTIONS.maybe(form.dietitian)
        await fault("exemption.before_commit")
        answer = await repository.change(ref, rule, cause=asked.cause, reply=_latest)
        await fault("exemption.after_commit")
        return asked.answered(answer, 201)

    @router.post("/{exemption_id}/end", response_model=ExemptionView)
    async def end_exemption(exemption_id: Id, asked: Asked) -> Response:
        rule = partial(
            exemptions.end_exemption, exemption_id=exemption_id, by=asked.actor.sub, on=clock.today()
        )
        reply = partial(_one, exemption_id=exemption_id)
        ref = EXEMPTIONS.ref(dietitian_of(exemption_id))
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=reply))

    @router.get("")
    async def list_exemptions(
        ask: Ask,  # noqa: ARG001  the policy table is asked at every door
        dietitian: Annotated[Staff | None, Query()] = None,
    ) -> list[ExemptionView]:
        kept = await prescribing.exemptions(dietitian=dietitian)
        return [ExemptionView.of(each) for one in kept for each in one.granted]

    return router


def _latest(kept: Exemptions | None) -> ExemptionView:
    assert kept is not None  # noqa: S101  the rule has just made it
    return ExemptionView.latest(kept)


def _one(kept: Exemptions, *, exemption_id: str) -> ExemptionView:
    return ExemptionView.of(kept.exemption(exemption_id))
