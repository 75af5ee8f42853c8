"""Reads the facts of reports page by page, for the storerooms that a person is linked to (Q39)."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.inventory.application.places import PlacesOfPeople
from services.inventory.application.stock import StockRow
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.places import Storeroom
from services.inventory.domain.reports.valuing import StockValue, count_out, valued
from services.inventory.repository.collections import ARTICLES, STOREROOMS
from services.inventory.repository.replenishing import ReplenishingQueries
from services.inventory.repository.stock import StockQueries
from shared.auth.actor import Actor
from shared.domain.days import begins_at
from shared.domain.decision import NotFound
from shared.repository import Page, Place

STOREROOMS_AT_ONCE = 10


@dataclass(frozen=True)
class ValueWanted:
    """Which storeroom and area, and the day whose prices count; None: every one."""

    storeroom_no: str | None
    area: str | None
    on: date


@dataclass(frozen=True)
class UseWanted:
    """In which period, both days included, and of which area; None: every one."""

    since: date
    until: date
    area: str | None


@dataclass(frozen=True)
class Valued:
    """A storeroom with what its goods are worth."""

    storeroom: Storeroom
    value: StockValue


@dataclass(frozen=True)
class Used:
    """A balance with what left it in a period; base units."""

    row: StockRow
    used: int


class Reports:
    """What economists and those who keep storerooms ask about goods."""

    def __init__(self, warehouse: Warehouse, places: PlacesOfPeople) -> None:
        self.warehouse = warehouse
        self._places = places
        self._queries = StockQueries(warehouse.repository)
        self._moves = ReplenishingQueries(warehouse.repository)

    async def values(self, actor: Actor, wanted: ValueWanted, *, after: Place | None) -> Page[Valued]:
        """Give a page of storerooms by number, each with its value; raises NotFound."""
        linked = await self._linked(actor, wanted.storeroom_no)
        left = [each for each in linked if after is None or each.storeroom_no > after.row_id]
        page = left[:STOREROOMS_AT_ONCE]
        found = [Valued(each, await self._value(each, area=wanted.area, on=wanted.on)) for each in page]
        more = len(left) > len(page)
        return Page(found, Place(None, page[-1].storeroom_no) if more else None)

    async def all_values(self, actor: Actor, wanted: ValueWanted) -> AsyncIterator[Sequence[Valued]]:
        """Go through all storerooms, some at a time."""
        after: Place | None = None
        while True:
            page = await self.values(actor, wanted, after=after)
            yield page.states
            if page.next is None:
                return
            after = page.next

    async def used(self, storeroom: Storeroom, wanted: UseWanted, *, after: Place | None) -> Page[Used]:
        """Give a page of what lies in a storeroom, by article number, with what left it."""
        pieces = await self._used(storeroom, wanted)
        return await self._used_page(storeroom, pieces, area=wanted.area, after=after)

    async def all_used(self, storeroom: Storeroom, wanted: UseWanted) -> AsyncIterator[Sequence[Used]]:
        """Go through all that lies in a storeroom; its movements are read once."""
        pieces, after = await self._used(storeroom, wanted), None
        while True:
            page = await self._used_page(storeroom, pieces, area=wanted.area, after=after)
            yield page.states
            if page.next is None:
                return
            after = page.next

    async def storeroom(self, storeroom_no: str, actor: Actor) -> Storeroom:
        """Give a storeroom that the person is linked to; raises NotFound."""
        return (await self._linked(actor, storeroom_no))[0]

    async def _used_page(
        self, storeroom: Storeroom, pieces: Counter[str], *, area: str | None, after: Place | None
    ) -> Page[Used]:
        page = await self._queries.balances({storeroom.storeroom_no}, articles=None, after=after)
        rows = await self._rows(page.states, storeroom, area=area)
        return Page([Used(each, pieces[each.balance.article_no]) for each in rows], page.next)

    async def _used(self, storeroom: Storeroom, wanted: UseWanted) -> Counter[str]:
        """Count by article what left in a period, a movement at a time."""
        pieces, end = Counter[str](), begins_at(wanted.until + timedelta(days=1))
        async for each in self._moves.movements_since(storeroom.storeroom_no, since=begins_at(wanted.since)):
            if each.moved_at >= end:
                break
            count_out(pieces, each, storeroom_no=storeroom.storeroom_no)
        return pieces

    async def _value(self, storeroom: Storeroom, *, area: str | None, on: date) -> StockValue:
        value, after = StockValue(), None
        while True:
            page = await self._queries.balances({storeroom.storeroom_no}, articles=None, after=after)
            rows = await self._rows(page.states, storeroom, area=area)
            articles = {each.balance.article_no: each.article for each in rows if each.article}
            value = valued(value, (each.balance for each in rows), articles, on=on)
            if page.next is None:
                return value
            after = page.next

    async def _rows(
        self, balances: Sequence[Balance], storeroom: Storeroom, *, area: str | None
    ) -> list[StockRow]:
        numbers = [each.article_no for each in balances]
        articles = await self.warehouse.repository.get(ARTICLES.maybe_many(numbers))
        rows = (StockRow(each, article, storeroom) for each, article in zip(balances, articles, strict=True))
        return [each for each in rows if area is None or (each.article and each.article.product_area == area)]

    async def _linked(self, actor: Actor, storeroom_no: str | None) -> list[Storeroom]:
        linked = sorted(await self._places.storerooms(actor), key=lambda each: each.storeroom_no)
        if storeroom_no is None:
            return linked
        found = [each for each in linked if each.storeroom_no == storeroom_no]
        if not found:
            raise NotFound(STOREROOMS.noun, storeroom_no)
        return found
