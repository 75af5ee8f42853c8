"""Finds devices for who orders, and what is free of them where that person sees it (S160, Q39)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.inventory.application.catalogue import Catalogue
from services.inventory.application.places import PlacesOfPeople
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.offering import Free
from services.inventory.domain.places import Storeroom
from services.inventory.repository.availability import balances_of
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
CLINIC = ("prescriber", "order_placer")


@dataclass(frozen=True)
class Stock:
    """What is free where the person may take it or order it, of the articles of a page."""

    storerooms: tuple[Storeroom, ...]
    balances: Mapping[str, Sequence[Balance]]
    """By article number."""

    def of(self, article_no: str) -> Sequence[Balance]:
        return self.balances.get(article_no, ())

    def free(self, article_no: str) -> Free:
        """Add up what is free in own storerooms, and in warehouses."""
        kinds = {each.storeroom_no: each.kind for each in self.storerooms}
        free: dict[str, int] = defaultdict(int)
        for each in self.of(article_no):
            free[kinds[each.storeroom_no]] += each.available
        return Free(free["storeroom"], free["warehouse"])


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

    async def page(self, wanted: SearchCriteria, actor: Actor) -> Found:
        """Give a page of hits, the standard assortment first, and what to try when there is none."""
        hits, articles = await self._catalogue.search(wanted)
        advice = self._advice(wanted) if not hits.count else None
        return Found(
            hits, articles, await self._catalogue.replacements(articles),
            await self._stock(articles, actor), advice,
        )  # fmt: skip

    async def one(self, article_no: str, actor: Actor) -> Found:
        """Give one device as a page of one; raises NotFound, also for what a distributor sends."""
        article = await self._catalogue.device(article_no)
        instead = await self._catalogue.replacements([article])
        return Found(Hits((article_no,), 1), [article], instead, await self._stock([article], actor))

    def classes(self, code: str, *, level: int, actor: Actor) -> Mapping[str, int]:
        """Count the articles of the assortment in each class below a code, in the person's areas (S168)."""
        areas = areas_of(actor)
        return self._catalogue.classes(code, level=level, areas=DEVICE_AREA_KEYS if areas is None else areas)

    async def _stock(self, articles: Sequence[Article], actor: Actor) -> Stock:
        storerooms = tuple(each for each in await self._places.storerooms(actor) if each.active)
        numbers = [each.article_no for each in articles]
        by_article: dict[str, list[Balance]] = defaultdict(list)
        for each in await balances_of(
            self._repository, numbers, storerooms=[place.storeroom_no for place in storerooms]
        ):
            by_article[each.article_no].append(each)
        return Stock(storerooms, by_article)

    def _advice(self, wanted: SearchCriteria) -> Sentence:
        """Try the same in all assortments, and without each word; say what would be found (S160)."""
        return next(self._tries(wanted), CHECK_SPELLING)

    def _tries(self, wanted: SearchCriteria) -> Iterator[Sentence]:
        limits = wanted.devices
        if limits and limits.only_standard:
            found = self._catalogue.found(replace(wanted, devices=replace(limits, only_standard=False))).count
            if found:
                yield Sentence(
                    f"Inget hittades i sortimentet. Bland alla artiklar finns {found}: sök bland alla.",
                    f"Nothing was found in the assortment. All articles have {found}: search them all.",
                )
        words = wanted.text.split()
        indexed = [(place, each) for place, each in enumerate(words) if len(each) >= SHORTEST_INDEXED]
        for place, word in indexed[:MOST_TRIED] if len(words) > 1 else ():
            rest = words[:place] + words[place + 1 :]
            found = self._catalogue.found(replace(wanted, text=" ".join(rest))).count
            if found:
                yield Sentence(
                    f"Inget hittades. Utan ”{word}” finns {found}: rätta eller ta bort ordet.",
                    f"Nothing was found. Without “{word}” there are {found}: correct it, or drop it.",
                )


def areas_of(actor: Actor) -> frozenset[str] | None:
    """Name the areas of devices that a clinic's staff browse; None: who works elsewhere sees all."""
    return actor.product_areas & DEVICE_AREA_KEYS if actor.has(*CLINIC) else None


def storeroom_of(stock: Stock, storeroom_no: str) -> Storeroom:
    """Find a storeroom or warehouse among those that the person sees (Q39); raises NotFound."""
    for each in stock.storerooms:
        if each.storeroom_no == storeroom_no:
            return each
    raise NotFound(STOREROOMS.noun, storeroom_no)
