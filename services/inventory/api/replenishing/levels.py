"""Routes for the levels below which a storeroom's articles are replenished by themselves (S115, Q19)."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.inventory.api.forms import Pieces, StoreroomNo
from services.inventory.application.replenishing import Replenishing, orderer_of
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance, balance_id
from services.inventory.domain.goods.levels import Level, Stopped
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.goods.supplying import Shelf
from services.inventory.domain.places import Storeroom
from services.inventory.domain.replenishing.judging import WHY_STOPPED
from services.inventory.domain.replenishing.levels import end_level, set_level
from services.inventory.domain.replenishing.suggesting import Suggestion, suggested
from services.inventory.repository.collections import ARTICLES, BALANCES
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import ArticleNo
from shared.http.language import Language, said

MOST_PACKAGES = 1000
MOST_SUGGESTED = 200
Packages = Annotated[int, Field(ge=1, le=MOST_PACKAGES)]
"""Whole packages of an article (Q60)."""
PATH = "/storerooms/{storeroom_no}/articles/{article_no}/level"


class LevelForm(Request):
    """How few may lie there, in base units, and how many packages are ordered then."""

    minimum: Pieces
    packages: Packages


class LevelView(View):
    """The level of an article in a storeroom, and what lies there; in base units but for the packages."""

    storeroom_no: str
    storeroom_name: str
    article_no: str
    article_name: str
    minimum: int | None
    """None: it is replenished only when somebody orders it."""
    packages: int | None
    quantity: int | None
    """What those packages hold."""
    on_hand: int
    reserved: int
    on_order: int
    below: bool
    """It is ordered within a minute."""
    stopped: str | None
    """Why the article is not replenished any more, and what to do (Q50)."""
    set_by: str | None
    set_by_name: str | None
    set_at: datetime | None


class SuggestionView(View):
    """A level that a year's use suggests; somebody sets it, or not."""

    article_no: str
    article_name: str
    used: int
    """Base units that were handed out."""
    days: int
    """In so many days."""
    minimum: int
    packages: int
    quantity: int
    present_minimum: int | None
    present_packages: int | None
    why: str


class SuggestionsView(View):
    """The levels that are suggested for a storeroom, what is used most first."""

    storeroom_no: str
    storeroom_name: str
    suggestions: list[SuggestionView]


def routes(replenishing: Replenishing) -> Router:
    router = Router("inventory", tags=["replenishments"])
    _setting(router, replenishing)

    @router.get("/storerooms/{storeroom_no}/levels")
    async def list_levels(storeroom_no: StoreroomNo, ask: Ask, pages: Pages) -> list[LevelView]:
        """List the articles of a storeroom that are replenished by themselves, by number."""
        storeroom = await replenishing.storeroom_for(storeroom_no, ask.actor)
        balances = pages.shown(await replenishing.queries.levels_in(storeroom_no, after=pages.after))
        numbers = [each.article_no for each in balances]
        articles = await replenishing.repository.get(ARTICLES.maybe_many(numbers))
        return [
            level_shown(each, article, storeroom, replenishing.why_not(storeroom, article), ask.language)
            for each, article in zip(balances, articles, strict=True)
        ]

    @router.get("/storerooms/{storeroom_no}/level-suggestions")
    async def suggest_levels(storeroom_no: StoreroomNo, ask: Ask) -> SuggestionsView:
        """Suggest levels by what the storeroom handed out in a year, each with why; nothing is set."""
        storeroom = await replenishing.storeroom_for(storeroom_no, ask.actor)
        use = await replenishing.use(storeroom_no)
        numbers = [no for no, _ in use.pieces.most_common(MOST_SUGGESTED)]
        articles = await replenishing.repository.get(ARTICLES.maybe_many(numbers))
        kept = await replenishing.repository.get(BALANCES.maybe_many(balance_ids(storeroom_no, numbers)))
        return SuggestionsView(
            storeroom_no=storeroom_no,
            storeroom_name=storeroom.name,
            suggestions=[
                _suggestion(found, article, balance, ask.language)
                for article, balance in zip(articles, kept, strict=True)
                if article and (found := suggested(article, use))
            ],
        )

    return router


def _suggestion(
    found: Suggestion, article: Article, balance: Balance | None, language: Language
) -> SuggestionView:
    level = balance.level if balance else None
    return SuggestionView(
        article_no=found.article_no,
        article_name=article.name,
        used=found.used,
        days=found.days,
        minimum=found.minimum,
        packages=found.packages,
        quantity=found.quantity,
        present_minimum=level.minimum if level else None,
        present_packages=level.packages if level else None,
        why=said(found.why, language),
    )


def _setting(router: Router, replenishing: Replenishing) -> None:
    repository, clock = replenishing.repository, replenishing.warehouse.clock

    @router.put(PATH, response_model=LevelView)
    async def set_level_of_article(
        storeroom_no: StoreroomNo, article_no: ArticleNo, form: LevelForm, asked: Asked
    ) -> Response:
        """Set the minimum of an article in a storeroom, and how much is ordered below it."""
        storeroom = await replenishing.storeroom_for(storeroom_no, asked.actor)
        if storeroom.kind != "warehouse":
            await replenishing.supplier(storeroom)
        article = await replenishing.warehouse.article(article_no)
        level = Level(form.minimum, form.packages, asked.actor.sub, clock.now(), set_by_name=asked.actor.name)
        shelf = Shelf(storeroom_no, article_no)
        rule = partial(
            set_level,
            shelf=shelf,
            level=level,
            article=article,
            why=replenishing.why_not(storeroom, article),
            orderer=orderer_of(asked.actor, storeroom),
            rules=await replenishing.rules(),
        )
        ref = BALANCES.maybe(balance_id(storeroom_no, article_no))

        def shown(balance: Balance | None) -> LevelView:
            return level_shown(
                balance or Balance(storeroom_no, article_no), article, storeroom, None, asked.language
            )

        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=shown))

    @router.post(PATH + "/end", response_model=LevelView)
    async def end_level_of_article(
        storeroom_no: StoreroomNo, article_no: ArticleNo, asked: Asked
    ) -> Response:
        """Replenish the article only when somebody orders it; what is on its way comes all the same."""
        storeroom = await replenishing.storeroom_for(storeroom_no, asked.actor)
        article = await repository.get(ARTICLES.maybe(article_no))

        def shown(balance: Balance) -> LevelView:
            return level_shown(balance, article, storeroom, None, asked.language)

        ref = BALANCES.ref(balance_id(storeroom_no, article_no))
        return asked.answered(await repository.change(ref, end_level, cause=asked.cause, reply=shown))


def level_shown(
    balance: Balance, article: Article | None, storeroom: Storeroom, why: Stopped | None, language: Language
) -> LevelView:
    level = balance.level
    stopped = (level.stopped or why) if level else None
    size = article.pieces_per_package if article else 1
    return LevelView(
        storeroom_no=balance.storeroom_no,
        storeroom_name=storeroom.name,
        article_no=balance.article_no,
        article_name=article.name if article else "",
        minimum=level.minimum if level else None,
        packages=level.packages if level else None,
        quantity=level.packages * size if level else None,
        on_hand=balance.on_hand,
        reserved=balance.reserved,
        on_order=balance.on_order,
        below=balance.to_replenish,
        stopped=said(WHY_STOPPED[stopped], language) if stopped else None,
        set_by=level.set_by if level else None,
        set_by_name=(level.set_by_name or level.set_by) if level else None,
        set_at=level.set_at if level else None,
    )
