"""Routes that show sent messages, and notify several patients of a shortage."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, model_validator

from services.notification.application.messages import Messages
from services.notification.domain.attempts import expire
from services.notification.domain.message import Message
from services.notification.domain.notices import write
from shared.clock import Clock
from shared.domain.decision import Sentence
from shared.fields import refusal
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import ArticleNo, PatientRef
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


class StepView(View):
    """One step of a message's way."""

    what: str
    at: datetime
    note: str | None


class ReceiptView(View):
    """What the gateway reported, and when."""

    status: str
    at: datetime
    said: str | None


class MessageView(View):
    """A message and its way; never the number or address that it went to."""

    message_id: str
    kind: str
    order_no: str | None
    subject_no: str | None
    channel: str
    language: str
    state: str
    day: date | None
    due_at: datetime
    expires_at: datetime
    attempts: int
    receipts: list[ReceiptView]
    history: list[StepView]

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        return cls(
            message_id=message.message_id,
            kind=message.kind,
            order_no=message.order_no,
            subject_no=message.subject_no,
            channel=message.channel,
            language=message.language,
            state=message.state,
            day=message.day,
            due_at=message.due_at,
            expires_at=message.expires_at,
            attempts=message.attempts,
            receipts=[
                ReceiptView(status=each.status, at=each.at, said=each.said) for each in message.receipts
            ],
            history=[StepView(what=step.what, at=step.at, note=step.note) for step in message.history],
        )


class Shortage(Request):
    """Who is to be told that something they usually get is out of stock."""

    article_no: ArticleNo
    patient_refs: Annotated[list[PatientRef], Field(min_length=1, max_length=MOST_TOLD)]


class ShortageTold(View):
    """How many patients are told, each once a day for one article."""

    patients: int


def message_routes(messages: Messages, *, clock: Clock, send_soon: Callable[[], None]) -> Router:
    router = Router("notification", prefix="/messages", tags=["messages"])

    @router.post("/search")
    async def search_messages(body: MessagesAsked, ask: Ask, pages: Pages) -> list[MessageView]:
        field, value = ("patient_ref", body.patient_ref) if body.patient_ref else ("order_no", body.order_no)
        page = await messages.queries.of(ask, field=field, value=value or "", after=pages.after)
        # What came too late is not sent any more, whether its end is noted yet or not.
        shown = [expire(each, at=clock.now())[0] for each in pages.shown(page)]
        return [MessageView.of(each) for each in shown]

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

    return router


def _shortage_id(article_no: str, patient_ref: str, day: date) -> str:
    """Name neither goods nor patient: the gateway sees it."""
    said = f"{article_no}|{patient_ref}|{day}"
    return f"shortage:{hashlib.sha256(said.encode()).hexdigest()[:24]}"
