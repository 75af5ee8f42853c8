"""Routes that hand over at the care unit what waited there for the patient, also in exchange (Q43, Q48)."""

import json
from dataclasses import replace
from functools import partial

from fastapi import Response

from services.ordering.api.devices.answers import DECIDED_BY_INVENTORY, decided
from services.ordering.api.devices.hand_out_forms import wish_of
from services.ordering.api.devices.hand_over_forms import GoodsForm, HandOverForm
from services.ordering.api.devices.views import DeviceOrderKept
from services.ordering.application.collecting import Collecting
from services.ordering.application.devices import DeviceDesk
from services.ordering.application.exchanging import old_device, with_collections
from services.ordering.domain.collecting.exchanging import OldDevice, hand_over_and_collect
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.goods import Goods
from services.ordering.domain.devices.handing_over import HandOverRequest, hand_over
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import (
    ALLOWANCES,
    COLLECTION_ORDERS,
    DEVICE_LOANS,
    DEVICE_ORDERS,
)
from shared.auth.actor import Actor
from shared.http import Asked, Router
from shared.http.numbers import OrderNo
from shared.repository import Answer

EXCHANGED_WITHIN_SECONDS = 2.0
"""Inventory decides about the device that comes back (Q41)."""
HANDED_OVER_WITHIN_SECONDS = 0.1
"""What waits at the unit is handed over; inventory says no only when it was moved meanwhile."""


class HandOverKept(DeviceOrderKept):
    """The answer that is kept: which hand-over of the order it was."""

    hand_over_no: str


def routes(desk: DeviceDesk, collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/device-orders", tags=["device orders"])

    @router.post("/{order_no}/hand-overs", response_model=HandOverKept, responses=DECIDED_BY_INVENTORY)
    async def hand_over_devices(order_no: OrderNo, form: HandOverForm, asked: Asked) -> Response:
        """Register that goods which waited at the unit were handed to the patient, on the true day (Q43)."""
        order = await desk.order_for(order_no, asked.actor)
        request = await _request(desk, order, form, asked.actor)
        ref = DEVICE_ORDERS.ref(order_no, if_version=asked.if_match)
        if olds := await _olds(collecting, form, request, order, asked.actor):
            refs = (
                ref
                & COLLECTION_ORDERS.maybe_many(list(dict.fromkeys(each.collection_no for each in olds)))
                & DEVICE_LOANS.maybe_many([each.loan_id for each in olds])
                & ALLOWANCES.maybe(order.patient_ref)
            )
            swap = partial(hand_over_and_collect, request=with_collections(request, olds), olds=olds)
            answer = await desk.repository.change(refs, swap, cause=asked.cause, reply=_kept)
        else:
            rule = partial(hand_over, request=request)
            answer = await desk.repository.change(ref, rule, cause=asked.cause, reply=_kept)
        # An answer that the version before kept does not say which hand-over it was.
        number = json.loads(answer.body).get("hand_over_no")
        return await _answered(desk, asked, answer, order_no, number) if number else asked.answered(answer)

    return router


async def _answered(
    desk: DeviceDesk, asked: Asked, answer: Answer, order_no: str, hand_over_no: str
) -> Response:
    (order,) = await desk.kept(answer.states[:1], (order_no,))
    is_exchange = order.hand_over(hand_over_no).is_exchange
    seconds = EXCHANGED_WITHIN_SECONDS if is_exchange else HANDED_OVER_WITHIN_SECONDS
    order = await desk.waited(order, until=lambda known: known.is_answered(hand_over_no), seconds=seconds)
    refusal = order.hand_over(hand_over_no).refusal
    is_known = order.is_answered(hand_over_no) or not is_exchange
    return decided(asked, answer, order_no, refusal=refusal, is_known=is_known)


async def _request(desk: DeviceDesk, order: DeviceOrder, form: HandOverForm, actor: Actor) -> HandOverRequest:
    """Read what the rule needs; raises NotFound and Forbidden."""
    catalogue = await desk.devices.catalogue_for((), care_unit=order.care_unit, patient_ref=order.patient_ref)
    return HandOverRequest(
        on=form.handed_over_on or desk.clock.today(),
        reason=form.reason,
        lines=tuple([await _goods(desk, each, catalogue, order, actor) for each in form.lines]),
        by=actor.sub,
        at=desk.clock.now(),
        catalogue=catalogue,
        storeroom_no=form.storeroom_no,
    )


async def _goods(
    desk: DeviceDesk, form: GoodsForm, catalogue: DeviceCatalogue, order: DeviceOrder, actor: Actor
) -> Goods:
    old = form.exchange
    if old is None:
        return form.goods()
    exchange = await desk.exchange(
        old.device_no, old.disposition, catalogue, patient_ref=order.patient_ref, actor=actor
    )
    return replace(form.goods(), exchange=exchange)


async def _olds(
    collecting: Collecting, form: HandOverForm, request: HandOverRequest, order: DeviceOrder, actor: Actor
) -> tuple[OldDevice, ...]:
    """Read the collection orders of the devices that are exchanged and collected."""
    found: list[OldDevice] = []
    for said, goods in zip(form.lines, request.lines, strict=True):
        wish = wish_of(
            said.exchange,
            collecting,
            goods.exchange,
            patient_ref=order.patient_ref,
            care_unit=order.care_unit,
            by_name=actor.name,
        )
        old = await old_device(collecting, goods.exchange, request.catalogue, wish, actor, is_kept=True)
        found += [old] if old else []
    return tuple(found)


def _kept(order: DeviceOrder, *_: object) -> HandOverKept:
    return HandOverKept(order_no=order.order_no, hand_over_no=order.hand_overs[-1].hand_over_no)
