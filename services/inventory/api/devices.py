"""Routes that show tracked devices, and what a patient has and had on loan (S158, S175, S176)."""

from datetime import date
from typing import Literal

from services.inventory.api.forms import StoreroomNo
from services.inventory.application.warehouse import Warehouse, works_at
from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device, DeviceState, Owner
from services.inventory.domain.devices.loan import Loan, LoanState
from services.inventory.domain.goods.balance import balance_id
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICES,
    LOANS,
    STOREROOMS,
)
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.decision import NotFound
from shared.http import Ask, Forbidden, Pages, Router, View
from shared.http.ids import DeviceNo, PatientRef

StockStatus = Literal["available", "reserved", "not_in_stock", "set_apart"]


class ComponentView(View):
    """A counted component that is on the device."""

    article_no: str
    quantity: int
    lot: str


class DeviceView(View):
    """A device as a list shows it."""

    device_no: str
    label: str
    """What stands on its label; others of its numbers are found too (Q12)."""
    article_no: str
    article_name: str
    state: DeviceState
    stock_status: StockStatus
    storeroom_no: str | None
    storeroom_name: str | None
    owner: Owner
    serial_no: str | None


class DeviceCard(DeviceView):
    """Everything about one device (S176); order and patient only for who works at that care unit."""

    supplier_article_no: str
    purchased_on: date | None
    purchase_price: str | None
    """SEK, at the purchase."""
    components: list[ComponentView]
    former_numbers: list[str]
    replaces: str | None
    """The device that the supplier took back for this one (Q12)."""
    order_no: str | None
    loan_id: str | None
    patient_ref: str | None


class ExchangedView(View):
    """A device that the patient had before under the same loan."""

    device_no: str
    through: date


class LoanView(View):
    """A device that a patient has or had."""

    loan_id: str
    device_no: str
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


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["devices"])
    repository = warehouse.repository

    @router.get("/devices/{device_no}")
    async def get_device(device_no: DeviceNo, ask: Ask) -> DeviceCard:
        """Show a device, found also by a number that it had before (Q12)."""
        device = await warehouse.device(device_no)
        loan = await repository.get(LOANS.maybe(device.loan_id)) if device.loan_id else None
        if not await may_see(device, loan, ask.actor, warehouse):
            raise NotFound(DEVICES.noun, device_no)
        is_theirs = loan is not None and ask.actor.covers(area=loan.product_area, unit=loan.care_unit)
        if loan is not None and is_theirs:
            await repository.note(ask, [(await warehouse.patient(loan.patient_ref)).patient_ref])
        return await _card(device, loan if is_theirs else None, warehouse)

    @router.get("/storerooms/{storeroom_no}/devices")
    async def list_devices(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[DeviceView]:
        """List the devices that lie in a storeroom, by number."""
        await warehouse.storeroom_for(storeroom_no, ask.actor)
        page = await warehouse.queries.devices_in(storeroom_no, after=pages.after)
        return [DeviceView(**await _shown(each, warehouse)) for each in pages.shown(page)]

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
        return [_loan_shown(each, names) for each in loans]

    return router


async def may_see(device: Device, loan: Loan | None, actor: Actor, warehouse: Warehouse) -> bool:
    """Whoever works where it lies, or at the unit whose patient has it; the warehouse and service see all."""
    if actor.has("customer_service", "store_keeper", "technician", "economist"):
        return True
    if device.storeroom_no is not None:
        storeroom = await warehouse.repository.get(STOREROOMS.maybe(device.storeroom_no))
        return storeroom is not None and (works_at(actor, storeroom) or storeroom.kind == "warehouse")
    return loan is None or loan.care_unit in actor.care_units


async def _shown(device: Device, warehouse: Warehouse) -> dict[str, object]:
    names = await warehouse.names([device.article_no])
    storeroom = (
        await warehouse.repository.get(STOREROOMS.maybe(device.storeroom_no)) if device.storeroom_no else None
    )
    return {
        "device_no": device.device_no,
        "label": device.number_on_label,
        "article_no": device.article_no,
        "article_name": names[device.article_no],
        "state": device.state,
        "stock_status": await _stock_status(device, warehouse),
        "storeroom_no": device.storeroom_no,
        "storeroom_name": storeroom.name if storeroom else None,
        "owner": device.owner,
        "serial_no": device.serial_no,
    }


async def _card(device: Device, loan: Loan | None, warehouse: Warehouse) -> DeviceCard:
    article: Article | None = await warehouse.repository.get(ARTICLES.maybe(device.article_no))
    components = [
        ComponentView(article_no=each.article_no, quantity=each.quantity, lot=each.lot)
        for each in device.components
    ]
    return DeviceCard.model_validate(
        {
            **await _shown(device, warehouse),
            "supplier_article_no": article.supplier_article_no if article else "",
            "purchased_on": device.purchased_on,
            "purchase_price": str(device.purchase_price) if device.purchase_price else None,
            "components": components,
            "former_numbers": device.former_numbers,
            "replaces": device.replaces,
            "order_no": loan.order_no if loan else None,
            "loan_id": loan.loan_id if loan else None,
            "patient_ref": (await warehouse.patient(loan.patient_ref)).patient_ref if loan else None,
        }
    )


async def _stock_status(device: Device, warehouse: Warehouse) -> StockStatus:
    """Tell, as the guide does, whether it can be taken (S175)."""
    if device.state in {"quarantined", "missing", "written_off"}:
        return "set_apart"
    if device.state == "on_loan":
        return "not_in_stock"
    if device.state != "in_stock" or device.storeroom_no is None:
        return "reserved"
    balance = await warehouse.repository.get(
        BALANCES.maybe(balance_id(device.storeroom_no, device.article_no))
    )
    return "available" if balance is None or balance.available > 0 else "reserved"


def _loan_shown(loan: Loan, names: dict[str, str]) -> LoanView:
    return LoanView(
        loan_id=loan.loan_id,
        device_no=loan.device_no,
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
