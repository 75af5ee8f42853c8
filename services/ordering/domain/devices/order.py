"""A device order: what was ordered, and all that is known of it, from which its state follows (Q35, S129)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.ordering.domain.device_states import OVER, State
from services.ordering.domain.devices.goods import (
    Goods,
    HandedOut,
    HandOver,
    NotFetched,
    Parcel,
    Refusal,
    joined,
    less,
    line_nos,
)
from services.ordering.domain.devices.lines import Exchange, Line
from services.ordering.domain.devices.other_region import Approval
from shared.events.fees import DeviceFee

Kind = Literal["order", "hand_out"]


@dataclass(frozen=True)
class OrderedLine:
    """A line as it was sent, with its fee."""

    line: Line
    fee: DeviceFee | None = None


@dataclass(frozen=True)
class LineState:
    """How much of a line is set apart, as inventory last said."""

    line_no: int
    article_no: str
    """What will be delivered: a replacement article where one took its place (S89)."""
    reserved: int
    waiting: int
    expected_on: date | None = None


@dataclass(frozen=True)
class Reserved:
    """The newest snapshot of what is reserved."""

    version: int
    lines: tuple[LineState, ...]


@dataclass(frozen=True)
class Progress:
    """What has become of one line so far."""

    article_no: str | None = None
    """What comes; None while nobody has said."""
    device_nos: tuple[str, ...] = ()
    loan_ids: tuple[str, ...] = ()
    reserved: int = 0
    waiting: int = 0
    expected_on: date | None = None
    at_unit: int = 0


@dataclass(frozen=True)
class Act:
    """Something that a person did with an order: who, when, and why where a reason is asked."""

    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Delivery:
    """Where the goods go; what is personal is sealed (Q53, S98 to S102)."""

    kind: Literal["unit", "home"] = "unit"
    recipient: str | None = None
    co: str | None = None
    address: str | None = None
    contact_name: str | None = None
    """Of somebody at work: the prescriber unless another was named (S102)."""
    contact_phone: str | None = None


@dataclass(frozen=True)
class DeviceOrder:
    """One order of devices, or one hand-out from an own storeroom (Q35)."""

    order_no: str
    kind: Kind
    patient_ref: str
    care_unit: str
    product_area: str
    storeroom_no: str
    prescriber: str
    prescriber_name: str
    placed_by: str
    placed_by_name: str
    sent_at: datetime
    sent_on: date
    lines: tuple[OrderedLine, ...]
    delivery: Delivery = Delivery()
    joint: bool = False
    approval: Approval | None = None
    refusal: Refusal | None = None
    reserved: Reserved | None = None
    pick_list_no: str | None = None
    parcels: tuple[Parcel, ...] = ()
    handed_out: tuple[HandedOut, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    not_fetched: tuple[NotFetched, ...] = ()
    annulment: Act | None = None
    released_at: datetime | None = None
    too_late: str | None = None
    """Why it could not be annulled, as inventory's code (Q49)."""
    split: Act | None = None
    mistake: Act | None = None
    mistake_refusal: Refusal | None = None
    """Why inventory did not take the hand-out back: it stands (Q48, Q51)."""
    taken_back_at: datetime | None = None
    waits_since: datetime | None = None
    """Since when goods wait at the unit for the patient; None when none do (Q43)."""
    is_reminded: bool = False
    agreement: Act | None = None
    """Who registered that the loan agreement is signed; `at` is the day it was registered (S105)."""
    agreement_signed_on: date | None = None
    picking_at: datetime | None = None
    too_late_at: datetime | None = None
    promised_on: date | None = None
    """The planned day that was said first, where something was waited for (S128)."""
    is_over: bool = False
    """Nothing more is waited for. It follows from all the rest, and is kept so that queries find it."""
    article_nos: tuple[str, ...] = ()
    """What was ordered or came; kept, as `device_nos` is, so that a search finds it (S124)."""
    device_nos: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_over", self.state in OVER)
        moved = [goods for each in self.parcels for goods in each.lines]
        moved += [goods for each in self.handed_out for goods in each.lines]
        articles = {each.line.article_no for each in self.lines} | {each.article_no for each in moved}
        articles |= {each.article_no for each in self._reserved_lines}
        devices = {each.line.device_no for each in self.lines if each.line.device_no}
        devices |= {no for goods in moved for no in goods.device_nos}
        object.__setattr__(self, "article_nos", tuple(sorted(articles - {""})))
        object.__setattr__(self, "device_nos", tuple(sorted(devices)))

    @property
    def state(self) -> State:
        """Derive the state from all that is known: goods that moved count above what was said of them."""
        if self.taken_back_at is not None:
            return "taken_back"
        return self._state_of_hand_out() if self.kind == "hand_out" else self._state_of_order()

    def _state_of_hand_out(self) -> State:
        if self.handed_out:
            return "handed_out"
        return "refused" if self.refusal else "requested"

    def _state_of_order(self) -> State:
        if given := self.with_patient:
            return "handed_out" if given + self.never_fetched >= self.coming else "partly_handed_out"
        if self.parcels:
            return self._state_of_parcels()
        if self.released_at is not None:
            return "annulled"
        if self.annulment is not None and self.too_late is None:
            return "annulment_asked"
        return self._state_in_warehouse()

    def _state_of_parcels(self) -> State:
        if self.at_unit:
            return "received"
        if self.never_fetched >= self.coming:
            return "not_fetched"
        return "despatched" if self.is_complete else "partly_despatched"

    def _state_in_warehouse(self) -> State:
        if self.pick_list_no is not None:
            return "picking"
        if self.reserved is None:
            return "sent"
        return "waiting" if any(each.waiting for each in self._reserved_lines) else "reserved"

    @property
    def given(self) -> tuple[HandOver, ...]:
        """List what the unit registered as handed over, but what inventory refused (Q43)."""
        return tuple(each for each in self.hand_overs if each.refusal is None)

    @property
    def is_complete(self) -> bool:
        """Nothing more will leave the warehouse."""
        return any(each.complete for each in self.parcels)

    @property
    def quantity(self) -> int:
        return sum(each.line.quantity for each in self.lines)

    @property
    def coming(self) -> int:
        """Base units that came or will come: of a complete order those in its parcels."""
        despatched = sum(goods.quantity for each in self.parcels for goods in each.lines)
        return despatched if self.is_complete else max(self.quantity, despatched)

    @property
    def with_patient(self) -> int:
        """Base units that the patient has, by the unit's registration or by inventory's word."""
        registered = sum(goods.quantity for each in self.given for goods in each.lines)
        return max(registered, sum(goods.quantity for each in self.handed_out for goods in each.lines))

    @property
    def never_fetched(self) -> int:
        """Base units that waited at the unit and went into a storeroom again (Q43)."""
        return sum(goods.quantity for each in self.not_fetched for goods in each.lines)

    @property
    def at_unit(self) -> tuple[Goods, ...]:
        """List what was received at the unit and not yet handed over, line by line (Q43)."""
        received = [goods for each in self.parcels if each.received_at for goods in each.lines]
        given = [goods for each in self.given for goods in each.lines]
        given += [goods for each in self.not_fetched for goods in each.lines]
        left = (less(joined(received, no), joined(given, no)) for no in line_nos(received))
        return tuple(each for each in left if each.quantity > 0)

    @property
    def _reserved_lines(self) -> tuple[LineState, ...]:
        return self.reserved.lines if self.reserved else ()

    @property
    def expected_on(self) -> date | None:
        """The planned delivery: the day when the last of what is waited for is expected."""
        if any(each.waiting and each.expected_on is None for each in self._reserved_lines):
            return None  # nobody knows when
        return max((each.expected_on for each in self._reserved_lines if each.expected_on), default=None)

    @property
    def handed_out_on(self) -> date | None:
        """The day when the patient got the last of it: day 0 of its fee (Q10)."""
        registered = [each.handed_over_on for each in self.given]
        return max((*registered, *(each.handed_out_on for each in self.handed_out)), default=None)

    def progress(self, line_no: int) -> Progress:
        """Sum up what is known of a line: the goods themselves count above what was set apart."""
        reserved = next((each for each in self._reserved_lines if each.line_no == line_no), None)
        parcels = joined([goods for each in self.parcels for goods in each.lines], line_no)
        handed = joined([goods for each in self.handed_out for goods in each.lines], line_no)
        moved = handed if handed.quantity else parcels
        return Progress(
            article_no=moved.article_no or (reserved.article_no if reserved else None),
            device_nos=moved.device_nos,
            loan_ids=handed.loan_ids,
            reserved=reserved.reserved if reserved else 0,
            waiting=reserved.waiting if reserved else 0,
            expected_on=reserved.expected_on if reserved else None,
            at_unit=sum(each.quantity for each in self.at_unit if each.line_no == line_no),
        )

    def in_place_of(self, line_no: int) -> str | None:
        """Name the device that came back for the one of a line: its fee continues (Q48)."""
        return next((each.device_no for each in self.exchanges_of(line_no)), None)

    def exchanges_of(self, line_no: int) -> list[Exchange]:
        said = [each.line.exchange for each in self.lines if each.line.line_no == line_no]
        said += [goods.exchange for each in self.given for goods in each.lines if goods.line_no == line_no]
        return [each for each in said if each]

    def hand_over(self, hand_over_no: str) -> HandOver:
        """Give a hand-over by its number; raises StopIteration where there is none."""
        return next(each for each in self.hand_overs if each.hand_over_no == hand_over_no)

    def is_answered(self, hand_over_no: str) -> bool:
        """Tell whether inventory has made or refused a hand-over (Q43)."""
        made = any(each.hand_over_no == hand_over_no for each in self.handed_out)
        return made or self.hand_over(hand_over_no).refusal is not None

    @property
    def is_mistake_decided(self) -> bool:
        """Tell whether inventory took a hand-out by mistake back, or said that it stands (Q51)."""
        return self.taken_back_at is not None or self.mistake_refusal is not None

    def missing_of(self, line_no: int) -> int:
        """Count the base units of a line that the patient waits for."""
        ordered = sum(each.line.quantity for each in self.lines if each.line.line_no == line_no)
        sent = joined([goods for each in self.parcels for goods in each.lines], line_no).quantity
        given, told, left = (
            joined([goods for each in part for goods in each.lines], line_no).quantity
            for part in (self.given, self.handed_out, self.not_fetched)
        )
        return (sent if self.is_complete else max(ordered, sent)) - max(given, told) - left

    def waiting_from(self) -> "DeviceOrder":
        """Keep since when goods wait at the unit, by which the job finds them (Q43)."""
        moments = [each.received_at for each in self.parcels if each.received_at]
        since = max(moments) if self.at_unit and moments else None
        return self if since == self.waits_since else replace(self, waits_since=since)
