"""Handlers for the facts about what patients have of devices, what it costs, and collection orders."""

from collections.abc import Callable, Iterable
from functools import partial

from services.billing.application.compensations import Compensations
from services.billing.application.device_fees import DeviceFees
from services.billing.domain.devices.compensation import Compensation
from services.billing.domain.devices.following import note_decided, note_goods, note_taken_back
from services.billing.domain.devices.loan import (
    CollectionOrder,
    Exchange,
    Loan,
    Place,
    Return,
    note_collection,
    note_exchange,
    note_mistaken,
    note_return,
)
from services.billing.domain.devices.order import Decided, DeviceOrder, HandOut
from shared.domain.money import Money
from shared.events.fact import known_or
from shared.events.inventory import (
    DeviceExchanged,
    DeviceHandedOut,
    DeviceLossReported,
    DeviceReturned,
    GoodsHandedOut,
)
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderFetched,
    CollectionOrderRegistered,
    DeviceFeeDecided,
    DeviceOnLoan,
)
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_hand_outs(subscriptions: Subscriptions, fees: DeviceFees, *, cost_centre: str) -> None:
    @subscriptions.on(DeviceHandedOut)
    async def on_device_handed_out(event: DeviceHandedOut, cause: Cause) -> None:
        await fees.hand_out(
            DeviceOrder(event.order_no, event.patient_ref),
            _hand_out(event, _line_no(event), loan_id=event.loan_id, cost_centre=cost_centre),
            loan_id=event.loan_id,
            device_no=event.device_no,
            cause=cause,
        )

    @subscriptions.on(GoodsHandedOut)
    async def on_goods_handed_out(event: GoodsHandedOut, cause: Cause) -> None:
        hand_out = _hand_out(event, event.line_no, loan_id=None, cost_centre=cost_centre)
        opened = DeviceOrder(event.order_no, event.patient_ref)
        rule = partial(note_goods, opened=opened, hand_out=hand_out)
        await fees.note_order(event.order_no, rule, cause=cause)

    @subscriptions.on(HandOutTakenBack)
    async def on_hand_out_taken_back(event: HandOutTakenBack, cause: Cause) -> None:
        for loan_id in event.loan_ids:
            rule = partial(note_mistaken, opened=Loan(loan_id, event.patient_ref))
            await fees.note(loan_id, rule, cause=cause)
        opened = DeviceOrder(event.order_no, event.patient_ref)
        await fees.note_order(
            event.order_no, partial(note_taken_back, opened=opened, at=event.taken_back_at), cause=cause
        )


def on_devices(subscriptions: Subscriptions, fees: DeviceFees) -> None:
    @subscriptions.on(DeviceExchanged)
    async def on_device_exchanged(event: DeviceExchanged, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        exchange = Exchange(event.device_no, event.in_place_of, event.exchanged_on, event.nth)
        await fees.note(event.loan_id, partial(note_exchange, opened=opened, exchange=exchange), cause=cause)

    @subscriptions.on(DeviceReturned)
    async def on_device_returned(event: DeviceReturned, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        returned = Return(event.device_no, event.returned_on)
        await fees.note(event.loan_id, partial(note_return, opened=opened, returned=returned), cause=cause)

    @subscriptions.on(DeviceFeeDecided)
    async def on_device_fee_decided(event: DeviceFeeDecided, cause: Cause) -> None:
        opened = DeviceOrder(event.order_no, event.patient_ref)
        decided = Decided(event.line_no, event.version, event.fee)
        rule = partial(note_decided, opened=opened, decided=decided)
        await fees.note_order(event.order_no, rule, cause=cause)


def on_losses(subscriptions: Subscriptions, compensations: Compensations) -> None:
    @subscriptions.on(DeviceLossReported)
    async def on_device_loss_reported(event: DeviceLossReported, cause: Cause) -> None:
        reported = Compensation(
            loss_no=event.loss_no,
            loan_id=event.loan_id,
            patient_ref=event.patient_ref,
            device_no=event.device_no,
            article_no=event.article_no,
            product_area=event.product_area,
            care_unit=event.care_unit,
            order_no=event.order_no,
            how=known_or(event.how, "damaged"),
            happened_on=event.happened_on,
            reported_at=event.reported_at,
            price=Money(event.price) if event.price is not None else None,
            bought_on=event.purchased_on or event.handed_out_on,
        )
        await compensations.note(reported, cause=cause)


def on_collection_orders(subscriptions: Subscriptions, fees: DeviceFees) -> None:
    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        # By post, and of a place that only a newer version knows, the fetching counts, as at home.
        place: Place = "care_unit" if event.place == "care_unit" else "home"
        heard = partial(CollectionOrder, event.collection_no, place=place, registered_on=event.registered_on)
        await _note(event.devices, event.patient_ref, heard, cause)

    @subscriptions.on(CollectionOrderFetched)
    async def on_collection_order_fetched(event: CollectionOrderFetched, cause: Cause) -> None:
        given = partial(CollectionOrder, event.collection_no, given_on=event.fetched_on)
        await _note(event.devices, event.patient_ref, given, cause)

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
            rule = partial(note_collection, opened=opened, consumed=heard(device_no=each.device_no))
            await fees.note(each.loan_id, rule, cause=cause.part(each.device_no))


def _line_no(event: DeviceHandedOut) -> int:
    """Give the line; before facts had it, each line of an order was known by its fee's number."""
    if event.line_no is not None:
        return event.line_no
    return event.fee.fee_no if event.fee else 1


def _hand_out(
    event: DeviceHandedOut | GoodsHandedOut, line_no: int, *, loan_id: str | None, cost_centre: str
) -> HandOut:
    return HandOut(
        line_no=line_no,
        loan_id=loan_id,
        article_no=event.article_no,
        product_area=event.product_area,
        care_unit=event.care_unit,
        cost_centre=cost_centre,
        day=event.handed_out_on,
        at=event.handed_out_at,
        fee=event.fee,
    )
