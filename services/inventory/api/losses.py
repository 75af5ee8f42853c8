"""The route that reports a patient's device as stolen, lost or damaged by carelessness (S181, Q57)."""

from datetime import date, datetime
from functools import partial

from fastapi import Response

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.returns.losing import How, Loss, LossReport, loss_id, report_loss
from services.inventory.domain.stocktakes.limits import piece_value
from services.inventory.repository.collections import (
    ARTICLES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    LOSSES,
    MOVEMENTS,
)
from shared.domain.money import Money
from shared.fields import Day
from shared.http import Asked, Forbidden, ReasonText, Request, Router, View
from shared.http.ids import DeviceNo, PatientRef


class LossForm(Request):
    """What happened to a patient's device; name nobody in the reason."""

    patient_ref: PatientRef
    how: How
    happened_on: Day
    reason: ReasonText


class LossView(View):
    """A report; an economist proposes the compensation, and another decides about it."""

    loss_no: str
    device_no: str
    how: How
    happened_on: date
    reported_at: datetime
    device_state: DeviceState
    """On loan still when it is damaged: it is collected (Q57)."""

    @classmethod
    def of(cls, report: LossReport | None, device: Device, *_: object) -> "LossView":
        if report is None:
            raise LookupError("a report is kept")
        return cls(
            loss_no=report.loss_no,
            device_no=report.device_no,
            how=report.how,
            happened_on=report.happened_on,
            reported_at=report.at,
            device_state=device.state,
        )


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["devices"])
    repository = warehouse.repository

    @router.post("/devices/{device_no}/losses", response_model=LossView, status_code=201)
    async def report_device_loss(device_no: DeviceNo, form: LossForm, asked: Asked) -> Response:
        """Report it: stolen and lost end the loan, damaged is collected; a fee goes on (S181, Q57)."""
        device = await warehouse.device(device_no)
        patient = await warehouse.patient(form.patient_ref)
        loan = await repository.get(LOANS.maybe(device.loan_id)) if device.loan_id else None
        mine = loan is not None and loan.patient_ref in patient.refs
        if loan and mine and not asked.actor.covers(area=loan.product_area, unit=loan.care_unit):
            raise Forbidden("not-your-unit", patient_refs=(loan.patient_ref,))
        loss = Loss(
            loss_no=await repository.next_number("E", year=warehouse.clock.today().year),
            patient_refs=patient.refs,
            how=form.how,
            happened_on=form.happened_on,
            reason=form.reason,
            by=asked.actor.sub,
            at=warehouse.clock.now(),
            price=await _price(device),
        )
        named = device.loan_id or device.device_no
        refs = (
            LOSSES.maybe(loss_id(named, device.device_no))
            & DEVICES.ref(device.device_no)
            & LOANS.maybe(named)
            & DEVICE_ORDERS.many([device.order_no] if device.order_no else [])
            & MOVEMENTS.maybe(loss.loss_no)
        )
        answer = await repository.change(
            refs, partial(report_loss, loss=loss), cause=asked.cause, reply=LossView.of
        )
        return asked.answered(answer, 201)

    async def _price(device: Device) -> Money | None:
        article = await repository.get(ARTICLES.maybe(device.article_no))
        return piece_value(article) if article else None

    return router
