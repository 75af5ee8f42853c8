"""Routes for prescriptions that were begun: kept as typed, and tried anew when they are opened (Q5)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field, StringConstraints

from services.prescription.domain.own.drafts import MOST_DRAFTS, draft_of, forget_draft, keep_draft
from services.prescription.domain.own.own_lists import (
    MOST_DRAFT_LINES,
    DraftLine,
    OwnLists,
    PrescriptionDraft,
)
from services.prescription.repository.collections import OWN_LISTS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain import text
from shared.domain.decision import Decision, NotFound
from shared.fields import Code, of_text
from shared.http import Ask, Asked, Request, Router, View
from shared.http.ids import PatientRef

Rule = Callable[[OwnLists | None], Decision[OwnLists | None]]
Typed = Annotated[Code, StringConstraints(max_length=40)]
AsTyped = Annotated[str, StringConstraints(max_length=64), of_text(text.typed)]
"""May be empty, or no number yet."""


class DraftLineForm(Request):
    """A line as it is typed so far: an amount may be missing, or be no number yet."""

    article_no: Typed
    kind: Typed
    amount: AsTyped = ""
    days: AsTyped = ""
    withdrawals: AsTyped = ""


class DraftForm(Request):
    """The whole form as it is typed so far."""

    prescription_type: AsTyped = ""
    care_unit: AsTyped = ""
    lines: Annotated[list[DraftLineForm], Field(max_length=MOST_DRAFT_LINES)]


class DraftLineView(View):
    """A line as it was typed."""

    article_no: str
    kind: str
    amount: str
    days: str
    withdrawals: str


class DraftView(View):
    """A prescription that was begun."""

    patient_ref: str
    prescription_type: str
    care_unit: str
    lines: list[DraftLineView]
    kept_at: datetime

    @classmethod
    def of(cls, draft: PrescriptionDraft) -> "DraftView":
        lines = [DraftLineView(**vars(each)) for each in draft.lines]
        return cls(**{**vars(draft), "lines": lines})


class DraftsKept(View):
    """Whose prescriptions are begun."""

    patient_refs: list[str]

    @classmethod
    def of(cls, lists: OwnLists | None) -> "DraftsKept":
        return cls(patient_refs=[each.patient_ref for each in lists.drafts] if lists else [])


def routes(prescribing: Prescribing, clock: Clock) -> Router:
    router = Router("prescription", prefix="/prescription-drafts", tags=["drafts"])
    repository = prescribing.repository

    @router.get("")
    async def list_prescription_drafts(ask: Ask) -> list[DraftView]:
        """List one's own, the newest first; the log says whom they are about."""
        lists = await repository.get(OWN_LISTS.maybe(ask.actor.sub))
        drafts = lists.drafts if lists else ()
        await repository.note(ask, [each.patient_ref for each in drafts])
        return [DraftView.of(each) for each in drafts[:MOST_DRAFTS]]

    @router.get("/{patient_ref}")
    async def get_prescription_draft(patient_ref: PatientRef, ask: Ask) -> DraftView:
        draft = draft_of(await repository.get(OWN_LISTS.maybe(ask.actor.sub)), patient_ref)
        if draft is None:
            raise NotFound("PrescriptionDraft", patient_ref)
        await repository.note(ask, [patient_ref])
        return DraftView.of(draft)

    @router.put("/{patient_ref}", response_model=DraftsKept)
    async def keep_prescription_draft(patient_ref: PatientRef, form: DraftForm, asked: Asked) -> Response:
        """Keep what is typed so far; no rule judges it before it is tried or saved."""
        draft = PrescriptionDraft(
            patient_ref=patient_ref,
            prescription_type=form.prescription_type,
            care_unit=form.care_unit,
            lines=tuple(DraftLine(**each.model_dump()) for each in form.lines),
            kept_at=clock.now(),
        )
        rule = partial(keep_draft, owner=asked.actor.sub, draft=draft)
        return await _changed(rule, asked)

    @router.post("/{patient_ref}/forget", response_model=DraftsKept)
    async def forget_prescription_draft(patient_ref: PatientRef, asked: Asked) -> Response:
        return await _changed(partial(forget_draft, owner=asked.actor.sub, patient_ref=patient_ref), asked)

    async def _changed(rule: Rule, asked: Asked) -> Response:
        ref = OWN_LISTS.maybe(asked.actor.sub)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=DraftsKept.of))

    return router
