"""A message to a patient: sent at most once, and never while nobody knows whether it was (S38, S41, Q24)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected
from services.notification.domain.quiet_hours import may_send, next_allowed
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.notification import MessageDelivered, MessageFailed
from shared.events.tasks import TaskRaised

Channel = Literal["sms", "email", "letter", "phone", "none"]
State = Literal["due", "attempting", "sent", "rejected", "unknown", "suppressed", "expired", "by_hand"]
Why = Literal["unknown", "rejected", "suppressed", "expired"]

GIVE_UP_AFTER = timedelta(hours=12)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LOST_AFTER = timedelta(seconds=60)
"""An attempt that nobody ended in this time was broken off: its outcome is unknown (Q24)."""

REASONS: dict[Why, str] = {
    "unknown": "Nobody knows whether the SMS was sent. Ask the gateway, or call the patient.",
    "rejected": "The SMS could not be sent to that number. Check the number, or call the patient.",
    "suppressed": "",
    "expired": "The SMS could not be sent in time. Call the patient if the delivery has not come.",
}


@dataclass(frozen=True)
class Step:
    """One step of a message's way; `note` is a gateway's id or code, or why not."""

    what: State | Literal["waiting"]
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Message:
    """A delivery notice; the number it goes to stays sealed until it is sent."""

    message_id: str
    order_no: str
    patient_ref: str
    channel: Channel
    to: str | None
    language: str
    state: State
    due_at: datetime
    expires_at: datetime
    attempts: int = 0
    waits: int = 0
    attempt: str | None = None
    attempted_at: datetime | None = None
    provider_id: str | None = None
    history: tuple[Step, ...] = ()

    def came_to(self, state: State, *, at: datetime, note: str | None = None) -> "Message":
        return replace(self, state=state, history=(*self.history, Step(state, at, note)))


def delivery_notice(
    order_no: str, *, patient_ref: str, channel: Channel, to: str | None, language: str, at: datetime
) -> Message:
    """Write the notice of a despatched order, due when people may next be told (S38, Q24)."""
    due_at = next_allowed(at)
    message = Message(
        message_id=f"delivery-notice:{order_no}",
        order_no=order_no,
        patient_ref=patient_ref,
        channel=channel,
        to=to,
        language=language,
        state="due",
        due_at=due_at,
        expires_at=due_at + GIVE_UP_AFTER,
    )
    return message.came_to("due", at=at)


def notify(message: Message | None, *, notice: Message, at: datetime) -> Decision[Message | None]:
    """Give an order its one notice; a way that we cannot use yet becomes a task for a person (S38).

    A receiver who chose none gets none, and a repeated despatch gives no second notice.
    """
    if message or notice.channel == "none":
        return message, []
    if notice.channel != "sms":
        by_hand = notice.came_to("by_hand", at=at)
        return by_hand, [
            _task(by_hand, f"Tell the patient by {notice.channel} that the delivery is on its way.")
        ]
    if notice.to is None:
        return _failed(notice, "rejected", at=at, note="no-number")
    return notice, []


def begin_attempt(message: Message, *, attempt: str, at: datetime) -> Decision[Message]:
    """Claim a due message for one attempt, before the gateway is called; only one can have it (Q24)."""
    if message.state != "due" or message.due_at > at or not may_send(at) or message.expires_at <= at:
        return message, []
    claimed = replace(message, attempt=attempt, attempted_at=at, attempts=message.attempts + 1)
    return claimed.came_to("attempting", at=at), []


def end_attempt(message: Message, *, attempt: str, outcome: Outcome, at: datetime) -> Decision[Message]:
    """Keep what the gateway answered; an attempt that was given up meanwhile stays given up (S38, Q24)."""
    if message.state != "attempting" or message.attempt != attempt:
        return message, []
    if isinstance(outcome, Accepted):
        return _sent(message, outcome, at=at)
    if isinstance(outcome, Rejected):
        return _failed(message, "rejected", at=at, note=outcome.code)
    if isinstance(outcome, NotSent):
        return postpone(message.came_to("due", at=at), at=at, why="not-sent")
    return _failed(message, "unknown", at=at)


def break_off(message: Message, *, at: datetime) -> Decision[Message]:
    """Give up an attempt that nobody ended: it may have been sent, so it is never sent again (Q24)."""
    if message.state != "attempting" or message.attempted_at is None:
        return message, []
    if at - message.attempted_at < LOST_AFTER:
        return message, []
    return _failed(message, "unknown", at=at)


def postpone(message: Message, *, at: datetime, why: str) -> Decision[Message]:
    """Wait longer each time, in the hours that are allowed, and give up after twelve hours (Q24, Q18)."""
    if message.state != "due":
        return message, []
    due_at = next_allowed(at + min(FIRST_WAIT * 2 ** min(message.waits, 10), LONGEST_WAIT))
    if due_at >= message.expires_at:
        return _failed(message, "expired", at=at, note=why)
    waiting = replace(message, due_at=due_at, waits=message.waits + 1)
    return replace(waiting, history=(*waiting.history, Step("waiting", at, why))), []


def suppress(message: Message, *, at: datetime, why: str) -> Decision[Message]:
    """Tell nobody who died, is protected or wants no messages (S41, Q24)."""
    if message.state != "due":
        return message, []
    return _failed(message, "suppressed", at=at, note=why)


def _sent(message: Message, outcome: Accepted, *, at: datetime) -> Decision[Message]:
    sent = replace(message, provider_id=outcome.provider_id).came_to("sent", at=at, note=outcome.provider_id)
    delivered = MessageDelivered(
        message_id=message.message_id,
        order_no=message.order_no,
        patient_ref=message.patient_ref,
        channel=message.channel,
        at=at,
    )
    return sent, [delivered]


def _failed(message: Message, why: Why, *, at: datetime, note: str | None = None) -> Decision[Message]:
    facts: list[Fact] = [
        MessageFailed(
            message_id=message.message_id,
            order_no=message.order_no,
            patient_ref=message.patient_ref,
            channel=message.channel,
            why=why,
        )
    ]
    if why != "suppressed":
        facts.append(_task(message, REASONS[why]))
    return message.came_to(why, at=at, note=note), facts


def _task(message: Message, reason: str) -> TaskRaised:
    return TaskRaised(
        task_id=f"message:{message.message_id}",
        kind="message_not_sent",
        role="customer_service",
        patient_ref=message.patient_ref,
        subject_no=message.order_no,
        reason=reason,
    )
