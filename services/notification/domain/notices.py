"""Which messages are made, once for each subject (S38, S41, N2, T10, T11, T23)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.notification.domain.contact import Contact, next_way
from services.notification.domain.endings import failed, raised
from services.notification.domain.message import CHAIN, Channel, Kind, Message
from services.notification.domain.quiet_hours import after_open_hours, next_allowed
from shared.domain.decision import Decision

SETTLES = timedelta(seconds=20)
"""How long news of a delay waits: what is known at the same moment is one message (Q33)."""
GIVE_UP_AFTER: dict[Kind, timedelta] = {
    "delivery_notice": timedelta(hours=12),
    "order_delayed": timedelta(hours=12),
    "article_substituted": timedelta(hours=12),
    "renewal_ends": timedelta(hours=36),
    "renewal_last_used": timedelta(hours=36),
    "shortage": timedelta(hours=36),
    "goods_not_coming": timedelta(hours=36),
    "goods_recalled": timedelta(hours=36),
}
"""Counted in hours in which people may be sent messages: one day of them is twelve."""


def write(
    message_id: str,
    kind: Kind,
    *,
    patient_ref: str,
    channel: Channel,
    to: str | None,
    language: str,
    at: datetime,
    order_no: str | None = None,
    about: str | None = None,
    day: date | None = None,
    traceparent: str | None = None,
) -> Message:
    """Make a message, due when messages may next be sent (Q24)."""
    due_at = next_allowed(at + SETTLES if kind == "order_delayed" else at)
    message = Message(
        message_id=message_id,
        kind=kind,
        order_no=order_no,
        about=about,
        day=day,
        patient_ref=patient_ref,
        channel=channel,
        to=to,
        language=language,
        state="due",
        due_at=due_at,
        expires_at=after_open_hours(due_at, GIVE_UP_AFTER[kind]),
        traceparent=traceparent,
        written_at=at,
    )
    return message.came_to("due", at=at)


def delivery_notice(
    order_no: str,
    *,
    patient_ref: str,
    channel: Channel,
    to: str | None,
    language: str,
    at: datetime,
    traceparent: str | None = None,
    parcel: int = 1,
    part: Literal["whole", "part", "rest"] = "whole",
    rest_on: date | None = None,
    is_left_outside: bool = False,
) -> Message:
    """Write the notice of one parcel; the first goes by the order's number alone (S38, Q33)."""
    notice = write(
        f"delivery-notice:{order_no}" if parcel == 1 else f"delivery-notice:{order_no}:{parcel}",
        "delivery_notice",
        day=rest_on if part == "part" else None,
        order_no=order_no,
        patient_ref=patient_ref,
        channel=channel,
        to=to,
        language=language,
        at=at,
        traceparent=traceparent,
    )
    return replace(notice, part=part, is_left_outside=is_left_outside)


def notify(
    message: Message | None, contact: Contact | None, *, notice: Message, at: datetime
) -> Decision[Message | None, Contact | None]:
    """Tell each thing once, by the first way that there is; who chose none gets none (S38, T23).

    A way that only a person can go, and a patient whom no way reaches, become tasks.
    """
    if message or notice.channel == "none":
        return message, contact, []
    if notice.channel not in CHAIN:
        by_hand = notice.came_to("by_hand", at=at, note=notice.channel)
        return by_hand, contact, [raised(by_hand, f"tell-by-{notice.channel}")]
    channel = next_way(notice, contact, from_channel=notice.channel)
    if channel is None:
        reason = "no-way-to-the-patient"
        return (
            notice.came_to("rejected", at=at, note=reason),
            contact,
            failed(notice, "rejected", reason=reason),
        )
    if channel == notice.channel:
        return notice, contact, []
    return by_way(notice, channel, at=at), contact, []


def by_way(message: Message, channel: Channel, *, at: datetime) -> Message:
    """Go on by the patient's own number or address for another channel, with the time that it needs (T23)."""
    due_at = next_allowed(at)
    turned = replace(
        message,
        channel=channel,
        to=None,
        state="due",
        due_at=due_at,
        expires_at=after_open_hours(due_at, GIVE_UP_AFTER[message.kind]),
        waits=0,
        attempt=None,
        report_by=None,
    )
    return turned.noted("next_way", at=at, note=channel)
