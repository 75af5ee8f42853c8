"""What is published of an order of devices: each fact adds what it says, in whatever order they come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from services.billing.domain.devices.loan import HandedOut, Loan
from services.billing.domain.devices.order import (
    NOBODY_YET,
    Charged,
    Decided,
    DeviceOrder,
    HandOut,
    Made,
    Sent,
)
from services.billing.domain.fees.ledger import Entry
from shared.domain.decision import Decision
from shared.events.fees import DeviceFee


def note_sent(
    order: DeviceOrder | None, *, opened: DeviceOrder, on: date, sent: Sent
) -> Decision[DeviceOrder | None]:
    """Keep what each line costs, as it was said when the order was sent (Q37, N11)."""
    known = _known(order, opened)
    if known.sent is not None:
        return order, []
    return replace(known, settled=False, day=on, sent=sent), []


def note_made(
    order: DeviceOrder | None, *, opened: DeviceOrder, made: Sequence[Made]
) -> Decision[DeviceOrder | None]:
    """Keep what inventory says that the patient has, to compare with the fees (N11)."""
    known = _known(order, opened)
    fresh = tuple(each for each in made if each not in known.made)
    return (replace(known, settled=False, made=known.made + fresh) if fresh else order), []


def note_over(order: DeviceOrder | None, *, opened: DeviceOrder) -> Decision[DeviceOrder | None]:
    """Keep that the order was annulled or refused (N11)."""
    known = _known(order, opened)
    return (order if known.over else replace(known, settled=False, over=True)), []


def note_settled(order: DeviceOrder, *, seen: bytes) -> Decision[DeviceOrder]:
    """Close an order that agrees, unless a fact came since it was looked at (N11).

    `seen` is the fingerprint of what was looked at.
    """
    if order.settled or order.fingerprint != seen:
        return order, []
    return replace(order, settled=True), []


def note_hand_out(
    order: DeviceOrder | None, loan: Loan | None, *, opened: DeviceOrder, hand_out: HandOut, device_no: str
) -> Decision[DeviceOrder | None, Loan | None]:
    """Begin the clock: day 0 is when the patient has the device (Q10)."""
    known = _known(order, opened)
    of_loan = loan or Loan(hand_out.loan_id or "", opened.patient_ref)
    if of_loan.handed_out:
        return order, loan, []
    handed_out = HandedOut(device_no, hand_out.day, order_no=known.order_no)
    return (
        replace(known, settled=False, hand_outs=(*known.hand_outs, hand_out)),
        replace(of_loan, handed_out=handed_out),
        [],
    )


def note_goods(
    order: DeviceOrder | None, *, opened: DeviceOrder, hand_out: HandOut
) -> Decision[DeviceOrder | None]:
    """Keep that the patient got counted goods with a fee (Q37)."""
    known = _known(order, opened)
    if hand_out in known.hand_outs:
        return order, []
    return replace(known, settled=False, hand_outs=(*known.hand_outs, hand_out)), []


def note_taken_back(
    order: DeviceOrder | None, *, opened: DeviceOrder, at: datetime
) -> Decision[DeviceOrder | None]:
    """Keep that what was handed out until then was handed out by mistake, also before that is known (Q51)."""
    known = _known(order, opened)
    if known.taken_back_at and known.taken_back_at >= at:
        return order, []
    return replace(known, settled=False, taken_back_at=at), []


def note_decided(
    order: DeviceOrder | None, *, opened: DeviceOrder, decided: Decided
) -> Decision[DeviceOrder | None]:
    """Keep the newest decision about a line, before or after its hand-out (S97)."""
    known = _known(order, opened)
    before = known.decision(decided.line_no)
    if before and before.version >= decided.version:
        return order, []
    others = tuple(each for each in known.decided if each is not before)
    return replace(known, settled=False, decided=(*others, decided)), []


def adopt(loan: Loan, order: DeviceOrder | None) -> Decision[Loan, DeviceOrder | None]:
    """Give the fee of a loan that an older version kept to its order (Q37, 0099)."""
    handed_out, entry = loan.handed_out, loan.entry
    if handed_out is None or entry is None or handed_out.order_no:
        return loan, order, []
    known = order or DeviceOrder(entry.source_no, loan.patient_ref)
    fee = _fee_of_before(handed_out.day, entry)
    hand_out = _of_before(loan.loan_id, handed_out.day, entry, fee)
    known = replace(known, settled=False, hand_outs=(*known.hand_outs, hand_out))
    known = known.with_charge(Charged(entry.fee_no, fee, entry.due_on, loan.asked))
    return replace(loan, handed_out=replace(handed_out, order_no=entry.source_no)), known, []


def _known(order: DeviceOrder | None, opened: DeviceOrder) -> DeviceOrder:
    if order is None or order.patient_ref != NOBODY_YET:
        return order or opened
    return replace(order, patient_ref=opened.patient_ref)


def _fee_of_before(day: date, entry: Entry) -> DeviceFee:
    return DeviceFee(
        fee_no=entry.fee_no,
        fee_code=entry.fee_code,
        text=entry.text,
        amount=entry.amount.amount,
        tariff=entry.tariff,
        deferred_days=(entry.due_on - day).days - 1,
    )


def _of_before(loan_id: str, day: date, entry: Entry, fee: DeviceFee) -> HandOut:
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
