"""Reads the stored catalogue, and keeps the search index of this process up to date."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import TypeVar

from services.inventory.application.imports import Imports
from services.inventory.domain.article import Article, change_article
from services.inventory.domain.prices import begin_prices
from services.inventory.domain.pricing import unpriced
from services.inventory.domain.replacements import last_replacement
from services.inventory.repository.articles import ArticleQueries
from services.inventory.repository.collections import ARTICLES
from services.inventory.repository.search import ArticleSearch, Hits, SearchCriteria, in_order_of_names
from shared.clock import Clock
from shared.domain.decision import NotFound
from shared.repository import Cause, Repository

Result = TypeVar("Result")


ENDED = object()
MOST_BEHIND = 500
"""Changed articles that the index has not taken in yet: more are not read."""


class Catalogue:
    """All articles, those of an import from its moment on; searching reads this process's index.

    The index is asked and filled on a thread of its own, one thing after the other: a search that takes long
    holds up other searches, and nothing else.
    """

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._articles = ArticleQueries(repository)
        self._clock = clock
        self.imports = Imports(repository, clock)
        self._search = ArticleSearch()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._taking_in = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    async def article(self, article_no: str) -> Article:
        """Give one article; raises NotFound."""
        for article in await self._in_force([article_no]):
            return article
        raise NotFound(ARTICLES.noun, article_no)

    async def device(self, article_no: str) -> Article:
        """Give one device, accessory or spare part; raises NotFound, also for what a distributor sends."""
        article = await self.article(article_no)
        if article.device is None:
            raise NotFound(ARTICLES.noun, article_no)
        return article

    async def replacements(self, articles: Sequence[Article]) -> Mapping[str, Article]:
        """Give what there is instead of those that are going out, at the end of the chain (S89, S162)."""
        known = {each.article_no: each for each in articles}
        known |= await self._articles.with_replacements(
            each.replaced_by for each in articles if each.replaced_by
        )
        found = ((each.article_no, last_replacement(each.article_no, known)) for each in articles)
        return {article_no: other for article_no, other in found if other}

    async def named_by(self, articles: Iterable[Article]) -> Mapping[str, str]:
        """Give the names of all that these articles name: components and replacements (S89, S107)."""
        numbers = dict.fromkeys(number for each in articles for number in each.others)
        named = await self._in_force(list(numbers)) if numbers else []
        return {each.article_no: each.name for each in named}

    async def variants(self, generic_no: str) -> list[Article]:
        """List the flavours or shapes of a generic article by name (S53, S56)."""
        found = await self._articles.variants(generic_no)
        not_published = await self._articles.not_published({"article.variant_of": generic_no})
        numbers = dict.fromkeys((*(each.article_no for each in found), *not_published))
        in_force = await self._in_force(list(numbers))
        return in_order_of_names(each for each in in_force if each.variant_of == generic_no)

    async def search(self, wanted: SearchCriteria) -> tuple[Hits, Sequence[Article]]:
        """Find a page of articles in the best order."""
        hits = await self.found(wanted)
        return hits, await self._in_force(hits.article_nos)

    async def found(self, wanted: SearchCriteria) -> Hits:
        """Find the numbers of a page of articles."""
        return await self._apart(partial(self._search.find, wanted))

    async def classes(self, code: str, *, level: int, areas: frozenset[str]) -> Mapping[str, int]:
        """Count the articles of the assortment in each class of a level below a code (S168)."""
        return await self._apart(partial(self._search.classes, code, level=level, areas=areas))

    async def everything(self) -> Mapping[str, Article]:
        """Read the whole catalogue, by article number."""
        kept = {article.article_no: article async for page in self._articles.pages() for article in page}
        not_published = await self._articles.not_published({})
        return {**kept, **{no: change_article(kept.get(no), row=row)[0] for no, row in not_published.items()}}

    def today(self) -> date:
        """Give the day in Sweden."""
        return self._clock.today()

    async def begin_prices(self) -> None:
        """Let the prices hold that begin today (S166); safe to run again."""
        today = self._clock.today()
        while due := await self._articles.with_prices_that_begin(today):
            refs = ARTICLES.many([each.article_no for each in due])
            await self._repository.change(refs, partial(begin_prices, on=today), cause=Cause(key=None))

    async def unpriced(self, articles: Sequence[Article]) -> tuple[str, ...]:
        """Name those that today's tariff has no amount for (Q3)."""
        tariffs = await self._articles.tariffs()
        return unpriced(articles, tariffs=tariffs, on=self._clock.today())

    async def _in_force(self, article_nos: Sequence[str]) -> list[Article]:
        kept = await self._articles.published(article_nos)
        not_published = await self._articles.not_published({"article_no": {"$in": list(article_nos)}})
        named = zip(article_nos, kept, strict=True)
        rows = [
            change_article(each, row=not_published[no])[0] if no in not_published else each
            for no, each in named
        ]
        return [each for each in rows if each is not None]

    async def fill_search(self) -> None:
        """Take into the index what it lacks of the catalogue, a page at a time: nothing else holds it all."""
        is_first = await self._apart(lambda: self._search.is_empty)
        take_in = self._search.wait if is_first else self._search.put
        async for page in self._articles.pages():
            await self._apart(partial(_take_in_lacking, self._search, page, take_in))
        if is_first:
            async with self._taking_in:
                waiting = self._search.take_in_waiting()
                while await self._apart(lambda: next(waiting, ENDED)) is not ENDED:
                    pass  # somebody may search between

    async def refresh_search(self) -> None:
        """See that the index follows every change, and take in what it may have missed."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="follow the catalogue")
        await self.fill_search()

    async def _follow(self) -> None:
        """Hand each change to the index at once, so that who searches from now on finds it."""
        behind: deque[Future[None]] = deque()
        async for article in self._repository.watch(ARTICLES):
            async with self._taking_in:
                behind.append(self._thread.submit(self._search.put, (article,)))
            if len(behind) > MOST_BEHIND:
                await asyncio.wrap_future(behind[-1])
            while behind and behind[0].done():
                behind.popleft().result()

    async def _apart(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _take_in_lacking(
    search: ArticleSearch, page: Sequence[Article], take_in: Callable[[Sequence[Article]], None]
) -> None:
    take_in(search.lacking(page))
