"""The facts of notification: outcomes of messages."""

from datetime import datetime
from typing import ClassVar, Literal

from shared.events.fact import Fact, Open


class MessageDelivered(Fact):
    """The message reached the gateway or the phone."""

    topic: ClassVar[str] = "notification.message_delivered.v1"
    about: ClassVar[str] = "message_id"

    message_id: str
    order_no: str | None
    patient_ref: str
    channel: str
    at: datetime


class MessageFailed(Fact):
    """The message was not sent, or its outcome is unknown: a person must look."""

    topic: ClassVar[str] = "notification.message_failed.v1"
    about: ClassVar[str] = "message_id"

    message_id: str
    order_no: str | None
    patient_ref: str
    channel: str
    why: Open[Literal["unknown", "rejected", "suppressed", "expired"]]
