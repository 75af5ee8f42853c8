"""The catalogue as it is kept, and the index that follows it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial

from services.inventory.domain.article import Article, change_articles
from services.inventory.repository.search import ArticleSearch, Hits, Wanted, in_order_of_names
from shared.fault import fault
from shared.repository import Cause, Collection, Repository
from shared.repository.backend import Contended

ARTICLES = Collection("articles", Article, indexes=("variant_of",))

READ_AT_ONCE = 1000
WRITTEN_AT_ONCE = 200
WAITS_SECONDS = (0.5, 1, 2, 4)
"""Together longer than the database lets an open transaction live."""
CHANGES_IN_FLIGHT = 4
"""So many changes of so many articles share one transaction: well inside the database's time limit for it."""


class Catalogue:
    """All articles; searching reads this process's index."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._search = ArticleSearch()
        self._taking_in = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    async def article(self, article_no: str) -> Article:
        """Give one article; raises NotFound."""
        return await self._repository.get(ARTICLES.ref(article_no))

    async def variants(self, generic_no: str) -> list[Article]:
        """List the flavours or shapes of a generic article by name (S53, S56)."""
        found = await self._repository.find(ARTICLES, {"variant_of": generic_no}, limit=READ_AT_ONCE)
        return in_order_of_names(found)

    async def search(self, wanted: Wanted) -> tuple[Hits, Sequence[Article]]:
        """Find a page of articles in the best order."""
        hits = self._search.find(wanted)
        return hits, await self._repository.get(ARTICLES.many(hits.article_nos))

    async def everything(self) -> Mapping[str, Article]:
        """Read the whole catalogue, by article number."""
        return {article.article_no: article async for page in self._pages() for article in page}

    async def keep(self, rows: Sequence[Article], *, run: str, progress: Callable[[int], None]) -> None:
        """Make the articles what the rows say; `run` names this import, so that a later one may undo it."""
        free = asyncio.Semaphore(CHANGES_IN_FLIGHT)

        async def keep_some(first: int) -> None:
            some = rows[first : first + WRITTEN_AT_ONCE]
            async with free:
                await fault("import.before_rows")
                await self._keep(some, cause=Cause.of_job("import-articles", run, str(first)))
                await fault("import.after_rows")
            progress(len(some))

        await asyncio.gather(*(keep_some(first) for first in range(0, len(rows), WRITTEN_AT_ONCE)))

    async def _keep(self, rows: Sequence[Article], *, cause: Cause) -> None:
        """Change some articles, also while the transaction of a killed import still holds them."""
        refs = ARTICLES.maybe_many([row.article_no for row in rows])
        rule = partial(change_articles, rows=rows)
        for pause in WAITS_SECONDS:
            try:
                await self._repository.change(refs, rule, cause=cause)
            except Contended:
                await asyncio.sleep(pause)
            else:
                return
        await self._repository.change(refs, rule, cause=cause)

    async def fill_search(self) -> None:
        """Take into the index what it lacks of the catalogue, a page at a time: nothing else holds it all."""
        is_first = self._search.is_empty
        take_in = self._search.wait if is_first else self._search.put
        async for page in self._pages():
            take_in(self._search.lacking(page))
            await asyncio.sleep(0)  # somebody may be searching meanwhile
        if is_first:
            async with self._taking_in:
                for _ in self._search.take_in_waiting():
                    await asyncio.sleep(0)

    async def refresh_search(self) -> None:
        """See that the index follows every change, and take in what it may have missed."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="follow the catalogue")
        await self.fill_search()

    async def _follow(self) -> None:
        async for article in self._repository.watch(ARTICLES):
            async with self._taking_in:
                self._search.put((article,))

    async def _pages(self) -> AsyncIterator[list[Article]]:
        page = await self._repository.find(ARTICLES, {}, limit=READ_AT_ONCE)
        while page:
            yield page
            page = await self._repository.find(ARTICLES, {}, limit=READ_AT_ONCE, after=page[-1].article_no)
