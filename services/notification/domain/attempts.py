"""One attempt to send a message: claimed, ended, and never repeated when the outcome is unknown (Q24)."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.notification.domain.contact import Contact, way_after
from services.notification.domain.endings import delivered, failed
from services.notification.domain.message import Message
from services.notification.domain.notices import by_way
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected
from services.notification.domain.quiet_hours import may_send, next_allowed
from shared.domain.decision import Decision
from shared.events.fact import Fact

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LOST_AFTER = timedelta(seconds=60)
"""An attempt that nobody ended in this time was broken off: its outcome is unknown (Q24)."""
REPORTED_WITHIN = timedelta(hours=24)
"""A gateway that said nothing of a message for so long leaves it unknown, not failed (T23)."""


def begin_attempt(message: Message, *, attempt: str, at: datetime) -> Decision[Message]:
    """Claim a due message for one attempt, before the gateway is called; only one can have it (Q24)."""
    if message.state != "due" or message.due_at > at or not may_send(at) or message.expires_at <= at:
        return message, []
    claimed = replace(message, attempt=attempt, attempted_at=at, attempts=message.attempts + 1)
    return claimed.came_to("attempting", at=at), []


def end_attempt(
    message: Message, contact: Contact | None, *, attempt: str, outcome: Outcome, at: datetime
) -> Decision[Message, Contact | None]:
    """Keep what the gateway answered; an attempt that was given up meanwhile stays given up (S38, Q24)."""
    if message.state != "attempting" or message.attempt != attempt:
        return message, contact, []
    if isinstance(outcome, Rejected):
        rejected, facts = fail_for_good(message, contact, at=at, note=outcome.code)
    elif isinstance(outcome, NotSent):
        rejected, facts = _wait(message.came_to("due", at=at, note=outcome.why), at=at, why="not-sent")
    else:
        rejected, facts = _taken(message, contact, outcome if isinstance(outcome, Accepted) else None, at=at)
    return rejected, contact, facts


def break_off(
    message: Message, contact: Contact | None, *, at: datetime
) -> Decision[Message, Contact | None]:
    """Give up an attempt that nobody ended: it may have been sent, so it is never sent again (Q24).

    A letter lies in the print queue or not, under its own name: to put it there again is to find it there.
    """
    if message.state != "attempting" or message.attempted_at is None:
        return message, contact, []
    if at - message.attempted_at < LOST_AFTER:
        return message, contact, []
    if message.channel == "letter":
        again, facts = _wait(message.came_to("due", at=at), at=at, why="broken-off")
        return again, contact, facts
    given_up, told = _taken(message, contact, None, at=at)
    return given_up, contact, told


def postpone(message: Message, *, at: datetime, why: str) -> Decision[Message]:
    """Wait longer each time, in the hours that are allowed, until its time is over (Q24, Q18)."""
    if message.state != "due":
        return message, []
    return _wait(message, at=at, why=why)


def expire(message: Message, *, at: datetime) -> Decision[Message]:
    """Give up what could not be sent in the time that it has; a person takes over (Q24, N7)."""
    if message.state != "due" or at < message.expires_at:
        return message, []
    return _expired(message, at=at, why="too-late")


def suppress(message: Message, *, at: datetime, why: str) -> Decision[Message]:
    """Tell nobody who died, is protected or wants no messages (S41, Q24)."""
    if message.state != "due":
        return message, []
    return message.came_to("suppressed", at=at, note=why), failed(message, "suppressed", reason=None)


def fail_for_good(
    message: Message, contact: Contact | None, *, at: datetime, note: str
) -> tuple[Message, list[Fact]]:
    """Go on by the next way that the patient has, else hand it to a person (S38, T23, N7)."""
    channel = way_after(message, contact)
    rejected = message.came_to("rejected", at=at, note=note)
    if channel:
        return by_way(rejected, channel, at=at), []
    return rejected, failed(message, "rejected", reason=f"{message.channel}-not-possible")


def _taken(
    message: Message, contact: Contact | None, accepted: Accepted | None, *, at: datetime
) -> tuple[Message, list[Fact]]:
    """Judge by the answer and by the reports, which may have come before it."""
    provider_id = accepted.provider_id if accepted else _named_by_reports(message)
    if provider_id is None:
        return message.came_to("unknown", at=at), failed(message, "unknown", reason="outcome-unknown")
    if message.channel == "sms" and message.reported == "failed":
        return fail_for_good(message, contact, at=at, note="reported-failed")
    return sent(message, provider_id, at=at, reports=accepted is None or accepted.reports)


def sent(message: Message, provider_id: str, *, at: datetime, reports: bool) -> tuple[Message, list[Fact]]:
    """Count it as sent, and as delivered when that was reported already (S38)."""
    on_its_way = replace(
        message, provider_id=provider_id, report_by=at + REPORTED_WITHIN if reports else None
    ).came_to("sent", at=at, note=provider_id)
    told = delivered(message, at=at)
    if message.reported == "delivered":
        return replace(on_its_way.came_to("delivered", at=at), report_by=None), [told]
    return on_its_way, [told]


def _named_by_reports(message: Message) -> str | None:
    """A report about an attempt whose answer was lost proves that the gateway has it."""
    about_this = message.channel == "sms" or message.reported == "delivered"
    return message.receipts[-1].provider_id if message.receipts and about_this else None


def _wait(message: Message, *, at: datetime, why: str) -> tuple[Message, list[Fact]]:
    due_at = next_allowed(at + min(FIRST_WAIT * 2 ** min(message.waits, 10), LONGEST_WAIT))
    if due_at >= message.expires_at:
        return _expired(message, at=at, why=why)
    waiting = replace(message, due_at=due_at, waits=message.waits + 1)
    return waiting.noted("waiting", at=at, note=why), []


def _expired(message: Message, *, at: datetime, why: str) -> tuple[Message, list[Fact]]:
    return message.came_to("expired", at=at, note=why), failed(message, "expired", reason="not-sent-in-time")
