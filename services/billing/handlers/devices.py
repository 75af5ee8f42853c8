"""Handlers for the facts about devices on loan and collection orders."""

from collections.abc import Callable, Iterable
from functools import partial

from services.billing.application.loans import Loans
from services.billing.domain.ledger import Entry, event_id_of
from services.billing.domain.loan import (
    CollectionOrder,
    Exchange,
    HandedOut,
    Loan,
    Place,
    Return,
    falls_due_on,
    note_collection,
    note_exchange,
    note_handed_out,
    note_return,
)
from shared.domain.money import Money
from shared.events.fact import known_or
from shared.events.inventory import (
    DeviceExchanged,
    DeviceHandedOut,
    DeviceReturned,
)
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderRegistered,
    DeviceFee,
    DeviceOnLoan,
)
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_devices(subscriptions: Subscriptions, loans: Loans, *, cost_centre: str) -> None:
    @subscriptions.on(DeviceHandedOut)
    async def on_device_handed_out(event: DeviceHandedOut, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        entry = _device_entry(event, event.fee, cost_centre) if event.fee else None
        handed_out = HandedOut(event.device_no, event.handed_out_on, entry)
        rule = partial(note_handed_out, opened=opened, handed_out=handed_out)
        await loans.note(event.loan_id, rule, cause=cause)

    @subscriptions.on(DeviceExchanged)
    async def on_device_exchanged(event: DeviceExchanged, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        exchange = Exchange(event.device_no, event.in_place_of, event.exchanged_on)
        await loans.note(event.loan_id, partial(note_exchange, opened=opened, exchange=exchange), cause=cause)

    @subscriptions.on(DeviceReturned)
    async def on_device_returned(event: DeviceReturned, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        returned = Return(event.device_no, event.returned_on)
        await loans.note(event.loan_id, partial(note_return, opened=opened, returned=returned), cause=cause)


def on_collection_orders(subscriptions: Subscriptions, loans: Loans) -> None:
    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        # Of a place that only a newer version knows, the fetching counts, as of the patient's home.
        place: Place = known_or(event.place, "home")
        heard = partial(CollectionOrder, event.collection_no, place=place, registered_on=event.registered_on)
        await _note(event.devices, event.patient_ref, heard, cause)

    @subscriptions.on(CollectionOrderClosed)
    async def on_collection_order_closed(event: CollectionOrderClosed, cause: Cause) -> None:
        closed = partial(CollectionOrder, event.collection_no, closed_on=event.closed_on)
        await _note(event.devices, event.patient_ref, partial(closed, how="fetched"), cause)
        # What was not there is not collected: its loan and its fee continue, as after an annulment (Q48).
        await _note(event.not_collected, event.patient_ref, partial(closed, how="annulled"), cause)

    @subscriptions.on(CollectionOrderAnnulled)
    async def on_collection_order_annulled(event: CollectionOrderAnnulled, cause: Cause) -> None:
        heard = partial(CollectionOrder, event.collection_no, how="annulled", closed_on=event.annulled_on)
        await _note(event.devices, event.patient_ref, heard, cause)

    async def _note(
        devices: Iterable[DeviceOnLoan], patient_ref: str, heard: Callable[..., CollectionOrder], cause: Cause
    ) -> None:
        for each in devices:
            opened = Loan(each.loan_id, patient_ref)
            rule = partial(note_collection, opened=opened, heard=heard(device_no=each.device_no))
            await loans.note(each.loan_id, rule, cause=cause.part(each.device_no))


def _device_entry(event: DeviceHandedOut, fee: DeviceFee, cost_centre: str) -> Entry:
    return Entry(
        event_id=event_id_of(event.order_no, fee.fee_no, kind="charge"),
        kind="charge",
        reverses=None,
        source_no=event.order_no,
        fee_no=fee.fee_no,
        patient_ref=event.patient_ref,
        fee_code=fee.fee_code,
        text=fee.text,
        amount=Money(fee.amount),
        reason="product",
        tariff=fee.tariff,
        occurred_at=event.handed_out_at,
        due_on=falls_due_on(event.handed_out_on, deferred_days=fee.deferred_days),
        cost_centre=cost_centre,
        product_area=event.product_area,
        care_unit=event.care_unit,
        order_nos=(event.order_no,),
        article_nos=(event.article_no,),
        loan_id=event.loan_id,
    )
