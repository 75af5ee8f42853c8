"""An order of devices as billing knows it: what the patient got, and which fees follow (Q37, S97, Q51)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b

from services.billing.domain.devices.loan import Loan, Verdict, verdict_of
from services.billing.domain.fees.ledger import Entry, event_id_of
from shared.domain.money import Money
from shared.events.fees import DeviceFee

NOBODY_YET = ""
"""Whose order it is, while only such facts have come as do not say it."""


@dataclass(frozen=True)
class HandOut:
    """What the patient got of a line at one time: a tracked device on loan, or counted goods."""

    line_no: int
    loan_id: str | None
    """None for counted goods."""
    article_no: str
    product_area: str
    care_unit: str
    cost_centre: str
    day: date
    at: datetime
    fee: DeviceFee | None


@dataclass(frozen=True)
class Decided:
    """Yes or no to a line's fee as two people corrected it; None: the patient pays none (S97)."""

    line_no: int
    version: int
    fee: DeviceFee | None


@dataclass(frozen=True)
class Charged:
    """By what a line's fee was last booked, so that it is booked again only when that has changed."""

    line_no: int
    fee: DeviceFee
    due_on: date
    asked: bool = False
    """Somebody was asked to close the collection order that holds the fee though its day has come."""


@dataclass(frozen=True)
class LineSent:
    """A line as it was sent, and what it cost; None: nothing."""

    line_no: int
    article_no: str
    fee: DeviceFee | None


@dataclass(frozen=True)
class Sent:
    """An order as it was sent."""

    product_area: str
    care_unit: str
    cost_centre: str
    lines: tuple[LineSent, ...]


@dataclass(frozen=True)
class Made:
    """Inventory says that the patient has something of a line; what is on loan is named."""

    line_no: int
    day: date
    at: datetime
    loan_ids: tuple[str, ...] = ()
    exchanged: bool = False
    """The loan is another order's, whose fee continues: the line costs nothing (Q48)."""


@dataclass(frozen=True)
class DeviceOrder:
    """All facts about one order; what follows from them does not depend on the order in which they came."""

    order_no: str
    patient_ref: str
    day: date | None = None
    """The day it was sent; None until that is known: the comparison at night looks at days."""
    sent: Sent | None = None
    made: tuple[Made, ...] = ()
    over: bool = False
    """Annulled or refused: nothing of it comes."""
    settled: bool = False
    """Nothing of it is awaited any more, and nothing differs."""
    hand_outs: tuple[HandOut, ...] = ()
    decided: tuple[Decided, ...] = ()
    """The newest decision about each line."""
    taken_back_at: datetime | None = None
    """When a hand-out by mistake was taken back last: what was counted until then is where it was (Q51)."""
    charged: tuple[Charged, ...] = ()

    @property
    def number(self) -> str:
        return self.order_no

    @property
    def fingerprint(self) -> bytes:
        """Give a few bytes that are others as soon as anything of it is another; of this process alone."""
        return blake2b(repr(self).encode(), digest_size=16).digest()

    @property
    def loan_ids(self) -> tuple[str, ...]:
        return tuple(each.loan_id for each in self.hand_outs if each.loan_id)

    @property
    def fees(self) -> tuple[DeviceFee, ...]:
        """Give every fee that stands, stood, or may come to stand in the ledger."""
        handed_out = (each.fee for each in self.hand_outs if each.fee)
        decided = (each.fee for each in self.decided if each.fee)
        return (*handed_out, *decided, *(each.fee for each in self.charged))

    @property
    def pieces(self) -> tuple[HandOut, ...]:
        """Give what the patient got: of counted goods without a fee only `made` says it (S97)."""
        lines = {each.line_no: each for each in self.sent.lines} if self.sent else {}
        counted = (each for each in self.made if not each.loan_ids and each.line_no in lines)
        return (*self.hand_outs, *(self._counted(each, lines[each.line_no]) for each in counted))

    def _counted(self, made: Made, line: LineSent) -> HandOut:
        return HandOut(
            line_no=made.line_no,
            loan_id=None,
            article_no=line.article_no,
            product_area=self.sent.product_area if self.sent else "",
            care_unit=self.sent.care_unit if self.sent else "",
            cost_centre=self.sent.cost_centre if self.sent else "",
            day=made.day,
            at=made.at,
            fee=None,
        )

    def charge(self, fee_no: int) -> Charged | None:
        return next((each for each in self.charged if each.fee.fee_no == fee_no), None)

    def with_charge(self, charged: Charged) -> "DeviceOrder":
        others = tuple(each for each in self.charged if each.fee.fee_no != charged.fee.fee_no)
        return self if charged in self.charged else replace(self, charged=(*others, charged))

    def decision(self, line_no: int) -> Decided | None:
        return next((each for each in self.decided if each.line_no == line_no), None)


@dataclass(frozen=True)
class Wanted:
    """A line's fee as the facts have it by now, and what becomes of it."""

    line_no: int
    fee: DeviceFee
    entry: Entry
    verdict: Verdict


def last_day(day_0: date, *, deferred_days: int) -> date:
    """Give the last day on which a return removes the fee: day 90 of 90 (Q10)."""
    return day_0 + timedelta(days=deferred_days)


def falls_due_on(day_0: date, *, deferred_days: int) -> date:
    """Give the day after that, day 91 of 90; what is not deferred is due at once (Q10, Q37)."""
    return last_day(day_0, deferred_days=deferred_days) + timedelta(days=1 if deferred_days else 0)


def wanted_fees(order: DeviceOrder, loans: Mapping[str, Loan], *, patient_ref: str) -> dict[int, Wanted]:
    """Give the fee of each line that costs something, by its number: one fee, whatever the pieces (Q37)."""
    found: dict[int, Wanted] = {}
    for line_no in dict.fromkeys(each.line_no for each in order.pieces):
        wanted = _of_line(order, line_no, loans, patient_ref)
        if wanted:
            found.setdefault(wanted.fee.fee_no, wanted)
    return found


def _of_line(order: DeviceOrder, line_no: int, loans: Mapping[str, Loan], patient_ref: str) -> Wanted | None:
    heard = sorted(
        (each for each in order.pieces if each.line_no == line_no),
        key=lambda each: (each.day, each.at, each.loan_id or ""),
    )
    standing = [each for each in heard if not is_taken_back(each, order, loans)]
    decided = order.decision(line_no)
    fee = decided.fee if decided else next((each.fee for each in heard if each.fee), None)
    if fee is None or not standing:
        return None
    entry = _entry(order.order_no, standing[0], fee, patient_ref)
    last = last_day(standing[0].day, deferred_days=fee.deferred_days)
    on_loan = (loans[each.loan_id] for each in standing if each.loan_id)
    counted: list[Verdict] = ["runs" for each in standing if each.loan_id is None]
    return Wanted(
        line_no, fee, entry, _of_all([*counted, *(verdict_of(each, last=last) for each in on_loan)])
    )


def _of_all(verdicts: Iterable[Verdict]) -> Verdict:
    """A fee is removed when every piece of its line came back in time."""
    found = set(verdicts)
    return "runs" if "runs" in found else "waits" if "waits" in found else "removed"


def is_taken_back(hand_out: HandOut, order: DeviceOrder, loans: Mapping[str, Loan]) -> bool:
    """Tell whether it was handed out by mistake, as far as is known by now (Q51)."""
    if hand_out.loan_id:
        return loans[hand_out.loan_id].mistaken
    return order.taken_back_at is not None and hand_out.at <= order.taken_back_at


def _entry(order_no: str, hand_out: HandOut, fee: DeviceFee, patient_ref: str) -> Entry:
    return Entry(
        event_id=event_id_of(order_no, fee.fee_no, kind="charge"),
        kind="charge",
        reverses=None,
        source_no=order_no,
        fee_no=fee.fee_no,
        patient_ref=patient_ref,
        fee_code=fee.fee_code,
        text=fee.text,
        amount=Money(fee.amount),
        reason="product",
        tariff=fee.tariff,
        occurred_at=hand_out.at,
        due_on=falls_due_on(hand_out.day, deferred_days=fee.deferred_days),
        cost_centre=hand_out.cost_centre,
        product_area=hand_out.product_area,
        care_unit=hand_out.care_unit,
        order_nos=(order_no,),
        article_nos=(hand_out.article_no,),
        loan_id=hand_out.loan_id,
        line_no=hand_out.line_no,
    )
