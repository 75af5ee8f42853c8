"""Handlers for the facts about articles: their names, for the statement."""

from functools import partial

from services.billing.domain.fees.article_name import ArticleName, note_name
from services.billing.repository.collections import ARTICLE_NAMES
from shared.events.inventory import ArticleChanged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def on_articles(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(ArticleChanged)
    async def on_article_changed(event: ArticleChanged, cause: Cause) -> None:
        rule = partial(note_name, published=ArticleName(event.name, event.version))
        await repository.change(ARTICLE_NAMES.maybe(event.article_no), rule, cause=cause)
