"""A message to a patient: its subject, its channel and its history (S38, S41, Q24)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

Kind = Literal[
    "delivery_notice", "order_delayed", "article_substituted", "renewal_ends", "renewal_last_used",
    "shortage", "goods_not_coming", "goods_recalled",
]  # fmt: skip
Saying = Kind | Literal["delivery_part", "delivery_part_and_day", "delivery_rest", "delivered"]
"""What a text says: a delivery notice says one of several things (Q33)."""
Channel = Literal["sms", "email", "letter", "phone", "none"]
State = Literal[
    "due",
    "attempting",
    "sent",
    "delivered",
    "rejected",
    "unknown",
    "suppressed",
    "expired",
    "by_hand",
]
Why = Literal["unknown", "rejected", "suppressed", "expired"]
Status = Literal["created", "sent", "delivered", "failed"]
"""What a gateway reports of an SMS (formats.md section 5)."""

CHAIN: tuple[Channel, ...] = ("sms", "email", "letter")
"""The ways that are tried one after the other; after the last a person takes over."""


@dataclass(frozen=True)
class Step:
    """One step of a message's way; `note` is a gateway's id or code, the next channel, or why not."""

    what: State | Literal["waiting", "next_way"]
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Receipt:
    """A gateway's report as it came: the same words twice are one report."""

    provider_id: str
    status: Status
    at: datetime
    said: str | None = None
    """The gateway's own time of it, as it was written."""


@dataclass(frozen=True)
class Message:
    """One message to one patient; its number or address stays sealed until it is sent."""

    message_id: str
    order_no: str | None
    patient_ref: str
    channel: Channel
    to: str | None
    """Given for this message; None takes the patient's own, as it is when the message is sent."""
    language: str
    state: State
    due_at: datetime
    expires_at: datetime
    kind: Kind = "delivery_notice"
    about: str | None = None
    """The line or the article, when it is about no order."""
    day: date | None = None
    """The day that the text names."""
    part: Literal["whole", "part", "rest"] = "whole"
    is_left_outside: bool = False
    has_arrived: bool = False
    """It came before it was announced, where nobody met it (Q33)."""
    written_at: datetime | None = None
    attempts: int = 0
    waits: int = 0
    attempt: str | None = None
    attempted_at: datetime | None = None
    provider_id: str | None = None
    report_by: datetime | None = None
    """Without a report by then its outcome is unknown."""
    receipts: tuple[Receipt, ...] = ()
    traceparent: str | None = None
    """The trace that it belongs to: what is sent later continues it."""
    history: tuple[Step, ...] = ()

    def came_to(self, state: State, *, at: datetime, note: str | None = None) -> "Message":
        return replace(self, state=state, history=(*self.history, Step(state, at, note)))

    def noted(self, what: Literal["waiting", "next_way"], *, at: datetime, note: str) -> "Message":
        return replace(self, history=(*self.history, Step(what, at, note)))

    @property
    def saying(self) -> Saying:
        """Name what the text says (Q33)."""
        if self.kind != "delivery_notice" or (self.part == "whole" and not self.has_arrived):
            return self.kind
        if self.has_arrived:
            return "delivered"
        if self.part == "rest":
            return "delivery_rest"
        return "delivery_part_and_day" if self.day else "delivery_part"

    @property
    def subject_no(self) -> str | None:
        return self.order_no or self.about

    @property
    def reported(self) -> Status | None:
        """What all reports say together, in whatever order they came: delivered wins, then failed."""
        return strongest(each.status for each in self.receipts)


def strongest(statuses: Iterable[Status]) -> Status | None:
    """Give the report that counts among several (formats.md section 5)."""
    order: tuple[Status, ...] = ("delivered", "failed", "sent", "created")
    said = set(statuses)
    return next((each for each in order if each in said), None)
