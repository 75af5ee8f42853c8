"""A gateway's later reports of an SMS: in any order, any number of times (T23, Q24)."""

from dataclasses import replace
from datetime import datetime

from services.notification.domain.attempts import fail_for_good, sent
from services.notification.domain.contact import Contact
from services.notification.domain.endings import delivered, failed, resolved
from services.notification.domain.message import Message, Receipt
from shared.domain.decision import Decision
from shared.events.fact import Fact

MOST_RECEIPTS = 20
"""An SMS has four states; a gateway that keeps reporting makes no document longer."""
WITH_A_TASK = ("unknown", "rejected", "expired")
OPEN = ("due", "sent", "suppressed", *WITH_A_TASK)


def note_receipt(
    message: Message, contact: Contact | None, *, receipt: Receipt, at: datetime
) -> Decision[Message, Contact | None]:
    """Keep a report once, and go where all reports together lead: delivered wins over failed (T23).

    While an attempt is running its end decides; what is unknown is never sent again, but may become known.
    """
    if len(message.receipts) >= MOST_RECEIPTS or any(_same(receipt, each) for each in message.receipts):
        return message, contact, []
    noted = replace(message, receipts=(*message.receipts, receipt))
    if noted.reported == "delivered" and noted.state in OPEN:
        arrived, facts = _arrived(noted, at=at)
    elif noted.channel == "sms" and noted.state in ("sent", "unknown"):
        arrived, facts = _further(noted, contact, receipt, at=at)
    else:
        arrived, facts = noted, []
    return arrived, contact, facts


def miss_receipt(message: Message, *, at: datetime) -> Decision[Message]:
    """Call it unknown when no report came in time: a person looks, and nothing is sent again (Q24)."""
    if message.state != "sent" or message.report_by is None or at < message.report_by:
        return message, []
    unknown = replace(message, report_by=None).came_to("unknown", at=at, note="no-report")
    return unknown, failed(message, "unknown", reason="no-report-from-the-gateway")


def _arrived(message: Message, *, at: datetime) -> tuple[Message, list[Fact]]:
    told = any(step.what == "sent" for step in message.history)
    facts: list[Fact] = [] if told else [delivered(replace(message, channel="sms"), at=at)]
    if message.state in WITH_A_TASK:
        facts.append(resolved(message, "reported-delivered"))
    arrived = replace(message, channel="sms", report_by=None)
    return arrived.came_to("delivered", at=at), facts


def _further(
    message: Message, contact: Contact | None, receipt: Receipt, *, at: datetime
) -> tuple[Message, list[Fact]]:
    """A report that is not of the delivery: the SMS failed, or the gateway has it after all."""
    was_unknown = message.state == "unknown"
    if message.reported == "failed":
        turned, facts = fail_for_good(message, contact, at=at, note="reported-failed")
        goes_on = turned.state == "due"
        if was_unknown:
            return turned, [resolved(message, f"goes-by-{turned.channel}")] if goes_on else []
        return turned, facts
    if was_unknown and message.provider_id is None:
        known, facts = sent(message, receipt.provider_id, at=at, reports=True)
        return known, [*facts, resolved(message, "reported-taken")]
    return message, []


def _same(receipt: Receipt, other: Receipt) -> bool:
    return (receipt.provider_id, receipt.status) == (other.provider_id, other.status)
