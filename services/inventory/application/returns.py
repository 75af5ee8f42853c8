"""Reads what the rule about a return decides about (S146 to S148)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.receiving import NumberTwice
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.patients import Patient
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.returning import (
    DeviceBack,
    GoodsBack,
    Return,
    component_disposition,
)
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
)
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.http import Forbidden
from shared.repository import Refs

Returned = Refs[
    Movement | None,
    tuple[Device | None, ...],
    tuple[Loan | None, ...],
    tuple[DeviceOrder, ...],
    tuple[Balance | None, ...],
]


@dataclass(frozen=True)
class ReturnAsked:
    """What somebody says that a patient hands back."""

    patient_ref: str
    storeroom: Storeroom
    on: date
    reason: str | None
    devices: tuple[DeviceBack, ...]
    goods: tuple[GoodsBack, ...]


class Returns:
    """What patients hand back to own storerooms."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._repository = warehouse.repository

    async def read(self, asked: ReturnAsked, actor: Actor) -> tuple[Return, Returned]:
        """Give the return under its number with all that it changes; raises NumberTwice and Forbidden."""
        patient = await self._warehouse.patient(asked.patient_ref)
        found = [await self._device(each.device_no) for each in asked.devices]
        wanted = tuple(
            replace(each, device_no=device.device_no) if device else each
            for each, device in zip(asked.devices, found, strict=True)
        )
        _demand_once([each.device_no for each in wanted])
        pairs = list(zip(wanted, found, strict=True))
        loans = [await self._loan(patient, each.device_no, device) for each, device in pairs]
        orders = await self._orders(found, asked.goods)
        named = {each.order_no for each in asked.goods}
        theirs = [each for each in loans if each] + [each for each in orders if each.order_no in named]
        _demand_area(theirs, patient, actor)
        back = await self._numbered(replace(asked, devices=wanted), patient, found, by=actor.sub)
        refs = (
            MOVEMENTS.maybe(back.return_no)
            & DEVICES.maybe_many([each.device_no for each in wanted])
            & LOANS.maybe_many(
                [loan.loan_id if loan else each.device_no for each, loan in zip(wanted, loans, strict=True)]
            )
            & DEVICE_ORDERS.many([each.order_no for each in orders])
            & BALANCES.maybe_many(balance_ids(asked.storeroom.storeroom_no, back.put_back))
        )
        return back, refs

    async def _numbered(
        self, asked: ReturnAsked, patient: Patient, found: Sequence[Device | None], *, by: str
    ) -> Return:
        """Give the return under a number of its own, with the articles of all that comes back."""
        numbers = {each.article_no for each in asked.goods} | article_nos(found)
        articles = await self._repository.get(ARTICLES.maybe_many(sorted(numbers)))
        back = Return(
            return_no=await self._repository.next_number("R", year=self._warehouse.clock.today().year),
            patient_refs=patient.refs,
            storeroom=asked.storeroom,
            on=asked.on,
            at=self._warehouse.clock.now(),
            by=by,
            reason=asked.reason,
            devices=asked.devices,
            goods=asked.goods,
            articles={each.article_no: each for each in articles if each},
        )
        return replace(back, put_back=put_back(back, found))

    async def _device(self, device_no: str) -> Device | None:
        try:
            return await self._warehouse.device(device_no)
        except NotFound:
            return None

    async def _loan(self, patient: Patient, device_no: str, device: Device | None) -> Loan | None:
        """Find the loan that the device has, or the patient's last one of it."""
        if device is None:
            return None
        if device.loan_id is not None:
            return await self._repository.get(LOANS.maybe(device.loan_id))
        return await self._warehouse.queries.last_loan_of(patient.refs, device_no=device_no)

    async def _orders(
        self, devices: Sequence[Device | None], goods: Sequence[GoodsBack]
    ) -> list[DeviceOrder]:
        named = [each.order_no for each in devices if each and each.order_no]
        numbers = list(dict.fromkeys((*named, *(each.order_no for each in goods))))
        kept = await self._repository.get(DEVICE_ORDERS.maybe_many(numbers))
        return [each for each in kept if each]


def _demand_area(theirs: Sequence[Loan | DeviceOrder], patient: Patient, actor: Actor) -> None:
    """Let in who works in the areas of what this patient has; of what others have the rule says nothing."""
    mine = (each for each in theirs if each.patient_ref in patient.refs)
    if not all(actor.covers(area=each.product_area) for each in mine):
        raise Forbidden(patient_refs=(patient.patient_ref,))


def _demand_once(numbers: list[str]) -> None:
    for each in numbers:
        if numbers.count(each) > 1:
            raise NumberTwice(number=each)


def article_nos(devices: Sequence[Device | None]) -> set[str]:
    found = [each for each in devices if each]
    return {each.article_no for each in found} | {one.article_no for each in found for one in each.components}


def put_back(back: Return, devices: Sequence[Device | None]) -> tuple[str, ...]:
    """Name the articles that come to lie on the shelf."""
    articles = [each.article_no for each in back.goods if each.disposition == "return"]
    for wanted, device in zip(back.devices, devices, strict=True):
        if device is None or wanted.collection_no is not None:
            continue
        if wanted.disposition == "return":
            articles.append(device.article_no)
        articles += (
            each.article_no
            for each in device.components
            if component_disposition(wanted, each, back.articles) == "return"
        )
    return tuple(dict.fromkeys(articles))
