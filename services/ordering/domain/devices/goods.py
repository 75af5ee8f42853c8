"""Goods of an order's lines on their way to the patient: in parcels, handed out, never fetched (Q43)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.devices.lines import Exchange


@dataclass(frozen=True)
class Goods:
    """What of a line is in a parcel, or with the patient."""

    line_no: int
    article_no: str
    quantity: int
    device_nos: tuple[str, ...] = ()
    loan_ids: tuple[str, ...] = ()
    exchange: Exchange | None = None
    """What the patient handed back for it; None where it was no exchange (Q48)."""


@dataclass(frozen=True)
class Parcel:
    """A parcel of the order; what of it nobody has said yet is None."""

    parcel_no: str
    lines: tuple[Goods, ...]
    despatched_at: datetime | None = None
    received_at: datetime | None = None
    complete: bool = False


@dataclass(frozen=True)
class HandedOut:
    """Inventory's word that the patient has goods, and since which day (Q10)."""

    handed_out_on: date
    handed_out_at: datetime
    lines: tuple[Goods, ...]
    hand_over_no: str | None = None
    """The hand-over that it answers; None of a hand-out from a storeroom (Q43)."""


@dataclass(frozen=True)
class Refusal:
    """Why inventory did not make a hand-out, in words (Q41)."""

    rule: str
    sv: str
    en: str
    line_no: int | None = None


@dataclass(frozen=True)
class HandOver:
    """What the unit registered that it handed to the patient (Q43)."""

    hand_over_no: str
    handed_over_on: date
    registered_at: datetime
    by: str
    lines: tuple[Goods, ...]
    reason: str | None = None
    """Why it was registered on another day."""
    storeroom_no: str | None = None
    """The own storeroom that took what came back in exchange (Q48)."""
    refusal: Refusal | None = None
    """Why inventory did not make it: then nothing was handed over."""

    @property
    def is_exchange(self) -> bool:
        return any(each.exchange for each in self.lines)


@dataclass(frozen=True)
class NotFetched:
    """What waited at the unit, and the patient never fetched: it lies in a storeroom again (Q43)."""

    storeroom_no: str
    ended_at: datetime
    lines: tuple[Goods, ...]


def line_nos(goods: list[Goods]) -> tuple[int, ...]:
    """Name the lines, each once, in the order in which they came."""
    return tuple(dict.fromkeys(each.line_no for each in goods))


def joined(goods: list[Goods], line_no: int) -> Goods:
    """Add up what of a line stands in several parcels or hand-outs (Q43)."""
    of_it = [each for each in goods if each.line_no == line_no]
    article_no = of_it[0].article_no if of_it else ""
    devices = tuple(no for each in of_it for no in each.device_nos)
    loans = tuple(loan for each in of_it for loan in each.loan_ids)
    return Goods(line_no, article_no, sum(each.quantity for each in of_it), devices, loans)


def less(received: Goods, given: Goods) -> Goods:
    """Take from what was received what was handed over (Q43)."""
    devices = tuple(each for each in received.device_nos if each not in given.device_nos)
    return replace(received, quantity=received.quantity - given.quantity, device_nos=devices)
