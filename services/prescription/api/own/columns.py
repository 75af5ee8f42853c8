"""Routes for the columns of a search of devices: chosen by each person, and kept (S165)."""

from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.prescription.domain.own.columns import (
    ARTICLE_COLUMNS,
    COLUMN_NAMES,
    ArticleColumn,
    OwnColumns,
    choose_columns,
    columns_of,
)
from services.prescription.repository.collections import OWN_COLUMNS
from services.prescription.repository.prescriptions import Prescribing
from shared.http import Ask, Asked, Language, Request, Router, View
from shared.http.language import said


class ColumnsForm(Request):
    """The columns to show, in their order."""

    columns: Annotated[list[ArticleColumn], Field(min_length=1, max_length=len(ARTICLE_COLUMNS))]


class ColumnView(View):
    """A column that can be shown."""

    column: ArticleColumn
    """The field of inventory's rows of devices."""
    name: str
    shown: bool


class ColumnsView(View):
    """Every column: those that are shown first, in the order that was chosen."""

    columns: list[ColumnView]


def routes(prescribing: Prescribing) -> Router:
    router = Router("prescription", prefix="/me", tags=["me"])
    repository = prescribing.repository

    @router.get("/article-columns")
    async def get_own_columns(ask: Ask) -> ColumnsView:
        """Give the columns that the person chose last; all of them for who never chose."""
        return _shown(await repository.get(OWN_COLUMNS.maybe(ask.actor.sub)), ask.language)

    @router.put("/article-columns", response_model=ColumnsView)
    async def choose_own_columns(form: ColumnsForm, asked: Asked) -> Response:
        """Keep which columns the person sees, until that person changes them."""
        person = asked.actor.sub
        rule = partial(choose_columns, person=person, columns=form.columns)
        answer = await repository.change(
            OWN_COLUMNS.maybe(person),
            rule,
            cause=asked.cause,
            reply=lambda kept: _shown(kept, asked.language),
        )
        return asked.answered(answer)

    return router


def _shown(kept: OwnColumns | None, language: Language) -> ColumnsView:
    chosen = columns_of(kept)
    others = [each for each in ARTICLE_COLUMNS if each not in chosen]
    return ColumnsView(
        columns=[
            ColumnView(column=each, name=said(COLUMN_NAMES[each], language), shown=each in chosen)
            for each in (*chosen, *others)
        ]
    )
