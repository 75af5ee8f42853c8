"""Routes that show tracked devices, and what a patient has and had on loan (S158, S175, S176)."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.inventory.api.device_views import DeviceCard, DeviceView, card
from services.inventory.api.forms import StoreroomNo
from services.inventory.application.register import Register
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan, LoanState
from services.inventory.repository.collections import DEVICES, LOANS
from shared.auth.rule import EVERY_UNIT
from shared.http import Ask, Forbidden, Pages, Router, View
from shared.http.ids import ArticleNo, DeviceNo, PatientRef


class ExchangedView(View):
    """A device that the patient had before under the same loan."""

    device_no: str
    through: date


class LoanView(View):
    """A device that a patient has or had."""

    loan_id: str
    device_no: str
    label: str
    """What stands on its label now (Q12)."""
    article_no: str
    article_name: str
    product_area: str
    care_unit: str
    order_no: str
    line_no: int
    handed_out_on: date
    state: LoanState
    returned_on: date | None
    exchanged: list[ExchangedView]
    """What the patient had before; loan, fee and day 0 continued (Q48)."""


def routes(register: Register) -> Router:
    router = Router("inventory", tags=["devices"])
    warehouse = register.warehouse
    repository = warehouse.repository

    @router.get("/devices/{device_no}")
    async def get_device(device_no: DeviceNo, ask: Ask) -> DeviceCard:
        """Show a device, found also by a number that it had before (Q12)."""
        device = await register.device_for(device_no, ask.actor)
        loan = await repository.get(LOANS.maybe(device.loan_id)) if device.loan_id else None
        if loan is None or not ask.actor.covers(area=loan.product_area, unit=loan.care_unit):
            return await _card(device, ask, loan=None, patient_ref=None)
        patient_ref = (await warehouse.patient(loan.patient_ref)).patient_ref
        await repository.note(ask, [patient_ref])
        return await _card(device, ask, loan=loan, patient_ref=patient_ref)

    async def _card(device: Device, ask: Ask, *, loan: Loan | None, patient_ref: str | None) -> DeviceCard:
        (known,) = await register.known([device])
        labels = await register.queries.labels_of(device.device_no)
        names = await warehouse.names(each.article_no for each in device.components)
        return card(known, ask.language, labels=labels, names=names, loan=loan, patient_ref=patient_ref)

    @router.get("/storerooms/{storeroom_no}/devices")
    async def list_devices(
        storeroom_no: StoreroomNo,
        ask: Ask,
        pages: Pages,
        article_no: Annotated[ArticleNo | None, Query()] = None,
    ) -> list[DeviceView]:
        """List the devices that lie in a storeroom, by number: all of them, or those of an article."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        page = await warehouse.queries.devices_in(storeroom_no, article_no=article_no, after=pages.after)
        return [DeviceView.of(each, ask.language) for each in await register.known(pages.shown(page))]

    @router.get("/patients/{patient_ref}/loans")
    async def list_loans(patient_ref: PatientRef, ask: Ask, pages: Pages) -> list[LoanView]:
        """List what the patient has and has returned, the newest first; what was a mistake is no loan."""
        if ask.actor.has("patient") and patient_ref != ask.actor.patient_ref:
            raise Forbidden
        areas = None if ask.actor.has("patient", *EVERY_UNIT) else ask.actor.product_areas
        patient = await warehouse.patient(patient_ref)
        page = await warehouse.queries.loans_of(patient.refs, product_areas=areas, after=pages.after)
        loans = pages.shown(page)
        await repository.note(ask, [patient.patient_ref])
        names = await warehouse.names([each.article_no for each in loans])
        devices = await repository.get(DEVICES.maybe_many([each.device_no for each in loans]))
        labels = {each.device_no: each.number_on_label for each in devices if each}
        return [_loan_shown(each, names, labels) for each in loans]

    return router


def _loan_shown(loan: Loan, names: dict[str, str], labels: dict[str, str]) -> LoanView:
    return LoanView(
        loan_id=loan.loan_id,
        device_no=loan.device_no,
        label=labels.get(loan.device_no, loan.device_no),
        article_no=loan.article_no,
        article_name=names[loan.article_no],
        product_area=loan.product_area,
        care_unit=loan.care_unit,
        order_no=loan.order_no,
        line_no=loan.line_no,
        handed_out_on=loan.handed_out_on,
        state=loan.state,
        returned_on=loan.returned_on,
        exchanged=[ExchangedView(device_no=each.device_no, through=each.through) for each in loan.exchanged],
    )
