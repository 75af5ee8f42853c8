"""Routes for tariffs: one economist drafts and previews, another publishes, everybody reads."""

from functools import partial

from fastapi import Response

from services.billing.api.tariff_forms import (
    DraftView,
    PriceAsked,
    PriceView,
    RepricingView,
    TariffAsked,
    TariffView,
)
from services.billing.application.tariffs import Tariffs
from shared.domain.tariff import in_force, price_under
from shared.http import Ask, Asked, Pages, Router
from shared.http.ids import Id


def tariff_routes(tariffs: Tariffs) -> Router:
    router = Router("billing", prefix="/tariffs", tags=["tariffs"])
    _drafting(router, tariffs)

    @router.get("")
    async def list_tariffs() -> list[TariffView]:
        return [TariffView.of(each) for each in await tariffs.queries.newest_first()]

    @router.post("/price")
    async def price_by_tariff(body: PriceAsked, _: Ask) -> PriceView:
        """Price goods by the tariff in force on any day, without naming a patient (N5)."""
        tariff = in_force(await tariffs.queries.newest_first(), on=body.on)
        return PriceView.of(tariff, price_under(tariff, body.priced, conditions=body.conditions))

    return router


def _drafting(router: Router, tariffs: Tariffs) -> None:
    @router.post("/drafts", response_model=DraftView, status_code=201)
    async def draft_tariff(body: TariffAsked, asked: Asked) -> Response:
        answer = await tariffs.draft(
            body.proposed(), by=asked.actor.sub, cause=asked.cause, reply=DraftView.of_kept
        )
        return asked.answered(answer, 201)

    @router.get("/drafts")
    async def list_tariff_drafts(pages: Pages) -> list[DraftView]:
        return [DraftView.of(each) for each in pages.shown(await tariffs.queries.drafts(after=pages.after))]

    @router.get("/drafts/{draft_id}")
    async def get_tariff_draft(draft_id: Id) -> DraftView:
        return DraftView.of(await tariffs.queries.draft(draft_id))

    @router.get("/drafts/{draft_id}/preview")
    async def preview_tariff_draft(draft_id: Id) -> RepricingView:
        """Price last month's withdrawals by the draft: numbers and sums by rule, nobody named (N5)."""
        return RepricingView.of(await tariffs.try_on_last_month(draft_id))

    @router.post("/drafts/{draft_id}/publish", response_model=DraftView)
    async def publish_tariff_draft(draft_id: Id, asked: Asked) -> Response:
        publish = partial(tariffs.publish, draft_id, by=asked.actor.sub, reply=DraftView.of_kept)
        return asked.answered(await publish(cause=asked.cause))

    @router.post("/drafts/{draft_id}/withdraw", response_model=DraftView)
    async def withdraw_tariff_draft(draft_id: Id, asked: Asked) -> Response:
        answer = await tariffs.withdraw(draft_id, by=asked.actor.sub, cause=asked.cause, reply=DraftView.of)
        return asked.answered(answer)
