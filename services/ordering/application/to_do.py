"""Reads what waits for a person at the own care units (S155)."""

from collections.abc import Collection as Several

from services.ordering.application.devices import DeviceDesk
from services.ordering.application.reports import OpenWanted, OrderReports
from services.ordering.domain.assortment_request import AssortmentRequest
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.assortment_requests import requests_waiting
from services.ordering.repository.reports import orders_waiting_at
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.repository import Page, Place

ANY_AGE = OpenWanted(None, None, longer_than_days=-1)


class ToDo:
    """What is to be handed over, collected and approved."""

    def __init__(self, desk: DeviceDesk) -> None:
        self.desk = desk
        self._reports = OrderReports(desk)

    async def to_hand_over(self, actor: Actor, *, after: Place | None) -> Page[DeviceOrder]:
        """Give a page of the orders whose goods wait at the unit, in the own areas (Q43)."""
        page = await orders_waiting_at(self.desk.repository, _own(actor), after=after)
        return Page([each for each in page.states if actor.covers(area=each.product_area)], page.next)

    async def to_collect(self, actor: Actor, *, after: Place | None) -> Page[CollectionOrder]:
        """Give a page of the open collection orders, the oldest first."""
        return await self._reports.open_collections(ANY_AGE, actor, after=after)

    async def to_approve(self, actor: Actor, *, after: Place | None) -> Page[AssortmentRequest]:
        """Give a page of the requests for articles outside the assortment that wait for a decision."""
        page = await requests_waiting(self.desk.repository, _own(actor), after=after)
        return Page([each for each in page.states if actor.covers(area=each.product_area)], page.next)


def _own(actor: Actor) -> Several[str] | None:
    """Name the care units that the person works at; None: all of them."""
    return None if actor.has(*EVERY_UNIT) else actor.care_units
