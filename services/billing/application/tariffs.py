"""Stores tariffs and drafts, and reads the withdrawals that a draft is tried on."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.billing.domain.draft import Draft, draft_tariff, publish_draft, withdraw_draft
from services.billing.domain.repricing import Repricing, Tried, month_before, reprice
from services.billing.domain.tariff import PublishedTariff
from services.billing.domain.withdrawal import Withdrawal
from services.billing.repository.collections import DRAFTS, TARIFFS, WITHDRAWALS
from shared.clock import Clock
from shared.events.billing import TariffPublished
from shared.fault import fault
from shared.repository import Answer, Cause, Page, Place, Repository

NAMES = UUID("3c0f7b7e-54a9-5d0c-8c19-6f2f0f6d3a11")
PAGE = 500

Reply = Callable[[Draft | None, PublishedTariff | None], BaseModel]


class Tariffs:
    """Dated tariffs, never changed once published."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def draft(self, proposed: TariffPublished, *, by: str, cause: Cause, reply: Reply) -> Answer:
        proposal = Draft(
            str(uuid5(NAMES, str(cause.key))), proposed, drafted_by=by, drafted_at=self._clock.now()
        )
        rule = partial(draft_tariff, proposal=proposal, not_before=await self._not_before())
        refs = DRAFTS.maybe(proposal.draft_id) & TARIFFS.maybe(proposed.tariff)
        return await self._repository.change(refs, rule, cause=cause, reply=reply)

    async def publish(self, draft_id: str, *, by: str, cause: Cause, reply: Reply) -> Answer:
        draft = await self.draft_of(draft_id)
        rule = partial(publish_draft, by=by, at=self._clock.now(), not_before=await self._not_before())
        refs = DRAFTS.ref(draft_id) & TARIFFS.maybe(draft.proposed.tariff)
        await fault("tariff.before_commit")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("tariff.after_commit")
        return answer

    async def withdraw(
        self, draft_id: str, *, by: str, cause: Cause, reply: Callable[[Draft], BaseModel]
    ) -> Answer:
        rule = partial(withdraw_draft, by=by, at=self._clock.now())
        return await self._repository.change(DRAFTS.ref(draft_id), rule, cause=cause, reply=reply)

    async def try_on_last_month(self, draft_id: str) -> Repricing:
        """Price last month's withdrawals by the draft, a page at a time (N5)."""
        draft = await self.draft_of(draft_id)
        days = month_before(self._clock.today())
        tried = Tried(Repricing(*days))
        async for page in self.sent_within(*days):
            tried = reprice(tried, page, proposed=draft.proposed)
        return tried.repricing

    async def draft_of(self, draft_id: str) -> Draft:
        return await self._repository.get(DRAFTS.ref(draft_id))

    async def drafts(self, *, after: Place | None = None) -> Page[Draft]:
        """Give a page of the drafts, the newest first."""
        return await self._repository.page(DRAFTS, {}, sort="-drafted_at", after=after)

    async def newest_first(self) -> list[TariffPublished]:
        kept = await self._repository.whole(TARIFFS, {}, sort="-_id")
        return [tariff.published for tariff in kept]

    async def sent_within(self, first: date, last: date) -> AsyncIterator[list[Withdrawal]]:
        """Go through what was sent within some days, a page at a time."""
        for number in range((last - first).days + 1):
            of_day = {"heard": True, "day": (first + timedelta(days=number)).isoformat()}
            after: str | None = None
            while found := await self._repository.find(WITHDRAWALS, of_day, limit=PAGE, after=after):
                yield found
                after = found[-1].withdrawal_no

    async def _not_before(self) -> date | None:
        """Tomorrow, when a tariff is in force; the very first may begin on any day."""
        published = await self._repository.find(TARIFFS, {}, limit=1)
        return self._clock.today() + timedelta(days=1) if published else None
