"""Keeps storerooms full: looks for what fell below its minimum, orders it, and books what has come (S115)."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby

from services.inventory.application.purchasing import Purchasing
from services.inventory.application.warehouse import Warehouse, works_at
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.levels import Stopped
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import Deviation, DeviceOrder, Parcel
from services.inventory.domain.orders.picking import devices_in
from services.inventory.domain.orders.refusals import ParcelNotThere
from services.inventory.domain.orders.searched import publish_unsearched
from services.inventory.domain.places import Storeroom
from services.inventory.domain.purchasing.judging import why_not_purchased
from services.inventory.domain.replenishing.automatic import Need, replenish, takes_lines
from services.inventory.domain.replenishing.booking import Booking, book
from services.inventory.domain.replenishing.judging import supplier_of, why_not_replenished
from services.inventory.domain.replenishing.refusals import NotReplenished
from services.inventory.domain.replenishing.rights import DeviceRules, Orderer
from services.inventory.domain.replenishing.suggesting import Use, counted_since, use_of
from services.inventory.domain.replenishing.waiting import note_waiting_in_vain
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICE_RULES,
    DEVICES,
    MOVEMENTS,
    RULES,
    STOREROOMS,
)
from services.inventory.repository.places import PlaceQueries
from services.inventory.repository.replenishing import ReplenishingQueries
from shared.auth.actor import Actor
from shared.domain.days import begins_at, local_day
from shared.domain.decision import NotFound
from shared.fault import fault
from shared.repository import Cause
from shared.service.apart import each_for_itself


class Replenishing:
    """The replenishments of every storeroom."""

    def __init__(self, warehouse: Warehouse, purchasing: Purchasing) -> None:
        self.warehouse = warehouse
        self.purchasing = purchasing
        self.repository = warehouse.repository
        self.queries = ReplenishingQueries(warehouse.repository)
        self._places = PlaceQueries(warehouse.repository)

    async def replenish_everywhere(self) -> None:
        """Order what is below its minimum, and begin again with what may be replenished again."""
        await each_for_itself(self.repository, _by_storeroom(self.queries.to_replenish()), self._replenish)
        await each_for_itself(self.repository, _by_storeroom(self.queries.stopped()), self._replenish)

    async def stop_what_waits(self) -> None:
        """Stop the levels of articles that may not be replenished any more while an order of them waits."""
        await each_for_itself(self.repository, _by_storeroom(self.queries.coming()), self._stop_waiting)

    async def book_arrived(self) -> None:
        """Book what needs no receipt and whose planned day has come (Q47)."""
        on = self.warehouse.clock.today()
        await each_for_itself(self.repository, _one_by_one(self.queries.arrived(on=on)), self._book_planned)

    async def look_at_joint(self) -> None:
        """Raise a task for each joint delivery that waits for what is purchased no more (Q55)."""
        await each_for_itself(self.repository, self.queries.waiting_joint(), self._look_at_joint)

    async def publish_unsearched(self) -> None:
        """Tell the search of orders of replenishments that an earlier version made (Q35)."""
        await each_for_itself(self.repository, _one_by_one(self.queries.unsearched()), self._publish)

    async def storeroom_for(self, storeroom_no: str, actor: Actor) -> Storeroom:
        """Give a storeroom to who works there, or at a warehouse that supplies it; raises NotFound (Q59)."""
        storeroom = await self.repository.get(STOREROOMS.ref(storeroom_no))
        if not works_at(actor, storeroom) and actor.care_units.isdisjoint(storeroom.supplied_by):
            raise NotFound(STOREROOMS.noun, storeroom_no)
        return storeroom

    async def storerooms_of(self, actor: Actor) -> list[str]:
        """Name the storerooms where a person works."""
        found = await self._places.storerooms_of(actor.care_units)
        return [each.storeroom_no for each in found if each.kind == "storeroom"]

    async def order_for(self, order_no: str, actor: Actor) -> DeviceOrder:
        """Give a replenishment to who works at its storeroom or its warehouse; raises NotFound."""
        order = await self.repository.get(DEVICE_ORDERS.ref(order_no))
        if order.replenishment is None:
            raise NotFound(DEVICE_ORDERS.noun, order_no)
        await self.storeroom_for(order.replenishment.storeroom_no, actor)
        return order

    async def order_received_by(self, order_no: str, actor: Actor) -> DeviceOrder:
        """Give a replenishment to who works where it is received; raises NotFound."""
        order = await self.order_for(order_no, actor)
        await self.warehouse.storeroom_for(receiving(order), actor)
        return order

    async def supplier(self, storeroom: Storeroom) -> Storeroom:
        """Give the warehouse that replenishes a storeroom. Raises NotReplenished."""
        found = await self._places.storerooms_named(storeroom.supplied_by)
        return supplier_of(storeroom, {each.storeroom_no: each for each in found})

    def why_not(self, storeroom: Storeroom, article: Article | None) -> Stopped | None:
        """Say why an article is not ordered to a place by itself: replenished, or purchased (Q50)."""
        if storeroom.kind == "warehouse":
            return why_not_purchased(article, supplier_of=self.purchasing.settings.supplier_of)
        return why_not_replenished(article)

    async def rules(self) -> DeviceRules | None:
        """Give the region's rules of who may order which devices; None: they have not come yet."""
        return await self.repository.get(DEVICE_RULES.maybe(RULES))

    async def booking(
        self,
        order: DeviceOrder,
        parcel: Parcel,
        *,
        by: Actor | None,
        movement_no: str,
        deviations: Sequence[Deviation] = (),
    ) -> Booking:
        """Say what is received of a replenishment, with what the rule must know of the articles."""
        numbers = dict.fromkeys(
            (*(each.article_no for each in parcel.goods), *(each.article_no for each in deviations))
        )
        return Booking(
            movement_no=movement_no,
            parcel_no=parcel.parcel_no or "",
            storeroom_no=receiving(order),
            article_nos=tuple(numbers),
            marked=await self.warehouse.marked(numbers),
            at=self.warehouse.clock.now(),
            on=self.warehouse.clock.today(),
            by=by.sub if by else None,
            by_name=by.name if by else "",
            deviations=tuple(deviations),
            names=await self.warehouse.names(numbers),
        )

    async def use(self, storeroom_no: str) -> Use:
        """Count what a storeroom's patients have used in a year, from its movements."""
        today = self.warehouse.clock.today()
        since = begins_at(counted_since(today))
        first = await self.queries.first_movement(storeroom_no)
        moved = [each async for each in self.queries.movements_since(storeroom_no, since=since)]
        opened_on = local_day(first.moved_at) if first else today
        return use_of(moved, storeroom_no=storeroom_no, opened_on=opened_on, today=today)

    async def _stop_waiting(self, balances: Sequence[Balance]) -> None:
        storeroom = await self.repository.get(STOREROOMS.ref(balances[0].storeroom_no))
        found = await self.repository.get(ARTICLES.maybe_many([each.article_no for each in balances]))
        stopped = [
            balance
            for balance, article in zip(balances, found, strict=True)
            if balance.level and balance.level.stopped != self.why_not(storeroom, article)
        ]
        if stopped:
            await self._replenish(stopped)

    async def _replenish(self, balances: Sequence[Balance]) -> None:
        """Order for one storeroom; another process that is first leaves nothing to order."""
        storeroom_no, article_nos = balances[0].storeroom_no, [each.article_no for each in balances]
        storeroom = await self.repository.get(STOREROOMS.ref(storeroom_no))
        if storeroom.kind == "warehouse":
            await self.purchasing.propose(storeroom, balances)
            return
        try:
            warehouse = await self.supplier(storeroom)
        except NotReplenished:
            return  # closed, or not supplied any more: nothing is carried there
        found = await self.repository.get(ARTICLES.maybe_many(article_nos))
        need = Need(
            order_no=await self._order_no(storeroom_no, warehouse.storeroom_no),
            storeroom=storeroom,
            warehouse_no=warehouse.storeroom_no,
            article_nos=tuple(article_nos),
            articles={each.article_no: each for each in found if each},
            at=self.warehouse.clock.now(),
        )
        refs = (
            DEVICE_ORDERS.maybe(need.order_no)
            & BALANCES.maybe_many(balance_ids(storeroom_no, article_nos))
            & BALANCES.maybe_many(balance_ids(warehouse.storeroom_no, article_nos))
        )
        await fault("replenish.before_commit")
        with suppress(OrderMoved):  # it was picked meanwhile: the next run makes another
            await self.repository.change(refs, partial(replenish, need=need), cause=Cause(key=None))
        await fault("replenish.after_commit")

    async def _order_no(self, storeroom_no: str, warehouse_no: str) -> str:
        """Give the number of the order that takes more lines, or a new one: few and big parcels (S120)."""
        newest = await self.queries.newest_automatic(storeroom_no)
        if newest is not None and takes_lines(newest) and newest.storeroom_no == warehouse_no:
            return newest.order_no
        return await self.repository.next_number("P", year=self.warehouse.clock.today().year)

    async def _look_at_joint(self, orders: Sequence[DeviceOrder]) -> None:
        numbers = tuple(dict.fromkeys(no for each in orders for no in each.waiting_for))
        found = await self.repository.get(ARTICLES.maybe_many(numbers))
        articles = {each.article_no: each for each in found if each}
        rule = partial(note_waiting_in_vain, articles=articles)
        for each in orders:
            if rule(each)[1]:
                await self.repository.change(DEVICE_ORDERS.ref(each.order_no), rule, cause=Cause(key=None))

    async def _publish(self, order: DeviceOrder) -> None:
        ref = DEVICE_ORDERS.ref(order.order_no)
        await self.repository.change(ref, publish_unsearched, cause=Cause(key=None))

    async def _book_planned(self, order: DeviceOrder) -> None:
        on = self.warehouse.clock.today()
        for parcel in order.parcels:
            if parcel.state == "despatched" and parcel.arrives_on and parcel.arrives_on <= on:
                await self._book_one(order, parcel)

    async def _book_one(self, order: DeviceOrder, parcel: Parcel) -> None:
        number = f"{parcel.pick_list_no}:booked"
        booking = await self.booking(order, parcel, by=None, movement_no=number)
        refs = (
            DEVICE_ORDERS.ref(order.order_no)
            & DEVICES.many(devices_in(parcel))
            & BALANCES.maybe_many(balance_ids(booking.storeroom_no, booking.article_nos))
            & MOVEMENTS.maybe(number)
        )
        try:
            await self.repository.change(refs, partial(book, booking=booking), cause=Cause(key=None))
        except ParcelNotThere:
            return  # somebody received it meanwhile


async def _one_by_one(pages: AsyncIterable[Sequence[DeviceOrder]]) -> AsyncIterator[DeviceOrder]:
    async for page in pages:
        for each in page:
            yield each


async def _by_storeroom(pages: AsyncIterable[Sequence[Balance]]) -> AsyncIterator[Sequence[Balance]]:
    async for page in pages:
        for _, of_place in groupby(page, key=lambda each: each.storeroom_no):
            yield list(of_place)


def receiving(order: DeviceOrder) -> str:
    """Name the storeroom that a replenishment is for."""
    return order.replenishment.storeroom_no if order.replenishment else ""


def orderer_of(actor: Actor, storeroom: Storeroom, care_unit: str | None = None) -> Orderer:
    """Say for whom a person orders to a storeroom: one of its units, or the warehouse that supplies it."""
    own = [each for each in storeroom.care_units if each in actor.care_units]
    unit = care_unit or next(iter((*own, *storeroom.care_units)), "")
    return Orderer(actor.sub, actor.name, unit, is_store_keeper=not own, profession=actor.profession)
