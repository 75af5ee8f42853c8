"""Handlers for what distributors sent to patients: of which lots, and what went back (Q60, N4)."""

from collections.abc import Iterable
from functools import partial

from services.inventory.application.recalls import Recalls
from services.inventory.domain.goods.lots import piece_number
from services.inventory.domain.recalls.distributed import (
    Report,
    SentGoods,
    What,
    note_gone_back,
    note_goods,
)
from services.inventory.repository.collections import DISTRIBUTED_ORDERS
from shared.events.fact import known_or
from shared.events.ordering import (
    GoodsSent,
    LotsReported,
    OrderDelivered,
    OrderDespatched,
    OrderUndeliverable,
)
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_distributed(subscriptions: Subscriptions, recalls: Recalls) -> None:
    repository = recalls.repository

    async def noted(report: Report, cause: Cause) -> None:
        """Keep a report, and notice at once what is recalled; also when a killed process kept it before."""
        if report.goods or report.is_complete:
            ref = DISTRIBUTED_ORDERS.maybe(report.order_no)
            await repository.change(ref, partial(note_goods, report=report), cause=cause)
            await recalls.look_at_distributed(report.order_no)

    @subscriptions.on(OrderDespatched)
    async def on_order_despatched(event: OrderDespatched, cause: Cause) -> None:
        report = Report(
            event.order_no, event.patient_ref, event.care_unit or "", event.product_area or "", "despatched",
            event.despatched_at, _goods(event.goods, "despatched"),
        )  # fmt: skip
        await noted(report, cause)

    @subscriptions.on(OrderDelivered)
    async def on_order_delivered(event: OrderDelivered, cause: Cause) -> None:
        report = Report(
            event.order_no, event.patient_ref, event.care_unit or "", event.product_area or "", "delivered",
            event.delivered_at, _goods(event.goods, "delivered"), is_complete=True,
        )  # fmt: skip
        await noted(report, cause)

    @subscriptions.on(LotsReported)
    async def on_lots_reported(event: LotsReported, cause: Cause) -> None:
        what: What = known_or(event.what, "despatched")
        report = Report(
            event.order_no, event.patient_ref, event.care_unit, event.product_area, what, event.reported_at,
            _goods(event.goods, what),
        )  # fmt: skip
        await noted(report, cause)

    @subscriptions.on(OrderUndeliverable)
    async def on_order_undeliverable(event: OrderUndeliverable, cause: Cause) -> None:
        rule = partial(note_gone_back, order_no=event.order_no, patient_ref=event.patient_ref)
        await repository.change(DISTRIBUTED_ORDERS.maybe(event.order_no), rule, cause=cause)
        await recalls.look_at_distributed(event.order_no)


def _goods(goods: Iterable[GoodsSent], what: What) -> tuple[SentGoods, ...]:
    return tuple(
        SentGoods(
            each.article_no,
            piece_number(each.lot or ""),
            despatched=each.packages if what == "despatched" else 0,
            delivered=each.packages if what == "delivered" else 0,
        )
        for each in goods
    )
