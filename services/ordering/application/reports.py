"""Reads what reports of orders and collections are made of, for the units that a person works at."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass
from datetime import date, timedelta

from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.delivery_times import DeliveryTimes
from services.ordering.repository.reports import collections_open_since, orders_sent
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.days import begins_at
from shared.http import Forbidden
from shared.repository import Page, Place


@dataclass(frozen=True)
class TimesWanted:
    """Of which care unit and area, sent in which period; both days are included."""

    care_unit: str | None
    area: str | None
    since: date
    until: date


@dataclass(frozen=True)
class OpenWanted:
    """Of which care unit and area, open for longer than so many days."""

    care_unit: str | None
    area: str | None
    longer_than_days: int


class OrderReports:
    """What people ask about many orders at once."""

    def __init__(self, desk: DeviceDesk) -> None:
        self.desk = desk

    async def times(self, wanted: TimesWanted, actor: Actor) -> dict[tuple[str, str], DeliveryTimes]:
        """Count by care unit and product area, an order at a time; raises Forbidden."""
        found: defaultdict[tuple[str, str], DeliveryTimes] = defaultdict(DeliveryTimes)
        orders = orders_sent(
            self.desk.repository,
            _units(wanted.care_unit, actor),
            since=begins_at(wanted.since),
            before=begins_at(wanted.until + timedelta(days=1)),
        )
        async for page in orders:
            for each in page:
                if wanted.area in {None, each.product_area} and actor.covers(area=each.product_area):
                    found[each.care_unit, each.product_area].add(each)
        return dict(sorted(found.items()))

    async def open_collections(
        self, wanted: OpenWanted, actor: Actor, *, after: Place | None
    ) -> Page[CollectionOrder]:
        """Give a page of those that are open too long, the oldest first; raises Forbidden."""
        first = self.desk.clock.today() - timedelta(days=wanted.longer_than_days)
        page = await collections_open_since(
            self.desk.repository,
            _units(wanted.care_unit, actor),
            None if wanted.area is None else [wanted.area],
            before=begins_at(first),
            after=after,
        )
        return Page([each for each in page.states if _may_see(actor, each)], page.next)

    async def all_open_collections(
        self, wanted: OpenWanted, actor: Actor
    ) -> AsyncIterator[Sequence[CollectionOrder]]:
        """Go through all of them, a page at a time."""
        after: Place | None = None
        while True:
            page = await self.open_collections(wanted, actor, after=after)
            yield page.states
            if page.next is None:
                return
            after = page.next

    async def unit_names(self, care_units: Several[str]) -> dict[str, str]:
        """Give the names of care units by their ids (Q38)."""
        names = await self.desk.devices.names_of([], care_units=care_units)
        return {each: names.unit_name(each) for each in care_units}


def demand_unit(care_unit: str | None, actor: Actor) -> None:
    """Let those in who work at the care unit, or for every unit (S73); raises Forbidden."""
    if care_unit is not None and not actor.covers(unit=care_unit):
        raise Forbidden("not-your-unit")


def _units(care_unit: str | None, actor: Actor) -> Several[str] | None:
    """Name the care units that are reported about; None: all of them."""
    demand_unit(care_unit, actor)
    if care_unit is not None:
        return [care_unit]
    return None if actor.has(*EVERY_UNIT) else actor.care_units


def _may_see(actor: Actor, order: CollectionOrder) -> bool:
    return all(actor.covers(area=each) for each in order.product_areas)
