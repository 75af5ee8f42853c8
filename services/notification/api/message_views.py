"""How a message is shown: its way in words, and to few what it says and where it goes."""

from datetime import date, datetime
from typing import Any

from services.notification.domain.labels import CHANNELS, KINDS, STEPS
from services.notification.domain.message import Message
from shared.http import Language, View
from shared.http.language import said


class StepView(View):
    """One step of a message's way."""

    what: str
    what_text: str
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
    kind_text: str
    order_no: str | None
    subject_no: str | None
    channel: str
    channel_text: str
    language: str
    state: str
    state_text: str
    day: date | None
    due_at: datetime
    expires_at: datetime
    attempts: int
    receipts: list[ReceiptView]
    history: list[StepView]

    @classmethod
    def of(cls, message: Message, language: Language) -> "MessageView":
        return cls(**shown(message, language))


class WholeMessage(MessageView):
    """A message with what it says and where it goes."""

    patient_ref: str
    text: str
    to: str | None
    """The number or address; None for a letter, and where there is none."""
    can_send_again: bool


class MessageKept(View):
    """What became of a message that is sent again."""

    message_id: str
    state: str
    channel: str

    @classmethod
    def of(cls, message: Message, _contact: object) -> "MessageKept":
        return cls(message_id=message.message_id, state=message.state, channel=message.channel)


def shown(message: Message, language: Language) -> dict[str, Any]:
    """Give the fields of a message as everybody who may read it sees them."""
    steps = [
        StepView(what=step.what, what_text=said(STEPS[step.what], language), at=step.at, note=step.note)
        for step in message.history
    ]
    return {
        "message_id": message.message_id,
        "kind": message.kind,
        "kind_text": said(KINDS[message.kind], language),
        "order_no": message.order_no,
        "subject_no": message.subject_no,
        "channel": message.channel,
        "channel_text": said(CHANNELS[message.channel], language),
        "language": message.language,
        "state": message.state,
        "state_text": said(STEPS[message.state], language),
        "day": message.day,
        "due_at": message.due_at,
        "expires_at": message.expires_at,
        "attempts": message.attempts,
        "receipts": [
            ReceiptView(status=each.status, at=each.at, said=each.said) for each in message.receipts
        ],
        "history": steps,
    }
