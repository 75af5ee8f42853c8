"""Reads what lies in the storerooms that a person is linked to (S172, S173, Q39)."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """A balance with its article and storeroom."""

    balance: Balance
    article: Article | None
    storeroom: Storeroom


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

    async def report(self, storeroom: Storeroom) -> tuple[list[StockRow], dict[str, list[Device]]]:
        """Read all that lies in a storeroom, with the devices of each article."""
        balances = await self._queries.all_balances(storeroom.storeroom_no)
        rows = await self._taken(balances, StockFilter(), {storeroom.storeroom_no: storeroom})
        devices: dict[str, list[Device]] = {}
        for each in await self._queries.all_devices(storeroom.storeroom_no):
            devices.setdefault(each.article_no, []).append(each)
        return rows, devices

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
        hits = self._catalogue.found(SearchCriteria(text, include_variants=True, limit=COUNTED_TO))
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
