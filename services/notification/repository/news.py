"""Queries of news."""

from datetime import date

from services.notification.domain.news import NewsItem
from services.notification.repository.collections import NEWS
from shared.repository import Page, Place, Repository

MOST_SHOWN = 50


async def news_page(repository: Repository, *, ends_from: date | None, after: Place | None) -> Page[NewsItem]:
    """List what is not over by a day, or all of it; what ends last first."""
    where = {"valid_through": {"$gte": ends_from.isoformat()}} if ends_from else {}
    return await repository.page(NEWS, where, sort="-valid_through", limit=MOST_SHOWN, after=after)
