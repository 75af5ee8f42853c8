"""Handlers for what inventory says of device orders, hand-outs and loans."""

from collections.abc import Iterable
from functools import partial

from services.ordering.domain.devices.attaching import named_by, refuse_with_files
from services.ordering.domain.devices.following import (
    note_despatched,
    note_hand_over_refused,
    note_handed_out,
    note_not_fetched,
    note_not_released,
    note_not_taken_back,
    note_picking,
    note_received,
    note_released,
    note_reserved,
    note_taken_back,
)
from services.ordering.domain.devices.goods import Goods, HandedOut, NotFetched, Refusal
from services.ordering.domain.devices.loans import Loan, note_lent
from services.ordering.domain.devices.order import DeviceOrder, LineState, Reserved
from services.ordering.handlers.collecting import end_loan_of, note_exchange, note_no_exchange
from services.ordering.repository.collections import ATTACHMENTS, DEVICE_LOANS, DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from shared.clock import Clock
from shared.events.fact import known_or
from shared.events.inventory import DeviceLossReported, DeviceReturned
from shared.events.inventory_goods import (
    DeviceOrderDespatched,
    DeviceOrderNotFetched,
    DeviceOrderNotReleased,
    DeviceOrderPicking,
    DeviceOrderReceived,
    DeviceOrderReleased,
    DeviceOrderReserved,
    HandOutMade,
    HandOutNotTakenBack,
    HandOutRefused,
    HandOutTakenBack,
    HandOverRefused,
    LineGoods,
    LineHandedOut,
)
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def on_device_orders(subscriptions: Subscriptions, devices: DeviceOrdering, clock: Clock) -> None:
    repository = devices.repository
    _on_warehouse(subscriptions, repository)
    _on_parcels(subscriptions, repository)
    _on_hand_outs(subscriptions, repository)
    _on_loans_ended(subscriptions, repository, clock)


def _on_warehouse(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(DeviceOrderReserved)
    async def on_device_order_reserved(event: DeviceOrderReserved, cause: Cause) -> None:
        lines = tuple(
            LineState(each.line_no, each.article_no, each.reserved, each.waiting, each.expected_on)
            for each in event.lines
        )
        rule = partial(note_reserved, reserved=Reserved(event.version, lines))
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceOrderPicking)
    async def on_device_order_picking(event: DeviceOrderPicking, cause: Cause) -> None:
        rule = partial(note_picking, pick_list_no=event.pick_list_no, at=event.picking_at)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceOrderReleased)
    async def on_device_order_released(event: DeviceOrderReleased, cause: Cause) -> None:
        rule = partial(note_released, at=event.released_at)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceOrderNotReleased)
    async def on_device_order_not_released(event: DeviceOrderNotReleased, cause: Cause) -> None:
        rule = partial(note_not_released, why=str(event.why), at=event.refused_at)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)


def _on_parcels(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(DeviceOrderDespatched)
    async def on_device_order_despatched(event: DeviceOrderDespatched, cause: Cause) -> None:
        rule = partial(
            note_despatched,
            parcel_no=event.parcel_no,
            lines=_goods(event.lines),
            at=event.despatched_at,
            complete=event.complete,
        )
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceOrderReceived)
    async def on_device_order_received(event: DeviceOrderReceived, cause: Cause) -> None:
        rule = partial(
            note_received, parcel_no=event.parcel_no, lines=_goods(event.lines), at=event.received_at
        )
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceOrderNotFetched)
    async def on_device_order_not_fetched(event: DeviceOrderNotFetched, cause: Cause) -> None:
        ended = NotFetched(event.storeroom_no, event.ended_at, _goods(event.lines))
        rule = partial(note_not_fetched, ended=ended)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)


def _on_hand_outs(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(HandOutMade)
    async def on_hand_out_made(event: HandOutMade, cause: Cause) -> None:
        handed = HandedOut(event.handed_out_on, event.handed_out_at, _handed(event.lines), event.hand_over_no)
        rule = partial(note_handed_out, handed=handed)
        order = await repository.get(DEVICE_ORDERS.ref(event.order_no))
        for lent in _lent(event, order):
            await repository.change(
                DEVICE_LOANS.maybe(lent.loan_id),
                partial(note_lent, lent=lent),
                cause=cause.part("loan", lent.loan_id),
            )
        await note_exchange(repository, order, cause, hand_over_no=event.hand_over_no)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(HandOutRefused)
    async def on_hand_out_refused(event: HandOutRefused, cause: Cause) -> None:
        refusal = Refusal(event.rule, event.sv, event.en, event.line_no)
        order = await repository.get(DEVICE_ORDERS.ref(event.order_no))
        await note_no_exchange(repository, order, refusal, cause)
        files = ATTACHMENTS.many(sorted(named_by(each.line for each in order.lines)))
        rule = partial(refuse_with_files, refusal=refusal, at=event.refused_at)
        await repository.change(DEVICE_ORDERS.ref(event.order_no) & files, rule, cause=cause)

    @subscriptions.on(HandOverRefused)
    async def on_hand_over_refused(event: HandOverRefused, cause: Cause) -> None:
        refusal = Refusal(event.rule, event.sv, event.en, event.line_no)
        order = await repository.get(DEVICE_ORDERS.ref(event.order_no))
        if not order.is_answered(event.hand_over_no):
            number = event.hand_over_no
            await note_no_exchange(repository, order, refusal, cause, hand_over_no=number)
        rule = partial(note_hand_over_refused, hand_over_no=event.hand_over_no, refusal=refusal)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(HandOutNotTakenBack)
    async def on_hand_out_not_taken_back(event: HandOutNotTakenBack, cause: Cause) -> None:
        refusal = Refusal(event.rule, event.sv, event.en)
        rule = partial(note_not_taken_back, refusal=refusal)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)


def _on_loans_ended(subscriptions: Subscriptions, repository: Repository, clock: Clock) -> None:
    @subscriptions.on(HandOutTakenBack)
    async def on_hand_out_taken_back(event: HandOutTakenBack, cause: Cause) -> None:
        for loan_id in event.loan_ids:
            await end_loan_of(repository, loan_id, event.patient_ref, cause, at=clock.now())
        rule = partial(note_taken_back, at=event.taken_back_at)
        await repository.change(DEVICE_ORDERS.ref(event.order_no), rule, cause=cause)

    @subscriptions.on(DeviceLossReported)
    async def on_device_loss_reported(event: DeviceLossReported, cause: Cause) -> None:
        if known_or(event.how, "damaged") != "damaged":
            lost_on, at = event.happened_on, clock.now()
            await end_loan_of(repository, event.loan_id, event.patient_ref, cause, at=at, lost_on=lost_on)

    @subscriptions.on(DeviceReturned)
    async def on_device_returned(event: DeviceReturned, cause: Cause) -> None:
        await end_loan_of(
            repository,
            event.loan_id,
            event.patient_ref,
            cause,
            at=clock.now(),
            returned_on=event.returned_on,
            return_no=event.return_no,
        )


def _goods(lines: Iterable[LineGoods]) -> tuple[Goods, ...]:
    return tuple(Goods(each.line_no, each.article_no, each.quantity, each.device_nos) for each in lines)


def _handed(lines: Iterable[LineHandedOut]) -> tuple[Goods, ...]:
    return tuple(
        Goods(each.line_no, each.article_no, each.quantity, each.device_nos, each.loan_ids) for each in lines
    )


def _lent(event: HandOutMade, order: DeviceOrder) -> list[Loan]:
    """Name the loans that began: of a tracked device one each; counted goods are not on loan."""
    components = {each.line.line_no: each.line.components for each in order.lines}
    return [
        Loan(
            loan_id,
            event.patient_ref,
            line.article_no,
            device_no,
            order_no=order.order_no,
            product_area=order.product_area,
            care_unit=order.care_unit,
            handed_out_on=event.handed_out_on,
            lent_at=event.handed_out_at,
            components=components.get(line.line_no, ()),
        )
        for line in event.lines
        for loan_id, device_no in zip(line.loan_ids, line.device_nos, strict=False)
    ]
