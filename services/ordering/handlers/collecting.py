"""Handlers for what ends or closes collection orders: what came, and loans that ended another way (Q48)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial

from services.ordering.domain.collecting.exchanging import note_exchanged, note_not_exchanged
from services.ordering.domain.collecting.following import Received, note_received
from services.ordering.domain.collecting.loan_over import LoanMoved, LoanOver, end_loan
from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.loans import Loan, note_lent
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_LOANS
from shared.events.inventory_collections import CollectionReceived, DeviceLentAgain
from shared.fault import fault
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Contended, Repository


def on_collections(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(CollectionReceived)
    async def on_collection_received(event: CollectionReceived, cause: Cause) -> None:
        received = Received(
            event.storeroom_no,
            event.received_on,
            event.received_at,
            frozenset(each.device_no for each in event.came),
        )
        order = await repository.get(COLLECTION_ORDERS.ref(event.collection_no))
        loans = DEVICE_LOANS.maybe_many([each.loan_id for each in order.devices])
        rule = partial(note_received, received=received)
        await repository.change(COLLECTION_ORDERS.ref(event.collection_no) & loans, rule, cause=cause)

    @subscriptions.on(DeviceLentAgain)
    async def on_device_lent_again(event: DeviceLentAgain, cause: Cause) -> None:
        order = await repository.get(COLLECTION_ORDERS.ref(event.collection_no))
        was = order.device(event.device_no)
        lent = Loan(
            event.loan_id,
            order.patient_ref,
            event.article_no,
            event.device_no,
            order_no=event.order_no,
            product_area=event.product_area,
            care_unit=event.care_unit,
            handed_out_on=event.handed_out_on,
            lent_at=event.lent_at,
            components=was.components if was else (),
        )
        rule = partial(note_lent, lent=lent)
        await repository.change(DEVICE_LOANS.maybe(event.loan_id), rule, cause=cause)


async def note_exchange(
    repository: Repository, order: DeviceOrder, cause: Cause, *, hand_over_no: str | None
) -> None:
    """Register the collection orders of what a hand-out or a hand-over was made for."""
    for number in _collections_of(order, hand_over_no):
        ref = COLLECTION_ORDERS.ref(number)
        await repository.change(ref, note_exchanged, cause=cause.part("collection", number))
        await fault("exchange.with_part")


async def note_no_exchange(
    repository: Repository,
    order: DeviceOrder,
    refusal: Refusal,
    cause: Cause,
    *,
    hand_over_no: str | None = None,
) -> None:
    """End the collection orders of a hand-out or a hand-over that was not made."""
    for number in _collections_of(order, hand_over_no):
        rule = partial(note_not_exchanged, order_no=hand_over_no or order.order_no, refusal=refusal)
        ref = COLLECTION_ORDERS.ref(number)
        await repository.change(ref, rule, cause=cause.part("collection", number))


async def end_loan_of(
    repository: Repository,
    loan_id: str,
    patient_ref: str,
    cause: Cause,
    *,
    at: datetime,
    returned_on: date | None = None,
    lost_on: date | None = None,
    return_no: str | None = None,
) -> None:
    """End our copy of a loan, and wait no more for its device where a collection order does."""
    loan = await repository.get(DEVICE_LOANS.maybe(loan_id))
    number = loan.collection_no if loan else None
    over = LoanOver(loan_id, patient_ref, returned_on, lost_on, number, at, is_collected=return_no == number)
    refs = DEVICE_LOANS.maybe(loan_id) & COLLECTION_ORDERS.many([number] if number else [])
    with _handled_again_when_moved():
        await repository.change(refs, partial(end_loan, over=over), cause=cause.part("loan", loan_id))


def _collections_of(order: DeviceOrder, hand_over_no: str | None) -> list[str]:
    """Name the collection orders of an exchange, each once."""
    if hand_over_no is None:
        exchanges = [each.line.exchange for each in order.lines]
    else:
        exchanges = [each.exchange for each in order.hand_over(hand_over_no).lines]
    return list(dict.fromkeys(each.collection_no for each in exchanges if each and each.collection_no))


@contextmanager
def _handled_again_when_moved() -> Iterator[None]:
    try:
        yield
    except LoanMoved as read_too_early:
        raise Contended from read_too_early
