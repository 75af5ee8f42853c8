"""Finds devices by part of a number for the person who asks, and reads what happened to one (S174, S176)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.inventory.application.warehouse import Warehouse, works_at
from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.finding import Sought
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.states import StockStatus, stock_status
from services.inventory.domain.goods.balance import balance_id
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    STOREROOMS,
)
from services.inventory.repository.register import RegisterQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Page, Place

ENOUGH = 50
MOST_PAGES = 5
"""Pages of 100 devices that one search reads, of which the person may see too few."""
SEE_ALL = ("customer_service", "store_keeper", "technician", "economist")


@dataclass(frozen=True)
class KnownDevice:
    """A device with what its number stands for: article, storeroom, and whether it can be taken."""

    device: Device
    article: Article | None
    storeroom: Storeroom | None
    stock_status: StockStatus


class Register:
    """Every device that was ever received."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.queries = RegisterQueries(warehouse.repository)
        self._repository = warehouse.repository

    async def search(self, sought: Sought, actor: Actor, *, after: Place | None) -> Page[Device]:
        """Give a page of the devices that the person may see, in one of whose numbers the part stands."""
        found: list[Device] = []
        for _ in range(MOST_PAGES):
            page = await self.queries.devices_with(sought.runs, after=after)
            candidates = [each for each in page.states if sought.found_in(each)]
            found += await self.seen(candidates, actor)
            after = page.next
            if after is None or len(found) >= ENOUGH:
                break
        return Page(found, after)

    async def device_for(self, device_no: str, actor: Actor) -> Device:
        """Give a device, found also by a number that it had before, to who may see it; raises NotFound."""
        device = await self.warehouse.device(device_no)
        if not await self.seen([device], actor):
            raise NotFound(DEVICES.noun, device_no)
        return device

    async def known(self, devices: Sequence[Device]) -> list[KnownDevice]:
        """Read the articles, storerooms and balances of devices, each once."""
        articles = await self._repository.get(ARTICLES.maybe_many(_once(each.article_no for each in devices)))
        of_article = {each.article_no: each for each in articles if each}
        places = await self._storerooms(devices)
        ids = _once(
            balance_id(each.storeroom_no, each.article_no)
            for each in devices
            if each.state == "in_stock" and each.storeroom_no
        )
        balances = dict(zip(ids, await self._repository.get(BALANCES.maybe_many(ids)), strict=True))
        return [
            KnownDevice(
                each,
                of_article.get(each.article_no),
                places.get(each.storeroom_no or ""),
                stock_status(each, balances.get(balance_id(each.storeroom_no or "", each.article_no))),
            )
            for each in devices
        ]

    async def has_in_hand(self, device: Device, actor: Actor) -> bool:
        """Tell who can have the device in hand: where it lies or waits, or at the unit that lent it."""
        if device.storeroom_no is not None:
            lies_in = await self._repository.get(STOREROOMS.maybe(device.storeroom_no))
            return lies_in is not None and works_at(actor, lies_in)
        if device.loan_id is not None:
            loan = await self._repository.get(LOANS.maybe(device.loan_id))
            return loan is not None and actor.covers(area=loan.product_area, unit=loan.care_unit)
        order_no = device.order_no
        order = await self._repository.get(DEVICE_ORDERS.maybe(order_no)) if order_no else None
        if order is None:
            return False
        taken_from = await self._repository.get(STOREROOMS.maybe(order.storeroom_no))
        return actor.covers(area=order.product_area, unit=order.care_unit) or (
            taken_from is not None and works_at(actor, taken_from)
        )

    async def seen(self, devices: Sequence[Device], actor: Actor) -> list[Device]:
        """Give those devices that the person may see (Q39)."""
        if actor.has(*SEE_ALL):
            return list(devices)
        places = await self._storerooms(devices)
        ids = _once(each.loan_id for each in devices if each.loan_id)
        loans = dict(zip(ids, await self._repository.get(LOANS.maybe_many(ids)), strict=True))
        return [
            each
            for each in devices
            if _may_see(places.get(each.storeroom_no or ""), each, loans.get(each.loan_id or ""), actor)
        ]

    async def _storerooms(self, devices: Iterable[Device]) -> dict[str, Storeroom]:
        numbers = _once(each.storeroom_no for each in devices if each.storeroom_no)
        kept = await self._repository.get(STOREROOMS.maybe_many(numbers))
        return {each.storeroom_no: each for each in kept if each}


def _may_see(storeroom: Storeroom | None, device: Device, loan: Loan | None, actor: Actor) -> bool:
    """Whoever works where it lies, or at the unit whose patient has it; a warehouse's everybody (Q39)."""
    if device.storeroom_no is not None:
        return storeroom is not None and (works_at(actor, storeroom) or storeroom.kind == "warehouse")
    return loan is None or loan.care_unit in actor.care_units


def _once(numbers: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(numbers))
