"""Routes for a patient's statement of fees (S64, S159), and for answers of invoicing that fit no entry."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from fastapi import Response
from pydantic import model_validator

from services.billing.application.article_names import ArticleNames
from services.billing.application.guardians import Guardians
from services.billing.application.ledger import Ledger
from services.billing.domain.fees.acknowledgement import StrayAcknowledgement
from services.billing.domain.fees.ledger import Fee, Kind, Stage, net
from services.billing.domain.fees.statement import deferred_through, status_of
from shared.auth.actor import Actor
from shared.domain.decision import Sentence
from shared.domain.guardianship import GuardianCallsCustomerService
from shared.fields import refusal
from shared.http import Ask, Asked, Forbidden, Language, Pages, Problem, ReasonText, Request, Router, View
from shared.http.ids import Id, PatientRef
from shared.http.language import said
from shared.http.numbers import FeeSourceNo

ONE_OF_TWO = Sentence(
    "Ange patienten eller uttagsnumret, inte båda.", "Give the patient or the withdrawal number, not both."
)


class FeesAsked(Request):
    """Whose fees, or those of which withdrawal: one of the two."""

    patient_ref: PatientRef | None = None
    withdrawal_no: FeeSourceNo | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "FeesAsked":
        if (self.patient_ref is None) == (self.withdrawal_no is None):
            raise refusal("one-of-two", ONE_OF_TWO)
        return self


class StepView(View):
    """One step of an entry's way."""

    what: str
    at: datetime
    note: str | None


class HoldAsked(Request):
    """Why a fee shall wait; name nobody."""

    reason: ReasonText


class HoldView(View):
    """Who holds a fee back, since when and why."""

    reason: str
    by: str
    at: datetime


class FeeView(View):
    """One entry of the ledger as it stands on the statement."""

    event_id: str
    withdrawal_no: str
    kind: Kind
    reverses: str | None
    text: str
    fee_code: str
    amount: str
    """SEK; a credit's amount is positive too: `kind` says the direction."""
    reason: str
    tariff: str
    due_on: date
    deferred_through: date | None = None
    """The last day on which a device that is returned is not paid for, while that is awaited."""
    status: str
    """In the reader's language: Ska faktureras, Fakturerad ..."""
    stage: Stage
    batch: str | None
    order_nos: tuple[str, ...]
    article_nos: tuple[str, ...]
    """The prescribed articles that the fee is for."""
    article_names: tuple[str, ...]
    """What they are called, in the same order; the number where no name is known (S159)."""
    line_no: int | None = None
    """The line of an order of devices."""
    why: str | None
    """Why a credit or a new charge was booked: annulled, waived or corrected."""
    before_cap: str | None
    """SEK: what the rule gave, where the patient's cap took something off."""
    hold: HoldView | None
    steps: list[StepView]

    @classmethod
    def of(cls, fee: Fee, language: Language, names: Mapping[str, str]) -> "FeeView":
        entry = fee.entry
        return cls(
            event_id=fee.event_id,
            withdrawal_no=fee.source_no,
            kind=entry.kind,
            reverses=entry.reverses,
            text=entry.text,
            fee_code=entry.fee_code,
            amount=str(entry.amount),
            reason=entry.reason,
            tariff=entry.tariff,
            due_on=entry.due_on,
            deferred_through=deferred_through(fee),
            status=said(status_of(fee), language),
            stage=fee.stage,
            batch=fee.batch,
            order_nos=entry.order_nos,
            article_nos=entry.article_nos,
            article_names=tuple(names.get(each, each) for each in entry.article_nos),
            line_no=entry.line_no,
            why=entry.why,
            before_cap=str(entry.before_cap) if entry.before_cap else None,
            hold=fee.hold and HoldView(reason=fee.hold.reason, by=fee.hold.by, at=fee.hold.at),
            steps=[StepView(what=step.what, at=step.at, note=step.note) for step in fee.progress],
        )


class Statement(View):
    """Fees, newest first; `net` is charges minus credits."""

    fees: list[FeeView]
    net: str


class StrayView(View):
    """An answer of invoicing that fits no entry, or contradicts one."""

    event_id: str
    status: str
    code: str | None
    invoice_no: str | None
    why: str
    kept_at: datetime

    @classmethod
    def of(cls, stray: StrayAcknowledgement) -> "StrayView":
        heard = stray.acknowledgement
        return cls(
            event_id=heard.event_id,
            status=heard.status,
            code=heard.code,
            invoice_no=heard.invoice_no,
            why=stray.why,
            kept_at=stray.kept_at,
        )


def fee_routes(ledger: Ledger, guardians: Guardians, names: ArticleNames) -> Router:
    router = Router("billing", tags=["fees"])

    @router.post("/fees/search")
    async def search_fees(body: FeesAsked, ask: Ask) -> Statement:
        """Find what the person may see: patients their own and a young child's, staff their care units'."""
        found = await _found(ledger, guardians, body, ask.actor)
        patients = {fee.patient_ref for fee in found} | ({body.patient_ref} if body.patient_ref else set())
        await ledger.note(ask, sorted(patients))
        called = await names.of(each for fee in found for each in fee.entry.article_nos)
        fees = [FeeView.of(fee, ask.language, called) for fee in found]
        return Statement(fees=fees, net=str(net(found)))

    @router.post("/fees/{event_id}/hold", response_model=FeeView)
    async def hold_fee(event_id: Id, body: HoldAsked, asked: Asked) -> Response:
        """Hold back a fee that was not sent to invoicing yet, with a reason."""
        reply = partial(_standing, language=asked.language, names=await names.on_fee(event_id))
        answer = await ledger.hold(
            event_id, reason=body.reason, by=asked.actor.sub, cause=asked.cause, reply=reply
        )
        return asked.answered(answer)

    @router.post("/fees/{event_id}/release", response_model=FeeView)
    async def release_fee(event_id: Id, asked: Asked) -> Response:
        """Release a held fee to invoicing."""
        reply = partial(_standing, language=asked.language, names=await names.on_fee(event_id))
        answer = await ledger.release(event_id, by=asked.actor.sub, cause=asked.cause, reply=reply)
        return asked.answered(answer)

    @router.get("/acknowledgements/stray")
    async def list_stray_acknowledgements(pages: Pages) -> list[StrayView]:
        return [StrayView.of(each) for each in pages.shown(await ledger.queries.strays(after=pages.after))]

    return router


def _standing(fee: Fee, *_: object, language: Language, names: Mapping[str, str]) -> FeeView:
    return FeeView.of(fee, language, names)


async def _found(ledger: Ledger, guardians: Guardians, body: FeesAsked, actor: Actor) -> list[Fee]:
    if body.patient_ref and actor.has("patient"):
        await _demand_own_or_childs(guardians, actor, body.patient_ref)
        return await ledger.queries.of_patient(body.patient_ref)
    if body.patient_ref:
        found = await ledger.queries.of_patient(body.patient_ref)
    else:
        found = await ledger.queries.of_source(body.withdrawal_no or "")
    if actor.has("patient"):
        own = await ledger.queries.patient(actor.patient_ref) if actor.patient_ref else None
        return [fee for fee in found if fee.patient_ref == own]
    return [fee for fee in found if actor.covers(area=fee.entry.product_area, unit=fee.entry.care_unit)]


async def _demand_own_or_childs(guardians: Guardians, actor: Actor, patient_ref: str) -> None:
    """Let a citizen see own fees, and those of a child below 13 (Q7).

    Raises Forbidden, and tells a guardian of a child from 13 to 17 to call customer service.
    """
    if actor.patient_ref == patient_ref:
        return
    if actor.patient_ref is None:
        raise Forbidden
    seeing = await guardians.see(patient_ref, guardian_ref=actor.patient_ref)
    if seeing == "through_customer_service":
        raise Problem.saying(GuardianCallsCustomerService, 403, patient_refs=(patient_ref,))
    if seeing == "not":
        raise Forbidden
