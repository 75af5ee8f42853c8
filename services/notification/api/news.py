"""Routes of news and messages about the system, read by those whom they concern (S152, S154)."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

from fastapi import Response
from pydantic import Field

from services.notification.domain.news import MOST_ROLES, NewsItem, end_news, write_news
from services.notification.repository.collections import NEWS
from services.notification.repository.news import news_page
from shared.auth.rule import EVERY_UNIT
from shared.clock import Clock
from shared.fields import Day, MultiLine, SingleLine
from shared.http import Ask, Asked, Language, Pages, Request, Router, View
from shared.http.ids import Id
from shared.repository import Repository

Title = Annotated[SingleLine, Field(max_length=120)]
Text = Annotated[MultiLine, Field(max_length=2000)]
ReaderRole = Literal[
    "prescriber", "order_placer", "customer_service", "store_keeper", "technician", "economist", "operator",
    "patient",
]  # fmt: skip
WRITERS = EVERY_UNIT - {"economist"}


class NewsForm(Request):
    """What is told, to whom and on which days; no English means that the Swedish is shown."""

    title: Title
    text: Text
    title_en: Title | None = None
    text_en: Text | None = None
    roles: Annotated[list[ReaderRole], Field(max_length=MOST_ROLES, default_factory=list)]
    valid_from: Day
    valid_through: Day
    is_urgent: bool = False


class NewsView(View):
    """A piece of news in the reader's language."""

    news_id: str
    title: str
    text: str
    roles: list[str]
    valid_from: date
    valid_through: date
    is_urgent: bool
    written_at: datetime
    is_ended: bool

    @classmethod
    def of(cls, item: NewsItem, language: Language) -> "NewsView":
        english = language == "en"
        return cls(
            news_id=item.news_id,
            title=(item.title_en if english else None) or item.title,
            text=(item.text_en if english else None) or item.text,
            roles=list(item.roles),
            valid_from=item.valid_from,
            valid_through=item.valid_through,
            is_urgent=item.is_urgent,
            written_at=item.written_at,
            is_ended=item.ended_at is not None,
        )


def news_routes(repository: Repository, *, clock: Clock) -> Router:
    router = Router("notification", prefix="/news", tags=["news"])

    @router.get("")
    async def list_news(ask: Ask, pages: Pages, which: Literal["mine", "all"] = "mine") -> list[NewsView]:
        """List what concerns the reader today, the urgent first; all that is kept, for who writes."""
        every = which == "all" and ask.actor.has(*WRITERS)
        page = await news_page(repository, ends_from=None if every else clock.today(), after=pages.after)
        found = [
            each for each in pages.shown(page) if every or each.concerns(ask.actor.roles, on=clock.today())
        ]
        return [
            NewsView.of(each, ask.language) for each in sorted(found, key=lambda each: not each.is_urgent)
        ]

    @router.post("", response_model=NewsView, status_code=201)
    async def write_news_item(form: NewsForm, asked: Asked) -> Response:
        item = NewsItem(
            news_id=str(uuid5(NAMESPACE_URL, asked.cause.key or "")),
            title=form.title,
            text=form.text,
            title_en=form.title_en,
            text_en=form.text_en,
            roles=tuple(form.roles),
            valid_from=form.valid_from,
            valid_through=form.valid_through,
            is_urgent=form.is_urgent,
            written_by=asked.actor.sub,
            written_at=clock.now(),
        )
        rule, reply = partial(write_news, item=item), partial(NewsView.of, language=asked.language)
        answer = await repository.change(NEWS.maybe(item.news_id), rule, cause=asked.cause, reply=reply)
        return asked.answered(answer, 201)

    @router.post("/{news_id}/end", response_model=NewsView)
    async def end_news_item(news_id: Id, asked: Asked) -> Response:
        rule = partial(end_news, by=asked.actor.sub, at=clock.now())
        ref, reply = (
            NEWS.ref(news_id, if_version=asked.if_match),
            partial(NewsView.of, language=asked.language),
        )
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=reply))

    return router
