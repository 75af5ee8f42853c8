"""Routes for the nightly comparison of withdrawals, orders, deliveries, fees and files (N11)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from services.billing.application.reconciliations import Reconciliations
from services.billing.domain.reconciling.reconciliation import Reconciliation
from shared.domain.differences import SENTENCES
from shared.fields import Day
from shared.http import Ask, Language, Pages, Router, View
from shared.http.language import said


class DifferenceView(View):
    """Something that does not agree, and what to do about it."""

    withdrawal_no: str
    kind: str
    subject: str
    detail: str


class ReconciliationView(View):
    """A day as it was last looked at; amounts in SEK."""

    day: date
    made_at: datetime
    withdrawals: int
    orders: int
    delivered: int
    undelivered: int
    fees: int
    charged: str
    credited: str
    in_files: str
    not_in_files: str
    device_orders: int = 0
    """Orders of devices and hand-outs; their fees are in the sums."""
    differences: list[DifferenceView]
    not_listed: int = 0
    """Differences beyond those that are listed."""

    @classmethod
    def of(cls, made: Reconciliation, language: Language) -> "ReconciliationView":
        sums = made.sums
        return cls(
            day=made.day,
            made_at=made.made_at,
            withdrawals=sums.withdrawals,
            orders=sums.orders,
            delivered=sums.delivered,
            undelivered=sums.undelivered,
            fees=sums.fees,
            charged=str(sums.charged),
            credited=str(sums.credited),
            in_files=str(sums.in_files),
            not_in_files=str(sums.not_in_files),
            device_orders=sums.device_orders,
            differences=[
                DifferenceView(
                    withdrawal_no=each.withdrawal_no,
                    kind=each.kind,
                    subject=each.subject,
                    detail=said(SENTENCES[each.kind], language),
                )
                for each in made.differences
            ],
            not_listed=made.not_listed,
        )


def reconciliation_routes(reconciliations: Reconciliations) -> Router:
    router = Router("billing", prefix="/reconciliations", tags=["reconciliations"])

    @router.get("")
    async def list_reconciliations(
        ask: Ask, pages: Pages, limit: Annotated[int, Query(ge=1, le=100)] = 31
    ) -> list[ReconciliationView]:
        made = await reconciliations.queries.reconciliations(limit=limit, after=pages.after)
        return [ReconciliationView.of(each, ask.language) for each in pages.shown(made)]

    @router.get("/{day}")
    async def get_reconciliation(day: Day, ask: Ask) -> ReconciliationView:
        return ReconciliationView.of(await reconciliations.queries.reconciliation_of(day), ask.language)

    return router
