"""Route that registers what a patient hands back to an own storeroom (S146 to S148)."""

from datetime import date
from functools import partial
from typing import Annotated, Literal, Self

from fastapi import Response
from pydantic import Field, model_validator

from services.inventory.api.forms import LotNo, Pieces, StoreroomNo
from services.inventory.application.returns import ReturnAsked, Returns
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.orders.order import Disposition
from services.inventory.domain.returns.bringing import report_brought
from services.inventory.domain.returns.returning import DeviceBack, GoodsBack, Return, register_return
from services.inventory.repository.collections import ARTICLES, DEVICES, LOANS
from shared.domain.decision import Sentence
from shared.fields import Day, refusal
from shared.http import Asked, ReasonText, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo, PatientRef
from shared.http.numbers import OrderNo

MOST_DEVICES = 50
MOST_COMPONENTS = 20


class ComponentBackForm(Request):
    """What becomes of a component that was on the device, where it is not the usual (Q46)."""

    article_no: ArticleNo
    disposition: Disposition


class DeviceBackForm(Request):
    """A device that is handed back by its number, and what becomes of it."""

    device_no: DeviceNo
    disposition: Disposition = "return"
    components: Annotated[list[ComponentBackForm], Field(max_length=MOST_COMPONENTS, default_factory=list)]

    def said(self) -> DeviceBack:
        components = tuple((each.article_no, each.disposition) for each in self.components)
        return DeviceBack(self.device_no, self.disposition, components)


class GoodsBackForm(Request):
    """Counted goods that are handed back, and the order that they came with."""

    order_no: OrderNo
    article_no: ArticleNo
    quantity: Pieces
    lot: LotNo | None = None
    disposition: Disposition

    def said(self) -> GoodsBack:
        return GoodsBack(self.order_no, self.article_no, self.quantity, self.disposition, self.lot)


class ReturnForm(Request):
    """What a patient hands back, to which storeroom and when."""

    patient_ref: PatientRef
    storeroom_no: StoreroomNo
    returned_on: Day | None = None
    """Left out: today."""
    reason: ReasonText | None = None
    """Why it is registered on a later day."""
    devices: Annotated[list[DeviceBackForm], Field(max_length=MOST_DEVICES, default_factory=list)]
    goods: Annotated[list[GoodsBackForm], Field(max_length=MOST_DEVICES, default_factory=list)]

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.devices and not self.goods:
            sentence = Sentence("Ange vad som lämnas tillbaka.", "Say what is handed back.")
            raise refusal("nothing-to-return", sentence)
        return self


class DeviceReturnedView(View):
    """A device that came back."""

    device_no: str
    article_no: str
    article_name: str
    loan_id: str
    state: Literal["in_stock", "written_off"]
    """In stock it can be handed out again at once."""


class GoodsReturnedView(View):
    """Counted goods that came back."""

    order_no: str
    article_no: str
    article_name: str
    quantity: int
    disposition: Disposition


class ReturnView(View):
    """A return that was made."""

    return_no: str
    storeroom_no: str
    storeroom_name: str
    returned_on: date
    devices: list[DeviceReturnedView]
    goods: list[GoodsReturnedView]


class BroughtForm(Request):
    """Where the device was brought."""

    storeroom_no: StoreroomNo


class BroughtView(View):
    """A device that is being asked about; who has it by the register is not said."""

    device_no: str

    @classmethod
    def of(cls, device: Device, *_: object) -> "BroughtView":
        return cls(device_no=device.device_no)


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["returns"])
    returns, repository = Returns(warehouse), warehouse.repository

    @router.post("/returns", response_model=ReturnView)
    async def register_return_of_goods(form: ReturnForm, asked: Asked) -> Response:
        """Register what a patient handed back: each device ends its loan and can be handed out again."""
        storeroom = await warehouse.storeroom_for(form.storeroom_no, asked.actor)
        wanted = ReturnAsked(
            patient_ref=form.patient_ref,
            storeroom=storeroom,
            on=form.returned_on or warehouse.clock.today(),
            reason=form.reason,
            devices=tuple(each.said() for each in form.devices),
            goods=tuple(each.said() for each in form.goods),
        )
        back, refs = await returns.read(wanted, asked.actor)
        answer = await repository.change(
            refs, partial(register_return, back=back), cause=asked.cause, reply=partial(_shown, back)
        )
        await warehouse.give_to_waiting(back.storeroom.storeroom_no, back.put_back)
        return asked.answered(answer)

    @router.post("/devices/{device_no}/brought", response_model=BroughtView)
    async def report_device_brought(device_no: DeviceNo, form: BroughtForm, asked: Asked) -> Response:
        """Report a device that somebody brought and that is elsewhere by the register: a task (Q51)."""
        storeroom = await warehouse.storeroom_for(form.storeroom_no, asked.actor)
        device = await warehouse.device(device_no)
        refs = DEVICES.ref(device.device_no) & LOANS.maybe(device.loan_id or device.device_no)
        article = await repository.get(ARTICLES.maybe(device.article_no))
        articles = {article.article_no: article} if article else {}
        rule = partial(report_brought, storeroom=storeroom, articles=articles)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=BroughtView.of)
        return asked.answered(answer)

    return router


def _shown(
    back: Return,
    _: object,
    devices: tuple[Device | None, ...],
    loans: tuple[Loan | None, ...],
    *_others: object,
) -> ReturnView:
    names = {number: each.name for number, each in back.articles.items()}
    return ReturnView(
        return_no=back.return_no,
        storeroom_no=back.storeroom.storeroom_no,
        storeroom_name=back.storeroom.name,
        returned_on=back.on,
        devices=[
            DeviceReturnedView(
                device_no=device.device_no,
                article_no=device.article_no,
                article_name=names.get(device.article_no, ""),
                loan_id=loan.loan_id,
                state="in_stock" if device.state == "in_stock" else "written_off",
            )
            for device, loan in zip(devices, loans, strict=True)
            if device and loan
        ],
        goods=[
            GoodsReturnedView(
                order_no=each.order_no,
                article_no=each.article_no,
                article_name=names.get(each.article_no, ""),
                quantity=each.quantity,
                disposition=each.disposition,
            )
            for each in back.goods
        ],
    )
