"""Reads the states that the rules of device orders need, from what a person asked for."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from services.ordering.domain.assortment_request import IN_ASSORTMENT, with_approved
from services.ordering.domain.device_states import State
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import PlaceOfWork, Prescriber
from services.ordering.domain.devices.lines import Exchange, ExchangeDisposition, Line
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.devices.placing import Placing
from services.ordering.gateways.inventory import PlannedDeliveries
from services.ordering.repository.assortment_requests import requests_of
from services.ordering.repository.collections import DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.withdrawals import Ordering
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.days import Period
from shared.http import Forbidden
from shared.repository import Repository
from shared.sealed import Seals

ANSWERED_WITHIN_SECONDS: Mapping[State, float] = MappingProxyType({"requested": 2.0, "sent": 0.1})
"""How long a request waits for inventory's answer, by the state of the order.

About a hand-out it then says where to look (Q41). An order stands whatever the answer is, which only
says what is reserved and when the rest comes (S103).
"""
NO_TIME_SECONDS = 0.001
"""What is left of a wait by rounding: no timer waits so short, and the loop would go round and round."""
LOOK_EVERY_SECONDS = 0.1
"""How often it looks whether another replica consumed the answer."""


class DeviceDesk:
    """Where every request about device orders comes in."""

    def __init__(
        self,
        ordering: Ordering,
        devices: DeviceOrdering,
        clock: Clock,
        seals: Seals,
        planned: PlannedDeliveries,
    ) -> None:
        self.ordering = ordering
        self.devices = devices
        self.clock = clock
        self.seals = seals
        self.planned = planned

    @property
    def repository(self) -> Repository:
        return self.devices.repository

    async def placing(
        self, actor: Actor, *, patient_ref: str, care_unit: str, prescriber: str | None
    ) -> Placing:
        """Say who orders in whose name; without a name in the own one (S82, S83). Raises Forbidden.

        `patient_ref` is the present one.
        """
        if not actor.covers(unit=care_unit):
            raise Forbidden("not-your-unit", patient_refs=(patient_ref,))
        named = prescriber or actor.sub
        return Placing(
            patient_ref=patient_ref,
            care_unit=care_unit,
            placed_by=actor.sub,
            placed_by_name=actor.name,
            prescriber_id=named,
            prescriber=await self._prescriber(named, actor),
            at=self.clock.now(),
        )

    async def _prescriber(self, named: str, actor: Actor) -> Prescriber | None:
        """Find a prescriber in the register; the one who asks is known by the token as well (Q42)."""
        registered = await self.devices.prescriber(named)
        if named != actor.sub or not actor.has("prescriber") or actor.profession is None:
            return registered
        today, areas = Period(self.clock.today()), tuple(sorted(actor.product_areas))
        own = tuple(PlaceOfWork(unit, areas, today) for unit in sorted(actor.care_units))
        places = own + (registered.places if registered else ())
        return Prescriber(named, 0, actor.name, actor.profession, places)

    async def catalogue(self, lines: Iterable[Line], placing: Placing) -> DeviceCatalogue:
        """Give what lines are judged by; what was approved for the patient is in the assortment (T32)."""
        patient_ref = placing.patient_ref
        found = await self.devices.catalogue_for(lines, care_unit=placing.care_unit, patient_ref=patient_ref)
        if all(each.assortment in IN_ASSORTMENT for each in found.articles.values()):
            return found
        requests = await requests_of(self.repository, patient_ref)
        return replace(found, articles=with_approved(found.articles, requests, on=placing.on))

    async def catalogue_of(self, orders: Iterable[DeviceOrder]) -> DeviceCatalogue:
        """Give the names that some orders of one patient or one care unit are shown with (Q38)."""
        return await self.devices.names_for(orders)

    async def order_for(self, order_no: str, actor: Actor) -> DeviceOrder:
        """Find an order, for those who may see it; raises NotFound and Forbidden."""
        order = await self.repository.get(DEVICE_ORDERS.ref(order_no))
        demand_place(actor, order)
        return order

    async def kept(self, orders: Iterable[DeviceOrder | None], order_nos: Iterable[str]) -> list[DeviceOrder]:
        """Give the orders that a change just stored; of a request that is repeated, those in its answer."""
        stored = [each for each in orders if each]
        return stored or list(await self.repository.get(DEVICE_ORDERS.many(tuple(order_nos))))

    async def answered(self, order: DeviceOrder) -> DeviceOrder:
        """Wait a short while for inventory's answer to an order or a hand-out (Q41, S103)."""
        seconds = ANSWERED_WITHIN_SECONDS.get(order.state, 0)
        return await self.waited(
            order, until=lambda known: known.state not in ANSWERED_WITHIN_SECONDS, seconds=seconds
        )

    async def waited(
        self, order: DeviceOrder, *, until: Callable[[DeviceOrder], bool], seconds: float
    ) -> DeviceOrder:
        """Follow an order until something is so or the time is over, whichever replica consumes the fact."""
        loop, ref = asyncio.get_running_loop(), DEVICE_ORDERS.ref(order.order_no)
        end = loop.time() + seconds
        while not until(order) and (left := end - loop.time()) > NO_TIME_SECONDS:
            changed = await self.repository.next_state(ref, within_seconds=min(left, LOOK_EVERY_SECONDS))
            order = await self.repository.get(ref) if changed is None else changed
        return order

    async def exchange(
        self,
        device_no: str,
        disposition: ExchangeDisposition,
        catalogue: DeviceCatalogue,
        *,
        patient_ref: str,
        actor: Actor,
    ) -> Exchange:
        """Name the old device, also by a number that it had, and the loan that continues (Q12, Q48).

        Raises NotFound, and Forbidden where the old device is of an area that one does not work in (S73).
        """
        device = await self.devices.device(device_no)
        loan = catalogue.loan_of(device.device_no)
        if loan is None:
            return Exchange(device.device_no, "", disposition)
        demand_areas(
            actor, catalogue, (Line(line_no=0, article_no=loan.article_no),), patient_ref=patient_ref
        )
        return Exchange(device.device_no, loan.loan_id, disposition)


def demand_place(actor: Actor, order: DeviceOrder) -> None:
    """Let those of the order's care unit and product area in (S73); raises Forbidden."""
    if not actor.covers(area=order.product_area, unit=order.care_unit):
        raise Forbidden("not-your-unit", patient_refs=(order.patient_ref,))


def demand_areas(
    actor: Actor, catalogue: DeviceCatalogue, lines: Iterable[Line], *, patient_ref: str
) -> None:
    """Let only those order who work in the product area of every article (S73, S75); raises Forbidden."""
    areas = {each.product_area for line in lines if (each := catalogue.articles.get(line.article_no))}
    if not all(actor.covers(area=area) for area in areas):
        raise Forbidden(patient_refs=(patient_ref,))
