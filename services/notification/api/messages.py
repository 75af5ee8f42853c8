"""Routes that show sent messages, and notify several patients of a shortage."""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field, model_validator

from services.notification.api.message_views import MessageKept, MessageView, WholeMessage, shown
from services.notification.application.guardians import Guardians
from services.notification.application.messages import Messages
from services.notification.domain.attempts import expire
from services.notification.domain.notices import write
from services.notification.domain.sending_again import against_sending_again, send_again
from services.notification.gateways.carriers import Carriers
from services.notification.repository.collections import CONTACTS, MESSAGES
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.decision import Sentence
from shared.domain.guardianship import GuardianCallsCustomerService
from shared.fields import refusal
from shared.http import Ask, Asked, Forbidden, Pages, Problem, Request, Router, View
from shared.http.ids import ArticleNo, Id, PatientRef
from shared.http.numbers import OrderNo

MOST_TOLD = 500
ONE_OF_TWO = Sentence(
    "Ange patienten eller beställningsnumret, inte båda.", "Give the patient or the order number, not both."
)


class MessagesAsked(Request):
    """Whose messages, or those about which order: one of the two."""

    patient_ref: PatientRef | None = None
    order_no: OrderNo | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "MessagesAsked":
        if (self.patient_ref is None) == (self.order_no is None):
            raise refusal("one-of-two", ONE_OF_TWO)
        return self


class Shortage(Request):
    """Who is to be told that something they usually get is out of stock."""

    article_no: ArticleNo
    patient_refs: Annotated[list[PatientRef], Field(min_length=1, max_length=MOST_TOLD)]


class ShortageTold(View):
    """How many patients are told, each once a day for one article."""

    patients: int


def message_routes(
    messages: Messages,
    guardians: Guardians,
    carriers: Carriers,
    *,
    clock: Clock,
    send_soon: Callable[[], None],
) -> Router:
    router = Router("notification", prefix="/messages", tags=["messages"])
    _listing(router, messages, guardians, clock)
    _telling(router, messages, clock, send_soon)
    _one(router, messages, carriers, clock, send_soon)
    return router


def _listing(router: Router, messages: Messages, guardians: Guardians, clock: Clock) -> None:
    @router.post("/search")
    async def search_messages(body: MessagesAsked, ask: Ask, pages: Pages) -> list[MessageView]:
        """List a patient's or an order's; a citizen the own ones, and those of a child below 13 (Q7)."""
        if ask.actor.has("patient"):
            await _demand_own_or_childs(guardians, ask.actor, body.patient_ref)
        field, value = ("patient_ref", body.patient_ref) if body.patient_ref else ("order_no", body.order_no)
        page = await messages.queries.of(ask, field=field, value=value or "", after=pages.after)
        # What came too late is not sent any more, whether its end is noted yet or not.
        found = [expire(each, at=clock.now())[0] for each in pages.shown(page)]
        return [MessageView.of(each, ask.language) for each in found]


def _telling(router: Router, messages: Messages, clock: Clock, send_soon: Callable[[], None]) -> None:
    @router.post("/shortage")
    async def tell_shortage(body: Shortage, asked: Asked) -> ShortageTold:
        """The same patient, article and day is one message, however often it is asked for."""
        patient_refs = list(dict.fromkeys(body.patient_refs))
        await messages.note(asked, patient_refs)
        for patient_ref in patient_refs:
            contact = await messages.queries.contact(patient_ref)
            notice = write(
                _shortage_id(body.article_no, contact.patient_ref, clock.today()),
                "shortage",
                about=body.article_no,
                patient_ref=contact.patient_ref,
                channel="sms",
                to=None,
                language=contact.language,
                at=clock.now(),
            )
            await messages.notify(notice, cause=asked.cause.part(contact.patient_ref))
        send_soon()
        return ShortageTold(patients=len(patient_refs))


def _one(
    router: Router, messages: Messages, carriers: Carriers, clock: Clock, send_soon: Callable[[], None]
) -> None:
    @router.get("/{message_id}")
    async def get_message(message_id: Id, ask: Ask) -> WholeMessage:
        """Show one message with its text and where it goes, audited."""
        message = await messages.repository.show(MESSAGES.ref(message_id), asked=ask)
        message = expire(message, at=clock.now())[0]
        contact = await messages.queries.contact(message.patient_ref)
        return WholeMessage(
            **shown(message, ask.language),
            patient_ref=contact.patient_ref,
            text=carriers.text_of(message),
            to=carriers.number_or_address(message, contact),
            can_send_again=not list(against_sending_again(message, contact)),
        )

    @router.post("/{message_id}/send-again", response_model=MessageKept)
    async def send_message_again(message_id: Id, asked: Asked) -> Response:
        """Send once more what was not sent; what may have been sent is refused (Q24)."""
        message = await messages.repository.get(MESSAGES.ref(message_id))
        contact = await messages.queries.contact(message.patient_ref)
        ref = MESSAGES.ref(message_id, if_version=asked.if_match) & CONTACTS.maybe(contact.patient_ref)
        rule = partial(send_again, at=clock.now())
        answer = await messages.repository.change(ref, rule, cause=asked.cause, reply=MessageKept.of)
        send_soon()
        return asked.answered(answer)


async def _demand_own_or_childs(guardians: Guardians, actor: Actor, patient_ref: str | None) -> None:
    """Let a citizen see own messages, and those of a child below 13 (Q7).

    Raises Forbidden, and tells a guardian of a child from 13 to 17 to call customer service.
    """
    if actor.patient_ref is None or patient_ref is None:
        raise Forbidden
    if actor.patient_ref == patient_ref:
        return
    seeing = await guardians.see(patient_ref, guardian_ref=actor.patient_ref)
    if seeing == "through_customer_service":
        raise Problem.saying(GuardianCallsCustomerService, 403, patient_refs=(patient_ref,))
    if seeing == "not":
        raise Forbidden


def _shortage_id(article_no: str, patient_ref: str, day: date) -> str:
    """Name neither goods nor patient: the gateway sees it."""
    said = f"{article_no}|{patient_ref}|{day}"
    return f"shortage:{hashlib.sha256(said.encode()).hexdigest()[:24]}"
