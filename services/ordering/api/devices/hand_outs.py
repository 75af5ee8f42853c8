"""Routes that hand out a device from an own storeroom by its number, and take back a mistake (Q41, Q51)."""

import json
from dataclasses import replace
from functools import partial
from typing import cast

from fastapi import Response

from services.ordering.api.devices.answers import DECIDED_BY_INVENTORY, decided
from services.ordering.api.devices.forms import MistakeForm
from services.ordering.api.devices.hand_out_forms import HandOutForm, wish_of
from services.ordering.api.devices.line_views import HandOutPreview, line_shown
from services.ordering.api.devices.views import DeviceOrderKept, DeviceOrderView
from services.ordering.application.attachments import files_named
from services.ordering.application.collecting import Collecting
from services.ordering.application.devices import DeviceDesk, demand_areas
from services.ordering.application.exchanging import old_device, reasons_against, with_collection
from services.ordering.domain.collecting.exchanging import OldDevice, exchange_and_collect
from services.ordering.domain.devices.attaching import hand_out_with_files, named_by
from services.ordering.domain.devices.attachments import demand_free
from services.ordering.domain.devices.hand_out import HandOutRequest, against_hand_out, take_back
from services.ordering.domain.devices.lines import Line, with_components
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.devices.other_region import other_region_warnings
from services.ordering.domain.devices.placing import Placing
from services.ordering.repository.collections import (
    ALLOWANCES,
    ATTACHMENTS,
    COLLECTION_ORDERS,
    DEVICE_LOANS,
    DEVICE_ORDERS,
)
from shared.auth.actor import Actor
from shared.domain.decision import Refused, refuse_any
from shared.http import Ask, Asked, Router, reasons_of
from shared.http.language import said
from shared.http.numbers import OrderNo

TAKEN_BACK_WITHIN_SECONDS = 2.0
"""Inventory decides whether a hand-out can be undone (Q41, Q51)."""


def routes(desk: DeviceDesk, collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/hand-outs", tags=["hand-outs"])
    _preview(router, desk, collecting)
    _handing_out(router, desk, collecting)
    _mistaken(router, desk)
    return router


def _preview(router: Router, desk: DeviceDesk, collecting: Collecting) -> None:
    @router.post("/preview")
    async def preview_hand_out(form: HandOutForm, ask: Ask) -> HandOutPreview:
        """Run the rules of a hand-out without making it, and show the device and what fits it (N1)."""
        request = await _request(desk, form, ask.actor)
        demand_free(await desk.repository.get(ATTACHMENTS.many(sorted(named_by((request.line,))))))
        patient_ref = request.placing.patient_ref
        await desk.repository.note(ask, [patient_ref])
        allowance = await desk.repository.get(ALLOWANCES.maybe(patient_ref))
        refused: Refused | None = None
        old = await _old(collecting, form, request, ask.actor, is_kept=False)
        of_the_old = await reasons_against(collecting, old, care_unit=form.care_unit) if old else ()
        try:
            refuse_any((*against_hand_out(allowance, request, on=request.placing.on), *of_the_old))
        except Refused as found:
            refused = found
        line = line_shown(request.line, request.catalogue, desk.seals, on=request.placing.on)
        warnings = other_region_warnings(allowance.person if allowance else None)
        return HandOutPreview(
            allowed=refused is None,
            reasons=reasons_of(refused, ask.language),
            line=line,
            warnings=[said(each, ask.language) for each in warnings],
        )


def _handing_out(router: Router, desk: DeviceDesk, collecting: Collecting) -> None:
    @router.post(
        "",
        response_model=DeviceOrderView,
        responses=DECIDED_BY_INVENTORY,
    )
    async def hand_out_device(form: HandOutForm, asked: Asked) -> Response:
        """Hand out a device by its number: made, refused, or not yet known after two seconds (Q41)."""
        request = await _request(desk, form, asked.actor)
        number = await desk.repository.next_number("B", year=desk.clock.today().year)
        refs = (
            DEVICE_ORDERS.maybe(number)
            & ALLOWANCES.maybe(request.placing.patient_ref)
            & ATTACHMENTS.many(sorted(named_by((request.line,))))
        )
        old = await _old(collecting, form, request, asked.actor, is_kept=True)
        if old is None:
            rule = partial(hand_out_with_files, request=request, order_no=number)
            answer = await desk.repository.change(refs, rule, cause=asked.cause, reply=_kept)
        else:
            both = refs & COLLECTION_ORDERS.maybe(old.collection_no) & DEVICE_LOANS.maybe(old.loan_id)
            named = with_collection(request, old)
            swap = partial(exchange_and_collect, request=named, order_no=number, old=old)
            answer = await desk.repository.change(both, swap, cause=asked.cause, reply=_kept)
        (order,) = await desk.kept(answer.states[:1], [json.loads(answer.body)["order_no"]])
        order = await desk.answered(order)
        view = DeviceOrderView.of(order, catalogue=await desk.catalogue_of((order,)), language=asked.language)
        return decided(
            asked,
            replace(answer, body=view.model_dump_json()),
            order.order_no,
            refusal=order.refusal if order.state == "refused" else None,
            is_known=order.state != "requested",
        )


def _mistaken(router: Router, desk: DeviceDesk) -> None:
    @router.post("/{order_no}/mistaken", response_model=DeviceOrderKept, responses=DECIDED_BY_INVENTORY)
    async def take_back_hand_out(order_no: OrderNo, form: MistakeForm, asked: Asked) -> Response:
        """Take back a hand-out that was registered by mistake: goods and fee are as before (Q51)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(take_back, by=asked.actor.sub, at=desk.clock.now(), reason=form.reason)
        answer = await desk.repository.change(
            DEVICE_ORDERS.ref(order_no, if_version=asked.if_match),
            rule,
            cause=asked.cause,
            reply=_kept,
        )
        (order,) = await desk.kept(answer.states, (order_no,))
        order = await desk.waited(
            order, until=lambda known: known.is_mistake_decided, seconds=TAKEN_BACK_WITHIN_SECONDS
        )
        return decided(
            asked, answer, order_no, refusal=order.mistake_refusal, is_known=order.is_mistake_decided
        )


async def _request(desk: DeviceDesk, form: HandOutForm, actor: Actor) -> HandOutRequest:
    """Read what the rules need; the device says article and storeroom (Q52). Raises NotFound, Forbidden."""
    patient_ref = await desk.ordering.present_ref(form.patient_ref)
    placing = await desk.placing(
        actor, patient_ref=patient_ref, care_unit=form.care_unit, prescriber=form.prescriber
    )
    line = await _line(desk, form, placing)
    catalogue = await desk.catalogue((line,), placing)
    demand_areas(actor, catalogue, (line,), patient_ref=patient_ref)
    if (old := form.exchange) is not None:
        exchange = await desk.exchange(
            old.device_no, old.disposition, catalogue, patient_ref=patient_ref, actor=actor
        )
        line = replace(line, exchange=exchange)
    article = catalogue.articles.get(line.article_no)
    if article is not None:
        added = [each.chosen() for each in form.components]
        line = with_components(line, article, added=added, removed=form.removed)
    approval = form.approval.approval() if form.approval else None
    return HandOutRequest(placing, line, catalogue, await desk.devices.rules(), approval)


async def _old(
    collecting: Collecting, form: HandOutForm, request: HandOutRequest, actor: Actor, *, is_kept: bool
) -> OldDevice | None:
    """Read the collection order of a device that is exchanged, as the form says it."""
    placing, exchange = request.placing, request.line.exchange
    wish = wish_of(
        form.exchange,
        collecting,
        exchange,
        patient_ref=placing.patient_ref,
        care_unit=placing.care_unit,
        by_name=placing.placed_by_name,
    )
    return await old_device(collecting, exchange, request.catalogue, wish, actor, is_kept=is_kept)


async def _line(desk: DeviceDesk, form: HandOutForm, placing: Placing) -> Line:
    device = await desk.devices.device(form.device_no)
    patient_ref, by = placing.patient_ref, placing.placed_by
    files = await files_named(desk.repository, form.attachments, patient_ref=patient_ref, by=by)
    return Line(
        line_no=1,
        article_no=device.article_no,
        source="storeroom",
        storeroom_no=device.storeroom_no,
        device_no=device.device_no,
        fee=form.fee,
        comment=desk.seals.seal(form.comment) if form.comment else None,
        is_additional=form.is_additional,
        attachments=tuple(each.file for each in files),
    )


def _kept(order: DeviceOrder | None, *_: object) -> DeviceOrderKept:
    return DeviceOrderKept(order_no=cast("DeviceOrder", order).order_no)
