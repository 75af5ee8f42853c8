"""Tariffs: published by an economist, read by everybody."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Response
from pydantic import Field

from services.billing.domain.tariff import Tariff
from services.billing.repository import Tariffs
from shared.events.billing import ArticleFee, Override, TariffPublished, TypeFee
from shared.events.prescription import PrescriptionType
from shared.http import Asked, Request, Router, View

Amount = Annotated[Decimal, Field(max_digits=9, decimal_places=2)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,20}$")]
Text = Annotated[str, Field(min_length=1, max_length=60)]
"""Neutral: it stands on the invoice and must reveal no diagnosis."""


class TypeAsked(Request):
    """What a withdrawal of a prescription type costs."""

    prescription_type: PrescriptionType
    basis: Literal["withdrawal", "product"]
    amount: Amount | None = None
    fee_code: Code
    text: Text


class ArticleAsked(Request):
    """An article's own fee (Q3)."""

    article_no: Annotated[str, Field(min_length=1, max_length=40)]
    amount: Amount
    per: Literal["line", "package"]


class OverrideAsked(Request):
    """A fee instead of those of the types; the first that applies wins (Q1)."""

    reason: Literal["asylum", "under16"]
    amount: Amount
    fee_code: Code
    text: Text
    cap_at_cost: bool = False


class TariffAsked(Request):
    """A whole tariff, in force from its first day until the next one begins."""

    valid_from: date
    types: Annotated[tuple[TypeAsked, ...], Field(max_length=20)]
    articles: Annotated[tuple[ArticleAsked, ...], Field(max_length=2000)] = ()
    overrides: Annotated[tuple[OverrideAsked, ...], Field(max_length=10)] = ()
    longest_days_under_16: Annotated[int, Field(ge=1, le=365)] | None = 90

    def proposed(self) -> TariffPublished:
        return TariffPublished(
            tariff=self.valid_from.isoformat(),
            version=1,
            valid_from=self.valid_from,
            types=tuple(TypeFee(**each.model_dump()) for each in self.types),
            articles=tuple(ArticleFee(**each.model_dump()) for each in self.articles),
            overrides=tuple(Override(**each.model_dump()) for each in self.overrides),
            longest_days_under_16=self.longest_days_under_16,
        )


class TariffView(View):
    """A published tariff."""

    tariff: str
    valid_from: date
    types: tuple[TypeFee, ...]
    articles: tuple[ArticleFee, ...]
    overrides: tuple[Override, ...]
    longest_days_under_16: int | None

    @classmethod
    def of(cls, published: TariffPublished) -> "TariffView":
        return cls.model_validate(published.model_dump())

    @classmethod
    def of_kept(cls, kept: Tariff | None) -> "TariffView":
        if kept is None:
            raise LookupError("a published tariff is kept")
        return cls.of(kept.published)


def tariff_routes(tariffs: Tariffs) -> Router:
    router = Router("billing", prefix="/tariffs", tags=["tariffs"])

    @router.post("", response_model=TariffView, status_code=201)
    async def publish_tariff(body: TariffAsked, asked: Asked) -> Response:
        answer = await tariffs.publish(body.proposed(), cause=asked.cause, reply=TariffView.of_kept)
        return asked.answered(answer, 201)

    @router.get("")
    async def list_tariffs() -> list[TariffView]:
        return [TariffView.of(each) for each in await tariffs.newest_first()]

    return router
