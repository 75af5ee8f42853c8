"""An order of devices as billing knows it: what the patient got, and which fees follow (Q37, S97, Q51)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.billing.domain.ledger import Entry, event_id_of
from services.billing.domain.loan import HandedOut, Loan, Verdict, verdict_of
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.ordering_devices import DeviceFee


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
class DeviceOrder:
    """All facts about one order; what follows from them does not depend on the order in which they came."""

    order_no: str
    patient_ref: str
    hand_outs: tuple[HandOut, ...] = ()
    decided: tuple[Decided, ...] = ()
    """The newest decision about each line."""
    taken_back_at: datetime | None = None
    """When a hand-out by mistake was taken back last: what was counted until then is where it was (Q51)."""
    charged: tuple[Charged, ...] = ()

    @property
    def loan_ids(self) -> tuple[str, ...]:
        return tuple(each.loan_id for each in self.hand_outs if each.loan_id)

    @property
    def fees(self) -> tuple[DeviceFee, ...]:
        """Give every fee that stands, stood, or may come to stand in the ledger."""
        handed_out = (each.fee for each in self.hand_outs if each.fee)
        decided = (each.fee for each in self.decided if each.fee)
        return (*handed_out, *decided, *(each.fee for each in self.charged))

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


def note_hand_out(
    order: DeviceOrder | None, loan: Loan | None, *, opened: DeviceOrder, hand_out: HandOut, device_no: str
) -> Decision[DeviceOrder | None, Loan | None]:
    """Begin the clock: day 0 is when the patient has the device (Q10)."""
    known, of_loan = order or opened, loan or Loan(hand_out.loan_id or "", opened.patient_ref)
    if of_loan.handed_out:
        return order, loan, []
    handed_out = HandedOut(device_no, hand_out.day, order_no=known.order_no)
    return (
        replace(known, hand_outs=(*known.hand_outs, hand_out)),
        replace(of_loan, handed_out=handed_out),
        [],
    )


def note_goods(
    order: DeviceOrder | None, *, opened: DeviceOrder, hand_out: HandOut
) -> Decision[DeviceOrder | None]:
    """Keep that the patient got counted goods with a fee (Q37)."""
    known = order or opened
    if hand_out in known.hand_outs:
        return order, []
    return replace(known, hand_outs=(*known.hand_outs, hand_out)), []


def note_taken_back(
    order: DeviceOrder | None, *, opened: DeviceOrder, at: datetime
) -> Decision[DeviceOrder | None]:
    """Keep that what was handed out until then was handed out by mistake, also before that is known (Q51)."""
    known = order or opened
    if known.taken_back_at and known.taken_back_at >= at:
        return order, []
    return replace(known, taken_back_at=at), []


def note_decided(
    order: DeviceOrder | None, *, opened: DeviceOrder, decided: Decided
) -> Decision[DeviceOrder | None]:
    """Keep the newest decision about a line, before or after its hand-out (S97)."""
    known = order or opened
    before = known.decision(decided.line_no)
    if before and before.version >= decided.version:
        return order, []
    others = tuple(each for each in known.decided if each is not before)
    return replace(known, decided=(*others, decided)), []


def adopt(loan: Loan, order: DeviceOrder | None) -> Decision[Loan, DeviceOrder | None]:
    """Give the fee of a loan that an older version kept to its order (0099)."""
    handed_out, entry = loan.handed_out, loan.entry
    if handed_out is None or entry is None or handed_out.order_no:
        return loan, order, []
    known = order or DeviceOrder(entry.source_no, loan.patient_ref)
    hand_out = _of_before(loan.loan_id, handed_out.day, entry)
    known = replace(known, hand_outs=(*known.hand_outs, hand_out))
    if hand_out.fee:
        known = known.with_charge(Charged(entry.fee_no, hand_out.fee, entry.due_on, loan.asked))
    return replace(loan, handed_out=replace(handed_out, order_no=entry.source_no)), known, []


def wanted_fees(order: DeviceOrder, loans: Mapping[str, Loan], *, patient_ref: str) -> dict[int, Wanted]:
    """Give the fee of each line that costs something, by its number: one fee, whatever the pieces (Q37)."""
    found: dict[int, Wanted] = {}
    for line_no in dict.fromkeys(each.line_no for each in order.hand_outs):
        wanted = _of_line(order, line_no, loans, patient_ref)
        if wanted:
            found.setdefault(wanted.fee.fee_no, wanted)
    return found


def _of_line(order: DeviceOrder, line_no: int, loans: Mapping[str, Loan], patient_ref: str) -> Wanted | None:
    heard = sorted(
        (each for each in order.hand_outs if each.line_no == line_no),
        key=lambda each: (each.day, each.at, each.loan_id or ""),
    )
    standing = [each for each in heard if not is_taken_back(each, order, loans)]
    decided = order.decision(line_no)
    fee = decided.fee if decided else next((each.fee for each in standing if each.fee), None)
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


def _of_before(loan_id: str, day: date, entry: Entry) -> HandOut:
    fee = DeviceFee(
        fee_no=entry.fee_no,
        fee_code=entry.fee_code,
        text=entry.text,
        amount=entry.amount.amount,
        tariff=entry.tariff,
        deferred_days=(entry.due_on - day).days - 1,
    )
    return HandOut(
        line_no=entry.fee_no,
        loan_id=loan_id,
        article_no=next(iter(entry.article_nos), ""),
        product_area=entry.product_area,
        care_unit=entry.care_unit,
        cost_centre=entry.cost_centre,
        day=day,
        at=entry.occurred_at,
        fee=fee,
    )
