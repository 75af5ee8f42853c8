"""Searches orders of every type for a person: only what that person may see (S73, S75, S124, S156)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.ordering.application.desk import Desk
from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.goods_order import GoodsOrder
from services.ordering.domain.order import Order
from services.ordering.domain.order_types import ORDER_TYPES, OrderType, SayWhichOrders
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.repository.collections import ALLOWANCES
from services.ordering.repository.order_search import Column, Found, OrderSearch, OrdersWanted
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.days import begins_at
from shared.domain.decision import NotFound
from shared.domain.number_parts import numbers_like
from shared.domain.numbers import Kind
from shared.http import Forbidden
from shared.repository import Page, Place, Repository, present_of

KINDS: tuple[Kind, ...] = ("B", "U", "P")
"""Numbers of orders, of withdrawals, and of replenishments and purchases."""
YEARS = 3
"""A part of a number is searched for among the numbers of so many years, the newest included."""


@dataclass(frozen=True)
class Criteria:
    """What a person searches for; days are both included."""

    care_unit: str | None = None
    since: date | None = None
    until: date | None = None
    types: Sequence[OrderType] = ()
    placed_by: str | None = None
    prescriber: str | None = None
    patient_ref: str | None = None
    article_no: str | None = None
    device_no: str | None = None
    order_number: str | None = None
    mine: bool = False


@dataclass(frozen=True)
class Shown:
    """A page of orders with what they are shown with; recipients only where they were asked for."""

    page: Page[Found]
    names: DeviceCatalogue
    people: Mapping[str, str]
    orders: Mapping[str, Order] = field(default_factory=dict)
    """The orders to distributors of the page's withdrawals."""
    recipients: Mapping[str, str] = field(default_factory=dict)
    """Names by the patient's reference; none of a protected person (Q18)."""


class OrderFinder:
    """Turns what a person asks into a search, and gathers the names that the answer is shown with."""

    def __init__(self, foods: Desk, devices: DeviceDesk) -> None:
        self._foods = foods
        self._devices = devices
        self._search = OrderSearch(devices.repository)

    @property
    def repository(self) -> Repository:
        return self._devices.repository

    async def find(
        self, criteria: Criteria, actor: Actor, *, column: Column, down: bool, after: Place | None
    ) -> Page[Found]:
        """Give a page of what the person may see (S125, S126).

        Raises Forbidden for another's care unit, SayWhichOrders, PartTooShort, NotANumber and
        AnotherKindOfNumber.
        """
        wanted = await self._wanted(criteria, actor)
        if not wanted.is_narrow:
            raise SayWhichOrders
        types = criteria.types or ORDER_TYPES
        return await self._search.page(wanted, types=types, column=column, down=down, after=after)

    async def with_names(self, page: Page[Found], *, recipients: bool) -> Shown:
        """Gather the names of people, places and articles (Q38, S127), and of patients when asked for."""
        devices = [each for each in page.states if isinstance(each, DeviceOrder)]
        foods = [each for each in page.states if isinstance(each, Withdrawal)]
        goods = [each for each in page.states if isinstance(each, GoodsOrder)]
        return Shown(
            page=page,
            names=await self._names(devices, foods, goods),
            people=await self._devices.devices.people_named(each.made_by for each in foods),
            orders=await self._foods.ordering.orders_of(foods),
            recipients=await self._recipients(page.states) if recipients else {},
        )

    async def _names(
        self, devices: Sequence[DeviceOrder], foods: Iterable[Withdrawal], goods: Sequence[GoodsOrder]
    ) -> DeviceCatalogue:
        units = {unit for each in foods for unit in each.care_units} | {each.care_unit for each in goods}
        places = {no for each in goods for no in (each.storeroom_no, each.source_no, each.care_unit) if no}
        articles = {line.article_no for each in goods for line in each.lines}
        return await self._devices.devices.names_for(
            devices, care_units=units, storerooms=places, articles=articles
        )

    async def _recipients(self, found: Iterable[Found]) -> dict[str, str]:
        refs = {each.patient_ref for each in found if not isinstance(each, GoodsOrder)}
        kept = await present_of(self._devices.repository, ALLOWANCES, refs)
        people = {ref: known.person for ref, (_, known) in kept.items() if known}
        return {
            ref: self._devices.seals.open(person.name)
            for ref, person in people.items()
            if person and person.name and not person.protected
        }

    async def _wanted(self, criteria: Criteria, actor: Actor) -> OrdersWanted:
        everywhere = actor.has(*EVERY_UNIT)
        if criteria.care_unit is not None and not actor.covers(unit=criteria.care_unit):
            raise Forbidden("not-your-unit")
        named = None if criteria.care_unit is None else frozenset({criteria.care_unit})
        until, number = criteria.until, criteria.order_number
        years = [self._foods.clock.today().year - each for each in range(YEARS)]
        return OrdersWanted(
            care_units=named or (None if everywhere else actor.care_units),
            product_areas=None if everywhere else actor.product_areas,
            since=begins_at(criteria.since) if criteria.since else None,
            before=begins_at(until + timedelta(days=1)) if until else None,
            placed_by=criteria.placed_by,
            prescriber=criteria.prescriber,
            of_person=actor.sub if criteria.mine else None,
            patient_ref=await self._present(criteria.patient_ref),
            article_no=criteria.article_no,
            device_nos=await self._numbers_of(criteria.device_no),
            numbers=numbers_like(number, kinds=KINDS, years=years) if number else None,
        )

    async def _present(self, patient_ref: str | None) -> str | None:
        return await self._foods.ordering.present_ref(patient_ref) if patient_ref else None

    async def _numbers_of(self, device_no: str | None) -> frozenset[str] | None:
        """Name every number that a device has had: orders name the one that it had then (Q12)."""
        if device_no is None:
            return None
        try:
            known = await self._devices.devices.device(device_no)
        except NotFound:
            return frozenset({device_no})
        label = {known.label} if known.label else set[str]()
        return frozenset({device_no, known.device_no, *known.former_numbers} | label)
