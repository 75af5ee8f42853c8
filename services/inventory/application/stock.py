"""Reads what lies in the storerooms that a person is linked to (S172, S173, Q39)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from services.inventory.application.catalogue import Catalogue
from services.inventory.application.places import PlacesOfPeople
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.listing import (
    SHORTEST_TEXT,
    StockFilter,
    TextTooCommon,
    TextTooShort,
)
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import ARTICLES, STOREROOMS
from services.inventory.repository.search import COUNTED_TO, SearchCriteria
from services.inventory.repository.stock import StockQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Page, Place

ENOUGH = 50
MOST_PAGES = 10
"""Pages of 100 balances that one search reads, of which a filter takes too few."""


@dataclass(frozen=True)
class StockRow:
    """A balance with its article and storeroom; in a report also with the devices that it counts."""

    balance: Balance
    article: Article | None
    storeroom: Storeroom
    devices: Sequence[Device] = ()


class StockList:
    """The balances of storerooms."""

    def __init__(self, warehouse: Warehouse, catalogue: Catalogue, places: PlacesOfPeople) -> None:
        self.warehouse = warehouse
        self._catalogue = catalogue
        self._places = places
        self._queries = StockQueries(warehouse.repository)

    async def search(
        self, text: str, wanted: StockFilter, *, storeroom_no: str | None, actor: Actor, after: Place | None
    ) -> Page[StockRow]:
        """Give a page by storeroom and article number; no text finds all.

        Raises TextTooShort, TextTooCommon, and NotFound for a storeroom that the person is not linked to.
        """
        places = await self._linked(actor, storeroom_no)
        articles = await self._articles_named(text)
        found: list[StockRow] = []
        for _ in range(MOST_PAGES):
            page = await self._queries.balances(places, articles=articles, after=after)
            found += await self._taken(page.states, wanted, places)
            after = page.next
            if after is None or len(found) >= ENOUGH:
                break
        return Page(found, after)

    async def is_longer_than(self, storeroom: Storeroom, most: int) -> bool:
        """Tell whether more articles than this lie in a storeroom."""
        return await self._queries.is_longer_than(storeroom.storeroom_no, most)

    async def report(self, storeroom: Storeroom) -> AsyncIterator[list[StockRow]]:
        """Read all that lies in a storeroom, with the devices of each article, by article number in pages."""
        places, after, more = {storeroom.storeroom_no: storeroom}, None, True
        while more:
            page = await self._queries.balances(places, articles=None, after=after)
            yield await self._with_devices(await self._taken(page.states, StockFilter(), places), storeroom)
            after, more = page.next, page.next is not None

    async def _with_devices(self, rows: Sequence[StockRow], storeroom: Storeroom) -> list[StockRow]:
        of_article: dict[str, list[Device]] = defaultdict(list)
        numbers = [each.balance.article_no for each in rows]
        for each in await self._queries.devices_of(numbers, storeroom.storeroom_no):
            of_article[each.article_no].append(each)
        return [replace(each, devices=of_article[each.balance.article_no]) for each in rows]

    async def _linked(self, actor: Actor, storeroom_no: str | None) -> dict[str, Storeroom]:
        linked = {each.storeroom_no: each for each in await self._places.storerooms(actor)}
        if storeroom_no is None:
            return linked
        if storeroom_no not in linked:
            raise NotFound(STOREROOMS.noun, storeroom_no)
        return {storeroom_no: linked[storeroom_no]}

    async def _articles_named(self, text: str) -> tuple[str, ...] | None:
        if not text:
            return None
        if len("".join(text.split())) < SHORTEST_TEXT:
            raise TextTooShort(shortest=SHORTEST_TEXT)
        hits = await self._catalogue.found(SearchCriteria(text, include_variants=True, limit=COUNTED_TO))
        if hits.at_least or hits.count > len(hits.article_nos):
            raise TextTooCommon(most=COUNTED_TO)
        return hits.article_nos

    async def _taken(
        self, balances: Sequence[Balance], wanted: StockFilter, places: dict[str, Storeroom]
    ) -> list[StockRow]:
        numbers = list(dict.fromkeys(each.article_no for each in balances))
        kept = await self.warehouse.repository.get(ARTICLES.maybe_many(numbers))
        articles = dict(zip(numbers, kept, strict=True))
        return [
            StockRow(each, articles[each.article_no], places[each.storeroom_no])
            for each in balances
            if wanted.takes(each, articles[each.article_no])
        ]
