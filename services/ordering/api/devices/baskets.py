"""Routes of the basket: begin it, add, change and remove lines, review all, send (Q49, S80 to S103)."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import Path, Response

from services.ordering.api.devices.basket_forms import BasketForm, BasketLineForm, LineChangeForm
from services.ordering.api.devices.basket_views import (
    BasketBrief,
    BasketKept,
    BasketView,
    SentBasket,
    SentKept,
    basket_shown,
)
from services.ordering.api.devices.line_views import LinePreview, line_shown
from services.ordering.api.devices.views import DeviceOrderView
from services.ordering.application.baskets import Baskets
from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.devices.attaching import change_with_files, named_by, send_with_files
from services.ordering.domain.devices.basket import (
    Basket,
    add_line,
    arrange,
    basket_id,
    change_line,
    give_up,
    remove_line,
)
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.devices.sending_basket import against_basket, places_of
from services.ordering.repository.collections import (
    ALLOWANCES,
    ATTACHMENTS,
    BASKETS,
    DEVICE_ARTICLES,
    DEVICE_ORDERS,
)
from shared.domain.decision import Decision, Refused, refuse_any
from shared.http import Ask, Asked, Pages, Router, reasons_of
from shared.http.ids import PatientRef

LineNo = Annotated[int, Path(ge=1, le=9999)]


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", prefix="/device-baskets", tags=["device baskets"])
    baskets = Baskets(desk)
    _beginning(router, baskets)
    _lines(router, baskets)
    _previewing(router, baskets)
    _changing_lines(router, baskets)
    _looking(router, baskets)
    _sending(router, baskets)
    return router


def _beginning(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.put("/{patient_ref}", response_model=BasketKept)
    async def put_device_basket(patient_ref: PatientRef, form: BasketForm, asked: Asked) -> Response:
        """Begin a basket for a patient, or change its head; its lines stay as they are (S85)."""
        present_ref = await desk.ordering.present_ref(patient_ref)
        placing = await desk.placing(
            asked.actor, patient_ref=present_ref, care_unit=form.care_unit, prescriber=form.prescriber
        )
        delivery = baskets.delivery(
            form.delivery(), receiver_name=form.receiver_name, address=form.to_address()
        )
        rule = partial(
            arrange,
            patient_ref=present_ref,
            owner=asked.actor.sub,
            head=form.head(delivery, prescriber=placing.prescriber_id),
            at=placing.at,
        )
        answer = await desk.repository.change(
            BASKETS.maybe(basket_id(asked.actor.sub, present_ref)),
            rule,
            cause=asked.cause,
            reply=BasketKept.of,
        )
        return asked.answered(answer)

    @router.post("/{patient_ref}/empty", response_model=BasketKept)
    async def empty_device_basket(patient_ref: PatientRef, asked: Asked) -> Response:
        """Give up what lies in the basket; nothing of it was ordered (S85)."""
        return await _changed(baskets, patient_ref, asked, partial(give_up, at=desk.clock.now()))


def _lines(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.post("/{patient_ref}/lines", response_model=BasketKept)
    async def add_device_line(patient_ref: PatientRef, form: BasketLineForm, asked: Asked) -> Response:
        """Add an article, or a device of an own storeroom by its number (S91, S112)."""
        if (kept := await desk.repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)  # the file is on the line by now, as was asked
        basket = await baskets.mine(asked.actor, patient_ref)
        line = await baskets.line(form.line(), basket, asked.actor)
        rule = partial(add_line, line=line, at=desk.clock.now())
        return await _changed(baskets, patient_ref, asked, rule, naming=form.files() or ())


def _previewing(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.post("/{patient_ref}/lines/preview")
    async def preview_device_line(patient_ref: PatientRef, form: BasketLineForm, ask: Ask) -> LinePreview:
        """Show a line before it is saved: what replaces its article, and when it would come (S89)."""
        key = await baskets.key(ask.actor, patient_ref)
        basket = await desk.repository.show(BASKETS.ref(key), asked=ask)
        line = replace(await baskets.line(form.line(), basket, ask.actor), line_no=basket.last_line_no + 1)
        request = await baskets.request(replace(basket, lines=(*basket.lines, line)), ask.actor)
        allowance = await desk.repository.get(ALLOWANCES.maybe(basket.patient_ref))
        refused = found_against(against_basket(allowance, (line,), request, on=request.placing.on))
        planned = await desk.planned.of((line,))
        on, language = request.placing.on, ask.language
        shown = line_shown(line, request.catalogue, desk.seals, on=on, planned=planned.get(line.line_no))
        return LinePreview(allowed=refused is None, reasons=reasons_of(refused, language), line=shown)


def _changing_lines(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.put("/{patient_ref}/lines/{line_no}", response_model=BasketKept)
    async def change_device_line(
        patient_ref: PatientRef, line_no: LineNo, form: LineChangeForm, asked: Asked
    ) -> Response:
        """Change what is named of a line, and keep all else: fee, comment, components (S94)."""
        basket = await baskets.mine(asked.actor, patient_ref)
        line = basket.line(line_no)
        changes, files = baskets.sealed(form.given()), form.files()
        if files is not None:
            changes["attachments"] = await baskets.files(files, basket, changed=line)
        rule = partial(
            change_line,
            line_no=line_no,
            article=await desk.repository.get(DEVICE_ARTICLES.maybe(line.article_no)),
            changes=changes,
            added=form.added(),
            removed=None if form.removed is None else tuple(form.removed),
            at=desk.clock.now(),
        )
        return await _changed(baskets, patient_ref, asked, rule, naming=files or ())

    @router.post("/{patient_ref}/lines/{line_no}/remove", response_model=BasketKept)
    async def remove_device_line(patient_ref: PatientRef, line_no: LineNo, asked: Asked) -> Response:
        """Remove a line (S93)."""
        rule = partial(remove_line, line_no=line_no, at=desk.clock.now())
        return await _changed(baskets, patient_ref, asked, rule)


async def _changed(
    baskets: Baskets,
    patient_ref: str,
    asked: Asked,
    rule: Callable[[Basket], Decision[Basket]],
    *,
    naming: Iterable[str] = (),
) -> Response:
    """Change a basket, and attach and detach the files that its lines name; `naming` are new ones (S88)."""
    refs = await baskets.with_files(asked, patient_ref, naming=naming)
    whole = partial(change_with_files, rule=rule, at=baskets.desk.clock.now())
    answer = await baskets.desk.repository.change(refs, whole, cause=asked.cause, reply=BasketKept.of)
    return asked.answered(answer)


def _looking(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.get("")
    async def list_device_baskets(ask: Ask, pages: Pages) -> list[BasketBrief]:
        """List what the person has begun and not sent, the latest first (S85)."""
        found = pages.shown(await desk.devices.baskets_of(ask.actor.sub, after=pages.after))
        begun = [each for each in found if each.lines]
        await desk.repository.note(ask, [each.patient_ref for each in begun])
        return [
            BasketBrief(patient_ref=each.patient_ref, care_unit=each.head.care_unit, lines=len(each.lines))
            for each in begun
        ]

    @router.get("/{patient_ref}")
    async def get_device_basket(patient_ref: PatientRef, ask: Ask) -> BasketView:
        """Show a basket with everything that sending would give, and every reason against it (S93, N1)."""
        key = await baskets.key(ask.actor, patient_ref)
        basket = await desk.repository.show(BASKETS.ref(key), asked=ask)
        request = await baskets.request(basket, ask.actor)
        allowance = await desk.repository.get(ALLOWANCES.maybe(basket.patient_ref))
        refused = found_against(against_basket(allowance, basket.lines, request, on=request.placing.on))
        return basket_shown(
            basket,
            request,
            person=allowance.person if allowance else None,
            refused=refused,
            language=ask.language,
            seals=desk.seals,
            planned=await desk.planned.of(basket.lines),
        )


def _sending(router: Router, baskets: Baskets) -> None:
    desk = baskets.desk

    @router.post("/{patient_ref}/send", response_model=SentBasket)
    async def send_device_basket(patient_ref: PatientRef, asked: Asked) -> Response:
        """Order what lies in the basket: one order for each place it is taken from (Q49, S103)."""
        basket = await baskets.mine(asked.actor, patient_ref)
        request = await baskets.request(basket, asked.actor)
        numbers = tuple(await baskets.numbers(len(places_of(basket.lines, request.catalogue))))
        refs = (
            BASKETS.ref(basket_id(basket.owner, basket.patient_ref), if_version=asked.if_match)
            & ALLOWANCES.maybe(basket.patient_ref)
            & DEVICE_ORDERS.maybe_many(numbers)
            & ATTACHMENTS.many(sorted(named_by(basket.lines)))
        )
        rule = partial(send_with_files, request=request, order_nos=numbers)
        answer = await desk.repository.change(
            refs, rule, cause=asked.cause, reply=lambda _basket, _person, orders, _files: _kept(orders)
        )
        stored = answer.states[2] if answer.states else ()
        sent = await desk.kept(stored, json.loads(answer.body)["order_nos"])
        # Wait for the answers to hand-outs among them, all at once (Q41).
        orders = await asyncio.gather(*(desk.answered(each) for each in sent))
        catalogue = await desk.catalogue_of(orders)
        views = [DeviceOrderView.of(each, catalogue=catalogue, language=asked.language) for each in orders]
        return asked.answered(replace(answer, body=SentBasket(orders=views).model_dump_json()))


def found_against(reasons: Iterable[Refused]) -> Refused | None:
    """Give all reasons as one refusal, as a rule would raise it; None without any (N1)."""
    try:
        refuse_any(reasons)
    except Refused as found:
        return found
    return None


def _kept(orders: tuple[DeviceOrder | None, ...]) -> SentKept:
    return SentKept(order_nos=[each.order_no for each in orders if each])
