"""The facts and tasks that follow when a message arrived or did not (N7, Q24)."""

from datetime import datetime

from services.notification.domain.message import Message, Why
from shared.events.fact import Fact
from shared.events.notification import MessageDelivered, MessageFailed
from shared.events.tasks import TaskRaised, TaskResolved


def delivered(message: Message, *, at: datetime) -> MessageDelivered:
    """Tell that a message is with the gateway, the mail server or the printer (S38)."""
    return MessageDelivered(
        message_id=message.message_id,
        order_no=message.order_no,
        patient_ref=message.patient_ref,
        channel=message.channel,
        at=at,
    )


def failed(message: Message, why: Why, *, reason: str | None) -> list[Fact]:
    """Tell that a message failed; with a reason, a person takes over (N7)."""
    facts: list[Fact] = [
        MessageFailed(
            message_id=message.message_id,
            order_no=message.order_no,
            patient_ref=message.patient_ref,
            channel=message.channel,
            why=why,
        )
    ]
    return [*facts, raised(message, reason)] if reason else facts


def raised(message: Message, reason: str) -> TaskRaised:
    """Ask customer service to tell the patient some other way (N7); the reason is a code, never free text."""
    return TaskRaised(
        task_id=_task_id(message),
        kind="message_not_sent",
        role="customer_service",
        patient_ref=message.patient_ref,
        subject_no=message.subject_no,
        reason=reason,
    )


def resolved(message: Message, how: str) -> TaskResolved:
    """End that task: the message arrived after all, or is sent by another channel (N7)."""
    return TaskResolved(task_id=_task_id(message), how=how)


def _task_id(message: Message) -> str:
    return f"message:{message.message_id}"
