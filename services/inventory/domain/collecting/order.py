"""A collection order as the warehouse needs it: which devices shall come, and whether they did (Q34)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from shared.domain.decision import Decision
from shared.events.fact import Open
from shared.events.values import Purpose

State = Literal["open", "closed", "annulled"]


@dataclass(frozen=True)
class ToCollect:
    """A device that shall come, and the loan under which the patient had it when that was asked for."""

    loan_id: str
    device_no: str
    purpose: Open[Purpose] | None = None


@dataclass(frozen=True)
class CollectionOrder:
    """A collection order; ordering owns it, and inventory says what really came. It names no patient."""

    collection_no: str
    care_unit: str = ""
    devices: tuple[ToCollect, ...] = ()
    registered_on: date | None = None
    """None while only its annulment is known."""
    state: State = "open"
    storeroom_no: str | None = None
    """The warehouse that closed it."""
    closed_at: datetime | None = None
    closed_by: str | None = None


def note_registered(
    order: CollectionOrder | None, *, registered: CollectionOrder
) -> Decision[CollectionOrder]:
    """Keep what shall come; one that was annulled before this came stays annulled."""
    if order is None:
        return registered, []
    if order.registered_on is not None:
        return order, []
    return replace(registered, state=order.state), []


def note_annulled(order: CollectionOrder | None, *, collection_no: str) -> Decision[CollectionOrder]:
    """Keep that nothing shall come any more; what came before it was annulled has come."""
    known = order or CollectionOrder(collection_no)
    return (replace(known, state="annulled") if known.state == "open" else known), []
