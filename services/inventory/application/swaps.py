"""Reads what the rules of maintenance swaps decide about (S132, Q56)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.inventory.application.collecting import put_back_articles
from services.inventory.application.maintenance import Maintenance
from services.inventory.application.returns import article_nos
from services.inventory.domain.article import Article
from services.inventory.domain.collecting.scanned import Scanned
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.receiving import demand_once
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.maintenance.job import MaintenanceJob
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.swaps.arranging import RowAsked, SwapAsked
from services.inventory.domain.swaps.receiving import SwapCame
from services.inventory.domain.swaps.results import device_nos, loan_ids, swap_of
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    CARE_UNITS,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MAINTENANCE_JOBS,
    MOVEMENTS,
)
from services.inventory.repository.swaps import Of, open_swaps
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Page, Place, Refs

MAINTAIN = ("store_keeper", "technician")
NUMBERED_WHEN_ARRANGED = "Y"
"""What is only tried has no number."""
Devices = tuple[Device | None, ...]
Loans = tuple[Loan | None, ...]
Balances = tuple[Balance | None, ...]
Versions = frozenset[int] | None
Arranged = Refs[DeviceOrder | None, tuple[Device, ...], Loans, tuple[MaintenanceJob | None, ...], Balances]
Changed = Refs[DeviceOrder, Devices, Loans, Balances]
Received = Refs[tuple[DeviceOrder, ...], Devices, Balances, Movement | None]


@dataclass(frozen=True)
class SwapWanted:
    """What a person asks for."""

    storeroom_no: str
    ready_by: date
    reason: str
    rows: tuple[RowAsked, ...]
    """An empty article: the same as the old device's."""


@dataclass(frozen=True)
class Tried:
    """A swap that could be arranged now."""

    asked: SwapAsked
    devices: tuple[Device, ...]
    loans: Loans


@dataclass(frozen=True)
class Shown:
    """Swaps with what their devices are now, and the names that they are shown with."""

    orders: tuple[DeviceOrder, ...]
    devices: Mapping[str, Device]
    articles: Mapping[str, str]
    care_units: Mapping[str, str]


class Swaps:
    """Devices that patients get for those that are maintained."""

    def __init__(self, maintenance: Maintenance) -> None:
        self.warehouse = maintenance.warehouse
        self.repository = maintenance.repository

    async def open(self, actor: Actor, *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the open swaps: from the own warehouses, or of the own care units."""
        of: Of = "storeroom_no" if actor.has(*MAINTAIN) else "care_unit"
        return await open_swaps(self.repository, of, actor.care_units, after=after)

    async def swap_for(self, swap_no: str, actor: Actor) -> DeviceOrder:
        """Give a swap to who works at its warehouse or its care unit; raises NotFound."""
        order = await self.warehouse.order_for(swap_no, actor)
        swap_of(order)
        return order

    async def arranged_by(self, swap_no: str, actor: Actor) -> DeviceOrder:
        """Give a swap to who works at its warehouse; raises NotFound."""
        return await self.warehouse.order_taken_from(swap_no, actor)

    async def of_unit(self, swap_no: str, actor: Actor) -> DeviceOrder:
        """Give a swap to who works at its care unit; raises NotFound."""
        order = await self.repository.get(DEVICE_ORDERS.ref(swap_no))
        if order.care_unit not in actor.care_units:
            raise NotFound(DEVICE_ORDERS.noun, swap_no)
        return order

    async def tried(self, wanted: SwapWanted, actor: Actor) -> Tried:
        """Read all that the rule needs. Raises NotFound and NumberTwice."""
        storeroom = await self.warehouse.storeroom_for(wanted.storeroom_no, actor)
        devices = tuple([await self.warehouse.device(each.device_no) for each in wanted.rows])
        demand_once([each.device_no for each in devices])
        lent = await self.repository.get(LOANS.maybe_many([each.loan_id for each in devices if each.loan_id]))
        by_id = {each.loan_id: each for each in lent if each}
        loans = tuple(by_id.get(each.loan_id or "") for each in devices)
        first = next((each for each in loans if each), None)
        rows = tuple(
            RowAsked(device.device_no, each.article_no or device.article_no, each.components)
            for each, device in zip(wanted.rows, devices, strict=True)
        )
        asked = SwapAsked(
            swap_no=NUMBERED_WHEN_ARRANGED,
            storeroom=storeroom,
            ready_by=wanted.ready_by,
            reason=wanted.reason,
            by=actor.sub,
            by_name=actor.name,
            at=self.warehouse.clock.now(),
            patient_refs=(await self.warehouse.patient(first.patient_ref)).refs if first else (),
            rows=rows,
            articles=await self._articles([each.article_no for each in rows]),
            job_nos=(),
        )
        return Tried(asked, devices, loans)

    async def numbers(self, count: int) -> tuple[str, tuple[str, ...]]:
        """Take a number for a swap, and for a job of each device."""
        year = self.warehouse.clock.today().year
        jobs = [await self.repository.next_number("A", year=year) for _ in range(count)]
        return await self.repository.next_number("Y", year=year), tuple(jobs)

    def refs_of_arranging(self, asked: SwapAsked, devices: Sequence[Device]) -> Arranged:
        """Name what an arrangement changes: of each device the loan that it was read with."""
        return (
            DEVICE_ORDERS.maybe(asked.swap_no)
            & DEVICES.many([each.device_no for each in asked.rows])
            & LOANS.maybe_many([each.loan_id or each.device_no for each in devices])
            & MAINTENANCE_JOBS.maybe_many(asked.job_nos)
            & BALANCES.maybe_many(balance_ids(asked.storeroom.storeroom_no, asked.article_nos))
        )

    def refs_of(self, order: DeviceOrder, *, if_version: Versions) -> Changed:
        """Name what a registered, corrected or annulled result changes."""
        return (
            DEVICE_ORDERS.ref(order.order_no, if_version=if_version)
            & DEVICES.maybe_many(device_nos(order))
            & LOANS.maybe_many(loan_ids(order))
            & BALANCES.maybe_many(balance_ids(order.storeroom_no, order.articles))
        )

    async def came(
        self, order: DeviceOrder, scanned: Sequence[Scanned], *, nothing_more: bool, by: str
    ) -> tuple[SwapCame, Received]:
        """Give what came with all that it changes; raises NumberTwice."""
        known = tuple([replace(each, device_no=await self._number(each.device_no)) for each in scanned])
        demand_once([each.device_no for each in known])
        old = [each.device_no for each in swap_of(order).rows]
        devices = await self.repository.get(DEVICES.maybe_many(old))
        articles = await self._articles(sorted(article_nos(devices)))
        came = SwapCame(
            movement_no=str(uuid.uuid4()),
            scanned=known,
            nothing_more=nothing_more,
            on=self.warehouse.clock.today(),
            at=self.warehouse.clock.now(),
            by=by,
            articles=articles,
            put_back=put_back_articles(devices, known, articles),
        )
        came_with = dict.fromkeys(each.order_no for each in devices if each and each.order_no)
        before = [each for each in came_with if each and each != order.order_no]
        refs = (
            DEVICE_ORDERS.many([order.order_no, *before])
            & DEVICES.maybe_many(old)
            & BALANCES.maybe_many(balance_ids(order.storeroom_no, came.put_back))
            & MOVEMENTS.maybe(came.movement_no)
        )
        return came, refs

    async def shown(self, orders: Sequence[DeviceOrder]) -> Shown:
        """Read devices, articles and care units of swaps (Q38)."""
        numbers = list(dict.fromkeys(no for each in orders for no in device_nos(each)))
        devices = [each for each in await self.repository.get(DEVICES.maybe_many(numbers)) if each]
        units = sorted({each.care_unit for each in orders if each.care_unit})
        kept = await self.repository.get(CARE_UNITS.maybe_many(units))
        articles = [each.article_no for each in devices] + [no for each in orders for no in each.articles]
        return Shown(
            orders=tuple(orders),
            devices={each.device_no: each for each in devices},
            articles=await self.warehouse.names(articles),
            care_units={each.id: each.name for each in kept if each},
        )

    async def number_known_by(self, device_no: str) -> str:
        """Give the number that a device is known by, whatever its label said (Q12); raises NotFound."""
        return (await self.warehouse.device(device_no)).device_no

    async def _number(self, device_no: str) -> str:
        """Give the number that a device is known by; of one that nobody knows, what was scanned."""
        known, _ = await self.warehouse.devices([device_no])
        return next(iter(known), device_no)

    async def names_for(self, tried: Tried) -> Shown:
        """Read the names that a swap is shown with once it is arranged."""
        unit = next((each.care_unit for each in tried.loans if each), "")
        kept = await self.repository.get(CARE_UNITS.maybe(unit))
        articles = [*(each.article_no for each in tried.devices), *tried.asked.article_nos]
        names = await self.warehouse.names(articles)
        return Shown((), {}, names, {unit: kept.name} if kept else {})

    async def _articles(self, numbers: Sequence[str]) -> Mapping[str, Article]:
        found = await self.repository.get(ARTICLES.maybe_many(list(dict.fromkeys(numbers))))
        return {each.article_no: each for each in found if each}
