"""What the articles of fees are called (S159, Q38)."""

from collections.abc import Iterable, Mapping

from services.billing.repository.collections import ARTICLE_NAMES, FEES
from shared.repository import Repository


class ArticleNames:
    """Finds the names of articles; of one that inventory has not published there is none."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def of(self, articles: Iterable[str]) -> Mapping[str, str]:
        numbers = sorted(set(articles))
        found = await self._repository.get(ARTICLE_NAMES.maybe_many(numbers))
        return {no: each.name for no, each in zip(numbers, found, strict=True) if each}

    async def on_fee(self, event_id: str) -> Mapping[str, str]:
        fee = await self._repository.get(FEES.maybe(event_id))
        return await self.of(fee.entry.article_nos if fee else ())
