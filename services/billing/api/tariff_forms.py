"""Request and response bodies of tariffs, drafts and previews, and of the price on any day."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from services.billing.domain.tariffs.draft import Draft
from services.billing.domain.tariffs.repricing import Repricing
from services.billing.domain.tariffs.tariff import PublishedTariff
from shared.domain.money import Money
from shared.domain.tariff import Priced
from shared.events.billing import TariffPublished
from shared.events.fees import (
    ArticleFee,
    Cap,
    CompensationRow,
    DeviceFeeRow,
    FeeCondition,
    FeePriced,
    Override,
    Tariff,
    TypeFee,
)
from shared.events.values import PrescriptionType
from shared.fields import Amount, Code, Day, SingleLine
from shared.http import Request, View
from shared.http.ids import ArticleNo

Kronor = Annotated[Amount, Field(max_digits=9, decimal_places=2)]
Percent = Annotated[int, Field(ge=0, le=100)]
FeeCode = Annotated[Code, Field(pattern=r"^[A-Z0-9-]{1,20}$")]
Text = Annotated[SingleLine, Field(max_length=60)]
"""Neutral: it stands on the invoice and must reveal no diagnosis."""


class TypeAsked(Request):
    """What a withdrawal of a prescription type costs."""

    prescription_type: PrescriptionType
    basis: Literal["withdrawal", "product"]
    amount: Kronor | None = None
    fee_code: FeeCode
    text: Text


class ArticleAsked(Request):
    """An article's own fee (Q3)."""

    article_no: ArticleNo
    amount: Kronor
    per: Literal["line", "package"]


class OverrideAsked(Request):
    """A fee instead of those of the types; the first that applies wins (Q1)."""

    reason: Literal["asylum", "under16"]
    amount: Kronor
    fee_code: FeeCode
    text: Text
    cap_at_cost: bool = False


class CapAsked(Request):
    """The most that is paid in one withdrawal, or by one patient within so many days."""

    scope: Literal["withdrawal", "patient"]
    amount: Kronor
    window_days: Annotated[int, Field(ge=1, le=366)] | None = None


class DeviceFeeAsked(Request):
    """What a device costs whose article carries the code (Q37)."""

    fee_code: FeeCode
    text: Text
    amount: Kronor
    per: Literal["line", "piece"]
    deferred_days: Annotated[int, Field(ge=0, le=366)] = 90


class CompensationAsked(Request):
    """What a patient pays of what a device cost that was stolen, lost or damaged (Q57)."""

    how: Literal["stolen", "lost", "damaged"]
    product_area: Annotated[Code, Field(max_length=64)] | None = None
    percent: Percent
    less_each_year: Percent = 0
    at_least: Percent = 0
    at_most: Kronor | None = None
    fee_code: FeeCode
    text: Text


class TariffAsked(Request):
    """A whole tariff, in force from its first day until the next one begins."""

    valid_from: Day
    types: Annotated[tuple[TypeAsked, ...], Field(max_length=20)]
    articles: Annotated[tuple[ArticleAsked, ...], Field(max_length=2000)] = ()
    overrides: Annotated[tuple[OverrideAsked, ...], Field(max_length=10)] = ()
    longest_days_under_16: Annotated[int, Field(ge=1, le=365)] | None = 90
    cap: CapAsked | None = None
    device_fees: Annotated[tuple[DeviceFeeAsked, ...], Field(max_length=200)] = ()

    compensations: Annotated[tuple[CompensationAsked, ...], Field(max_length=100)] = ()

    def proposed(self) -> TariffPublished:
        return TariffPublished(
            tariff=self.valid_from.isoformat(),
            version=1,
            valid_from=self.valid_from,
            types=tuple(TypeFee(**each.model_dump()) for each in self.types),
            articles=tuple(ArticleFee(**each.model_dump()) for each in self.articles),
            overrides=tuple(Override(**each.model_dump()) for each in self.overrides),
            longest_days_under_16=self.longest_days_under_16,
            cap=Cap(**self.cap.model_dump()) if self.cap else None,
            device_fees=tuple(DeviceFeeRow(**each.model_dump()) for each in self.device_fees),
            compensations=tuple(CompensationRow(**each.model_dump()) for each in self.compensations),
        )


class TariffView(View):
    """A published tariff."""

    tariff: str
    valid_from: date
    types: tuple[TypeFee, ...]
    articles: tuple[ArticleFee, ...]
    overrides: tuple[Override, ...]
    longest_days_under_16: int | None
    cap: Cap | None
    device_fees: tuple[DeviceFeeRow, ...]
    compensations: tuple[CompensationRow, ...]

    @classmethod
    def of(cls, published: TariffPublished) -> "TariffView":
        return cls.model_validate(published.model_dump())


class DraftView(View):
    """A tariff on its way; what was previewed is what is published."""

    draft_id: str
    state: Literal["drafted", "published", "withdrawn"]
    drafted_by: str
    drafted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    proposed: TariffView

    @classmethod
    def of(cls, draft: Draft) -> "DraftView":
        return cls(
            draft_id=draft.draft_id,
            state=draft.state,
            drafted_by=draft.drafted_by,
            drafted_at=draft.drafted_at,
            decided_by=draft.decided_by,
            decided_at=draft.decided_at,
            proposed=TariffView.of(draft.proposed),
        )

    @classmethod
    def of_kept(cls, draft: Draft | None, _: PublishedTariff | None) -> "DraftView":
        if draft is None:
            raise LookupError("a draft is kept")
        return cls.of(draft)


class RuleView(View):
    """What one rule gives today, and what it would give; SEK."""

    rule: str
    fees_before: int
    before: str
    fees_after: int
    after: str


class RepricingView(View):
    """Last month's withdrawals by a proposed tariff; nobody is named."""

    sent_from: date
    sent_through: date
    withdrawals: int
    before: str
    after: str
    dearer: int
    cheaper: int
    unchanged: int
    rules: list[RuleView]
    refused: int
    """Withdrawals that could not be made by the proposed tariff."""
    unpriced: tuple[str, ...]
    """Articles that it has no fee for."""
    left_out: int
    """Withdrawals from before the cost of goods was published."""

    @classmethod
    def of(cls, found: Repricing) -> "RepricingView":
        return cls(
            sent_from=found.sent_from,
            sent_through=found.sent_through,
            withdrawals=found.withdrawals,
            before=str(found.before),
            after=str(found.after),
            dearer=found.dearer,
            cheaper=found.cheaper,
            unchanged=found.withdrawals - found.dearer - found.cheaper,
            rules=[
                RuleView(
                    rule=each.rule,
                    fees_before=each.fees_before,
                    before=str(each.before),
                    fees_after=each.fees_after,
                    after=str(each.after),
                )
                for each in found.rules
            ],
            refused=found.refused,
            unpriced=found.unpriced,
            left_out=found.left_out,
        )


class LineAsked(Request):
    """Goods to price."""

    article_no: ArticleNo
    prescription_type: PrescriptionType
    packages: Annotated[int, Field(ge=1, le=10_000)]
    cost: Annotated[Amount, Field(ge=0, max_digits=9, decimal_places=2)]
    """What the goods cost, SEK: a child never pays more."""


class PriceAsked(Request):
    """A withdrawal as the tariff sees it: no person is named."""

    on: Day
    lines: Annotated[tuple[LineAsked, ...], Field(min_length=1, max_length=50)]
    conditions: Annotated[tuple[FeeCondition, ...], Field(max_length=2)] = ()

    @property
    def priced(self) -> list[Priced]:
        return [
            Priced(str(number), line.article_no, line.prescription_type, line.packages, Money(line.cost))
            for number, line in enumerate(self.lines, start=1)
        ]


class PriceView(View):
    """The fees, each with the rule that set it; its lines are numbered as they were asked."""

    tariff: str
    fees: list[FeePriced]
    total: str

    @classmethod
    def of(cls, tariff: Tariff, fees: list[FeePriced]) -> "PriceView":
        total = sum((Money(fee.amount) for fee in fees), Money.of(0))
        return cls(tariff=tariff.tariff, fees=fees, total=str(total))
