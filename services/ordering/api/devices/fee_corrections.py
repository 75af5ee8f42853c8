"""Routes that correct yes or no to the fee of a device order's line: one asks, another decides (S97)."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal, cast

from fastapi import Path, Query, Response
from pydantic import Field

from services.ordering.api.devices.forms import PlaceCode
from services.ordering.api.devices.part_views import DeviceFeeView
from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.devices.fee_correction import (
    FeeCorrection,
    FeeRequest,
    approve_fee_correction,
    ask_fee_correction,
    correction_id,
    decline_fee_correction,
)
from services.ordering.repository.collections import DEVICE_ORDERS, FEE_CORRECTIONS
from shared.http import Ask, Asked, Forbidden, Pages, ReasonText, Request, Router, View
from shared.http.numbers import OrderNo

LineNo = Annotated[int, Path(ge=1, le=999)]


Pays = Annotated[bool, Field(strict=True)]


class FeeCorrectionForm(Request):
    """Whether the patient pays for the line after all, and why; name nobody in the reason."""

    pays: Pays
    reason: ReasonText


class FeeCorrectionApproved(Request):
    """What the second person approves: the yes or no that was read."""

    pays: Pays


class FeeCorrectionView(View):
    """A request about the fee of one line."""

    order_no: str
    line_no: int
    fee: DeviceFeeView | None
    """What the patient pays when it is approved; null: nothing."""
    reason: str
    state: Literal["asked", "approved", "declined"]
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, correction: FeeCorrection | None, *_: object) -> "FeeCorrectionView":
        known = cast("FeeCorrection", correction)
        return cls(
            order_no=known.order_no,
            line_no=known.line_no,
            fee=DeviceFeeView.of(known.fee),
            reason=known.reason,
            state=known.state,
            asked_by=known.asked_by,
            asked_at=known.asked_at,
            decided_by=known.decided_by,
            decided_at=known.decided_at,
        )


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", tags=["device orders"])
    _asking(router, desk)
    _deciding(router, desk)

    @router.get("/device-fee-corrections")
    async def list_fee_corrections(
        care_unit: Annotated[PlaceCode, Query()], ask: Ask, pages: Pages
    ) -> list[FeeCorrectionView]:
        """List what waits for a second person at a care unit, the oldest first (S97)."""
        if not ask.actor.covers(unit=care_unit):
            raise Forbidden("not-your-unit")
        found = pages.shown(await desk.devices.fee_corrections_waiting(care_unit, after=pages.after))
        seen = [each for each in found if ask.actor.covers(area=each.product_area)]
        orders = await desk.repository.get(DEVICE_ORDERS.many([each.order_no for each in seen]))
        await desk.repository.note(ask, [each.patient_ref for each in orders])
        return [FeeCorrectionView.of(each) for each in seen]

    return router


PATH = "/device-orders/{order_no}/lines/{line_no}/fee-correction"


def _asking(router: Router, desk: DeviceDesk) -> None:
    @router.post(PATH, response_model=FeeCorrectionView, status_code=201)
    async def ask_for_fee_correction(
        order_no: OrderNo, line_no: LineNo, form: FeeCorrectionForm, asked: Asked
    ) -> Response:
        """Ask for yes or no to be corrected, as who placed the order or its prescriber (S97)."""
        order = await desk.order_for(order_no, asked.actor)
        request = FeeRequest(line_no, form.pays, form.reason, asked.actor.sub, desk.clock.now())
        catalogue = await desk.devices.catalogue_for(
            [each.line for each in order.lines], care_unit=order.care_unit, patient_ref=order.patient_ref
        )
        rule = partial(ask_fee_correction, asked=request, catalogue=catalogue)
        refs = FEE_CORRECTIONS.maybe(correction_id(order_no, line_no)) & DEVICE_ORDERS.ref(order_no)
        answer = await desk.repository.change(refs, rule, cause=asked.cause, reply=FeeCorrectionView.of)
        return asked.answered(answer, 201)


def _deciding(router: Router, desk: DeviceDesk) -> None:
    @router.post(f"{PATH}/approve", response_model=FeeCorrectionView)
    async def approve_fee_correction_of_line(
        order_no: OrderNo, line_no: LineNo, form: FeeCorrectionApproved, asked: Asked
    ) -> Response:
        """Approve as a second person; billing removes, credits or adds the fee (S97)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(approve_fee_correction, pays=form.pays, by=asked.actor.sub, at=desk.clock.now())
        refs = FEE_CORRECTIONS.ref(correction_id(order_no, line_no)) & DEVICE_ORDERS.ref(order_no)
        answer = await desk.repository.change(refs, rule, cause=asked.cause, reply=FeeCorrectionView.of)
        return asked.answered(answer)

    @router.post(f"{PATH}/decline", response_model=FeeCorrectionView)
    async def decline_fee_correction_of_line(order_no: OrderNo, line_no: LineNo, asked: Asked) -> Response:
        """Leave the fee as it is; who asked may take the request back too (S97)."""
        await desk.order_for(order_no, asked.actor)
        rule = partial(decline_fee_correction, by=asked.actor.sub, at=desk.clock.now())
        refs = FEE_CORRECTIONS.ref(correction_id(order_no, line_no)) & DEVICE_ORDERS.ref(order_no)
        answer = await desk.repository.change(refs, rule, cause=asked.cause, reply=FeeCorrectionView.of)
        return asked.answered(answer)
