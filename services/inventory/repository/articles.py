"""Queries of articles, and of the rows of an import that are in force and not published yet."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.inventory.domain.article import Article
from services.inventory.domain.replacements import LONGEST_CHAIN
from services.inventory.repository.collections import ARTICLES, IMPORTS, STAGED, TARIFFS
from shared.events.fees import Tariff
from shared.repository import Repository

READ_AT_ONCE = 1000
CHANGED_AT_ONCE = 100


class ArticleQueries:
    """The stored catalogue."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._imports = repository.remembered(IMPORTS)

    async def published(self, article_nos: Sequence[str]) -> Sequence[Article | None]:
        """Give articles as they were published last, in this order; None for one that never was."""
        return await self._repository.get(ARTICLES.maybe_many(article_nos))

    async def with_replacements(self, article_nos: Iterable[str]) -> dict[str, Article]:
        """Give articles as published, and all that replaces those that are not active, by number (S89)."""
        known: dict[str, Article] = {}
        wanted = sorted(set(article_nos))
        for _ in range(LONGEST_CHAIN):
            found = await self.published(wanted) if wanted else ()
            known |= {each.article_no: each for each in found if each}
            going_out = (each for each in found if each and each.status != "active")
            wanted = sorted({each.replaced_by for each in going_out if each.replaced_by} - known.keys())
        return known

    async def variants(self, generic_no: str) -> list[Article]:
        """List the published flavours or shapes of a generic article."""
        return await self._repository.find(ARTICLES, {"variant_of": generic_no}, limit=READ_AT_ONCE)

    async def devices_with_gtin(self, gtin: str) -> list[Article]:
        """List the devices, accessories and spare parts with a GTIN of fourteen digits."""
        found = await self._repository.find(ARTICLES, {"gtin": gtin}, limit=READ_AT_ONCE)
        return [each for each in found if each.device is not None]

    async def not_published(self, where: Mapping[str, Any]) -> dict[str, Article]:
        """Give the rows in force, by article number, of which not all are published yet; hardly ever any."""
        pending = await self._imports.find({"state": "switched"})
        if not pending:
            return {}
        of_import = {"import_id": pending[0].import_id, **where}
        rows = await self._repository.find(STAGED, of_import, limit=pending[0].articles)
        return {row.article_no: row.article for row in rows}

    async def pages(self) -> AsyncIterator[list[Article]]:
        """Go through all published articles, a page at a time."""
        page = await self._repository.find(ARTICLES, {}, limit=READ_AT_ONCE)
        while page:
            yield page
            page = await self._repository.find(ARTICLES, {}, limit=READ_AT_ONCE, after=page[-1].article_no)

    async def with_prices_that_begin(self, on: date) -> list[Article]:
        """List some articles of which a price begins on a day, or began before it (S166)."""
        where = {"next_price_on": {"$lte": on.isoformat()}}
        return await self._repository.find(ARTICLES, where, limit=CHANGED_AT_ONCE)

    async def tariffs(self) -> list[Tariff]:
        """List the tariffs that we know."""
        return await self._repository.find(TARIFFS, {})
