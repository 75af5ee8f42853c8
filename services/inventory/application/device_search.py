"""Finds devices for who orders, and what is free of them where that person sees it (S160, Q39)."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from services.inventory.application.catalogue import Catalogue
from services.inventory.application.places import PlacesOfPeople
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.offering import Free
from services.inventory.domain.places import Storeroom, StoreroomKind
from services.inventory.repository.availability import balances_of, free_of
from services.inventory.repository.collections import STOREROOMS
from services.inventory.repository.search import Hits, SearchCriteria
from services.inventory.repository.wording import SHORTEST_INDEXED
from shared.auth.actor import Actor
from shared.domain.decision import NotFound, Sentence
from shared.domain.device_areas import DEVICE_AREA_KEYS
from shared.repository import Repository

CHECK_SPELLING = Sentence(
    "Inget hittades. Kontrollera stavningen, eller prova med färre ord.",
    "Nothing was found. Check the spelling, or try fewer words.",
)
MOST_TRIED = 5
"""Words without which a search that found nothing is tried again."""
MOST_PLACES = 10
"""Of more storerooms than these one total is shown for each article (Q39)."""
CLINIC = ("prescriber", "order_placer")


@dataclass(frozen=True)
class Stock:
    """What is free where the person may take it or order it, of the articles of a page."""

    storerooms: tuple[Storeroom, ...]
    listed: tuple[Storeroom, ...]
    """Those of them that are shown one by one; none when they are too many."""
    balances: Mapping[str, Sequence[Balance]]
    """By article number, in the listed ones."""
    free_of: Mapping[str, Free]
    """By article number, in all of them."""

    def of(self, article_no: str) -> Sequence[Balance]:
        return self.balances.get(article_no, ())

    def free(self, article_no: str) -> Free:
        """Give what is free in own storerooms, and in warehouses."""
        return self.free_of.get(article_no, Free())

    def available(self, article_no: str) -> int:
        """Add up what is free where it is shown: in the listed places, or in all of them."""
        if self.listed:
            return sum(each.available for each in self.of(article_no))
        free = self.free(article_no)
        return free.in_storerooms + free.in_warehouses


@dataclass(frozen=True)
class Found:
    """A page of hits with all that is shown of them."""

    hits: Hits
    articles: Sequence[Article]
    replacements: Mapping[str, Article]
    """What there is instead at the end of the chain, by article number."""
    stock: Stock
    advice: Sentence | None = None
    """What to try when nothing was found (S160)."""


class DeviceSearch:
    """Searches the catalogue of devices for one person."""

    def __init__(self, catalogue: Catalogue, places: PlacesOfPeople, repository: Repository) -> None:
        self._catalogue = catalogue
        self._places = places
        self._repository = repository

    async def page(self, wanted: SearchCriteria, actor: Actor, *, storeroom_no: str | None = None) -> Found:
        """Give a page of hits, the standard assortment first, and what to try when there is none.

        What is free is shown in one storeroom or in all; raises NotFound for one that the person cannot see.
        """
        hits, articles = await self._catalogue.search(wanted)
        advice = None if hits.count else await self._advice(wanted)
        replacements, stock = await asyncio.gather(
            self._catalogue.replacements(articles),
            self._stock(articles, actor, storeroom_no=storeroom_no, most=MOST_PLACES),
        )
        return Found(hits, articles, replacements, stock, advice)

    async def one(self, article_no: str, actor: Actor) -> Found:
        """Give one device as a page of one; raises NotFound, also for what a distributor sends."""
        article = await self._catalogue.device(article_no)
        instead = await self._catalogue.replacements([article])
        stock = await self._stock([article], actor, storeroom_no=None, most=None)
        return Found(Hits((article_no,), 1), [article], instead, stock)

    async def classes(self, code: str, *, level: int, actor: Actor) -> Mapping[str, int]:
        """Count the articles of the assortment in each class below a code, in the person's areas (S168)."""
        areas = areas_of(actor)
        known = DEVICE_AREA_KEYS if areas is None else areas
        return await self._catalogue.classes(code, level=level, areas=known)

    async def _stock(
        self, articles: Sequence[Article], actor: Actor, *, storeroom_no: str | None, most: int | None
    ) -> Stock:
        storerooms = tuple(each for each in await self._places.storerooms(actor) if each.active)
        listed = (storeroom_of(storerooms, storeroom_no),) if storeroom_no else storerooms
        if most is not None and len(listed) > most:
            listed = ()
        numbers = [each.article_no for each in articles]
        places = [each.storeroom_no for each in listed]
        balances = await balances_of(self._repository, numbers, storerooms=places)
        by_article: dict[str, list[Balance]] = defaultdict(list)
        for each in balances:
            by_article[each.article_no].append(each)
        if listed == storerooms:
            return Stock(storerooms, listed, by_article, _free_in(balances, storerooms))
        return Stock(storerooms, listed, by_article, await free_of(self._repository, numbers, storerooms))

    async def _advice(self, wanted: SearchCriteria) -> Sentence:
        """Try the same in all assortments, and without each word; say what would be found (S160)."""
        for tried, advice in _tries(wanted):
            found = (await self._catalogue.found(tried)).count
            if found:
                return advice(found)
        return CHECK_SPELLING


def _free_in(balances: Sequence[Balance], storerooms: Sequence[Storeroom]) -> Mapping[str, Free]:
    kinds = {each.storeroom_no: each.kind for each in storerooms}
    free: dict[str, dict[StoreroomKind, int]] = defaultdict(lambda: {"storeroom": 0, "warehouse": 0})
    for each in balances:
        free[each.article_no][kinds[each.storeroom_no]] += each.available
    return {no: Free(each["storeroom"], each["warehouse"]) for no, each in free.items()}


def _tries(wanted: SearchCriteria) -> Iterator[tuple[SearchCriteria, Callable[[int], Sentence]]]:
    if wanted.devices and wanted.devices.only_standard:
        yield replace(wanted, devices=replace(wanted.devices, only_standard=False)), _among_all
    words = wanted.text.split()
    indexed = [(place, each) for place, each in enumerate(words) if len(each) >= SHORTEST_INDEXED]
    for place, word in indexed[:MOST_TRIED] if len(words) > 1 else ():
        rest = " ".join(words[:place] + words[place + 1 :])
        yield replace(wanted, text=rest), partial(_without, word)


def _among_all(found: int) -> Sentence:
    return Sentence(
        f"Inget hittades i sortimentet. Bland alla artiklar finns {found}: sök bland alla.",
        f"Nothing was found in the assortment. All articles have {found}: search them all.",
    )


def _without(word: str, found: int) -> Sentence:
    return Sentence(
        f"Inget hittades. Utan ”{word}” finns {found}: rätta eller ta bort ordet.",
        f"Nothing was found. Without “{word}” there are {found}: correct it, or drop it.",
    )


def areas_of(actor: Actor) -> frozenset[str] | None:
    """Name the areas of devices that a clinic's staff browse; None: who works elsewhere sees all."""
    return actor.product_areas & DEVICE_AREA_KEYS if actor.has(*CLINIC) else None


def storeroom_of(storerooms: Sequence[Storeroom], storeroom_no: str) -> Storeroom:
    """Find a storeroom or warehouse among those that the person sees (Q39); raises NotFound."""
    for each in storerooms:
        if each.storeroom_no == storeroom_no:
            return each
    raise NotFound(STOREROOMS.noun, storeroom_no)
