"""Routes of maintenance swaps: arranged, set, reported, received, corrected and annulled (S132, Q56)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Response

from services.inventory.api.swaps.forms import (
    SwapAnnulForm,
    SwapCameForm,
    SwapCorrectionForm,
    SwapForm,
    SwapResultsForm,
)
from services.inventory.api.swaps.views import SwapPreview, SwapView, shown
from services.inventory.application.swaps import Shown, Swaps
from services.inventory.domain.devices.receiving import demand_once
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.swaps.arranging import against_swap, arrange_swap
from services.inventory.domain.swaps.correcting import Corrected, annul_swap, correct_result
from services.inventory.domain.swaps.receiving import receive_swapped
from services.inventory.domain.swaps.results import (
    RowResult,
    SwapReport,
    note_settings_ready,
    register_results,
)
from services.inventory.repository.collections import DEVICE_ORDERS
from shared.http import Ask, Asked, Pages, Router
from shared.http.language import said
from shared.http.models import Reason
from shared.http.numbers import SwapNo


def routes(swaps: Swaps) -> Router:
    router = Router("inventory", prefix="/device-swaps", tags=["maintenance"])
    _arranging(router, swaps)
    _looking(router, swaps)
    _registering(router, swaps)
    _correcting(router, swaps)
    return router


def _arranging(router: Router, swaps: Swaps) -> None:
    @router.post("/preview")
    async def preview_device_swap(form: SwapForm, ask: Ask) -> SwapPreview:
        """Try a swap: every reason against it; nothing is kept."""
        tried = await swaps.tried(form.wanted(), ask.actor)
        found = against_swap(tried.devices, tried.loans, asked=tried.asked)
        reasons = [
            Reason(rule=each.rule, detail=said(each.said, ask.language), facts=each.facts) for each in found
        ]
        return SwapPreview(allowed=not reasons, reasons=reasons)

    @router.post("", response_model=SwapView, status_code=201)
    async def arrange_device_swap(form: SwapForm, asked: Asked) -> Response:
        """Arrange it: new devices are reserved for the patient, and each old one has its job."""
        if (kept := await swaps.repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept, 201)
        tried = await swaps.tried(form.wanted(), asked.actor)
        number, jobs = await swaps.numbers(len(tried.devices))
        wanted = replace(tried.asked, swap_no=number, job_nos=jobs)
        refs = swaps.refs_of_arranging(wanted, tried.devices)
        reply = _shown(await swaps.names_for(tried), asked)
        answer = await swaps.repository.change(
            refs, partial(arrange_swap, asked=wanted), cause=asked.cause, reply=reply
        )
        return asked.answered(answer, 201)


def _looking(router: Router, swaps: Swaps) -> None:
    @router.get("")
    async def list_device_swaps(ask: Ask, pages: Pages) -> list[SwapView]:
        """List the swaps of which something is missing, the oldest first: of the own warehouse or unit."""
        found = pages.shown(await swaps.open(ask.actor, after=pages.after))
        return shown(await swaps.shown(found), ask.language)

    @router.get("/{swap_no}")
    async def get_device_swap(swap_no: SwapNo, ask: Ask) -> SwapView:
        """Show a swap: each device with its result and what is missing."""
        order = await swaps.swap_for(swap_no, ask.actor)
        return shown(await swaps.shown([order]), ask.language)[0]


def _registering(router: Router, swaps: Swaps) -> None:
    @router.post("/{swap_no}/settings-ready", response_model=SwapView)
    async def register_swap_settings(swap_no: SwapNo, asked: Asked) -> Response:
        """Register at the unit that the new devices are set for the patient and can be fetched."""
        order = await swaps.of_unit(swap_no, asked.actor)
        rule = partial(note_settings_ready, by=asked.actor.sub, at=swaps.warehouse.clock.now())
        ref = DEVICE_ORDERS.ref(order.order_no, if_version=asked.if_match)
        reply = _shown(await swaps.shown([order]), asked)
        return asked.answered(await swaps.repository.change(ref, rule, cause=asked.cause, reply=reply))

    @router.post("/{swap_no}/results", response_model=SwapView)
    async def register_swap_results(swap_no: SwapNo, form: SwapResultsForm, asked: Asked) -> Response:
        """Register how it went: a loan continues with the new device, or the old one stays (Q48)."""
        results = tuple(
            [
                RowResult(await swaps.number_known_by(each.device_no), each.result, each.why)
                for each in form.devices
            ]
        )
        demand_once([each.device_no for each in results])
        report = SwapReport(results, form.swapped_on, asked.actor.sub, swaps.warehouse.clock.now())
        return await _changed(swaps, swap_no, asked, partial(register_results, report=report))

    @router.post("/{swap_no}/receive", response_model=SwapView)
    async def receive_swapped_devices(swap_no: SwapNo, form: SwapCameForm, asked: Asked) -> Response:
        """Take in the old devices that the transport brought: each on the shelf, set apart or scrapped."""
        if (kept := await swaps.repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        order = await swaps.arranged_by(swap_no, asked.actor)
        scanned = [each.scanned() for each in form.devices]
        came, refs = await swaps.came(order, scanned, nothing_more=form.nothing_more, by=asked.actor.sub)
        reply = _shown(await swaps.shown([order]), asked)
        rule = partial(receive_swapped, came=came)
        answer = await swaps.repository.change(
            refs, rule, cause=asked.cause, reply=lambda orders, devices, *_: reply(orders[0], devices)
        )
        await swaps.warehouse.give_to_waiting(order.storeroom_no, came.put_back)
        return asked.answered(answer)


def _correcting(router: Router, swaps: Swaps) -> None:
    @router.post("/{swap_no}/correct", response_model=SwapView)
    async def correct_swap_result(swap_no: SwapNo, form: SwapCorrectionForm, asked: Asked) -> Response:
        """Take back what was registered of one device, while neither of the two has moved on."""
        number = await swaps.number_known_by(form.device_no)
        corrected = Corrected(form.reason, asked.actor.sub, swaps.warehouse.clock.now())
        rule = partial(correct_result, device_no=number, corrected=corrected)
        return await _changed(swaps, swap_no, asked, rule)

    @router.post("/{swap_no}/annul", response_model=SwapView)
    async def annul_device_swap(swap_no: SwapNo, form: SwapAnnulForm, asked: Asked) -> Response:
        """End a swap of which nothing is registered: what was sent comes back, and all stays on loan."""
        annulled = Corrected(form.reason, asked.actor.sub, swaps.warehouse.clock.now())
        return await _changed(swaps, swap_no, asked, partial(annul_swap, annulled=annulled))


async def _changed(swaps: Swaps, swap_no: str, asked: Asked, rule: Callable[..., Any]) -> Response:
    """Change a swap with its devices, loans and the warehouse's balances in one transaction."""
    order = await swaps.arranged_by(swap_no, asked.actor)
    reply = _shown(await swaps.shown([order]), asked)
    refs = swaps.refs_of(order, if_version=asked.if_match)
    answer = await swaps.repository.change(refs, rule, cause=asked.cause, reply=reply)
    await swaps.warehouse.give_to_waiting(order.storeroom_no, order.articles)
    return asked.answered(answer)


def _shown(found: Shown, asked: Asked) -> Callable[..., SwapView]:
    """Give what shows a changed swap, with its devices as they are then and names that were read before."""

    def view(changed: DeviceOrder | None, devices: Any = (), *_: object) -> SwapView:
        if changed is None:
            raise LookupError("a swap is kept")
        known = {**found.devices, **{each.device_no: each for each in devices if each}}
        return shown(replace(found, orders=(changed,), devices=known), asked.language)[0]

    return view
