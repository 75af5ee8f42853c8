"""News for people at work, and messages about the system: dated, for some roles or everybody (S152, S154)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.domain.days import Period
from shared.domain.decision import Decision

MOST_ROLES = 12


@dataclass(frozen=True)
class NewsItem:
    """One piece of news; `is_urgent` is about the system itself, and stands first."""

    news_id: str
    title: str
    text: str
    title_en: str | None
    text_en: str | None
    roles: tuple[str, ...]
    """Who is concerned; nobody named means everybody."""
    valid_from: date
    valid_through: date
    is_urgent: bool
    written_by: str
    written_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def concerns(self, roles: frozenset[str], *, on: date) -> bool:
        """Tell whether somebody with these roles is to read it that day (S154)."""
        is_now = self.valid_from <= on <= self.valid_through and self.ended_at is None
        return is_now and (not self.roles or not roles.isdisjoint(self.roles))


def write_news(known: NewsItem | None, *, item: NewsItem) -> Decision[NewsItem | None]:
    """Keep a piece of news (S154); raises PeriodReversed."""
    Period(item.valid_from, item.valid_through).in_order()
    return known or item, []


def end_news(item: NewsItem, *, by: str, at: datetime) -> Decision[NewsItem]:
    """Take a piece of news away before its last day (S154); ended already, it stays so."""
    return (item if item.ended_at else replace(item, ended_at=at, ended_by=by)), []
