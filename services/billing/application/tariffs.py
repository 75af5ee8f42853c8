"""Drafts and publishes tariffs, and tries a draft on last month's withdrawals."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid5

from pydantic import BaseModel

from services.billing.domain.tariffs.draft import Draft, draft_tariff, publish_draft, withdraw_draft
from services.billing.domain.tariffs.repricing import Repricing, Tried, month_before, reprice
from services.billing.domain.tariffs.tariff import PublishedTariff
from services.billing.repository.collections import DRAFTS, TARIFFS
from services.billing.repository.tariffs import TariffQueries
from services.billing.repository.withdrawals import WithdrawalQueries
from shared.clock import Clock
from shared.events.billing import TariffPublished
from shared.fault import fault
from shared.repository import Answer, Cause, Repository

NAMES = UUID("3c0f7b7e-54a9-5d0c-8c19-6f2f0f6d3a11")

Reply = Callable[[Draft | None, PublishedTariff | None], BaseModel]


class Tariffs:
    """Dated tariffs, never changed once published."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._withdrawals = WithdrawalQueries(repository)
        self.queries = TariffQueries(repository)

    async def draft(self, proposed: TariffPublished, *, by: str, cause: Cause, reply: Reply) -> Answer:
        """Store a draft; raises every reason that speaks against the tariff (N5, N1)."""
        proposal = Draft(
            str(uuid5(NAMES, str(cause.key))), proposed, drafted_by=by, drafted_at=self._clock.now()
        )
        rule = partial(draft_tariff, proposal=proposal, not_before=await self._not_before())
        refs = DRAFTS.maybe(proposal.draft_id) & TARIFFS.maybe(proposed.tariff)
        return await self._repository.change(refs, rule, cause=cause, reply=reply)

    async def publish(self, draft_id: str, *, by: str, cause: Cause, reply: Reply) -> Answer:
        """Publish a draft, in force from its first day (N5); raises what publish_draft refuses."""
        draft = await self.queries.draft(draft_id)
        rule = partial(publish_draft, by=by, at=self._clock.now(), not_before=await self._not_before())
        refs = DRAFTS.ref(draft_id) & TARIFFS.maybe(draft.proposed.tariff)
        await fault("tariff.before_commit")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("tariff.after_commit")
        return answer

    async def withdraw(
        self, draft_id: str, *, by: str, cause: Cause, reply: Callable[[Draft], BaseModel]
    ) -> Answer:
        """Take a draft back, which its drafter may do alone (N5); raises DraftDecided."""
        rule = partial(withdraw_draft, by=by, at=self._clock.now())
        return await self._repository.change(DRAFTS.ref(draft_id), rule, cause=cause, reply=reply)

    async def try_on_last_month(self, draft_id: str) -> Repricing:
        """Price last month's withdrawals by the draft, a page at a time (N5)."""
        draft = await self.queries.draft(draft_id)
        days = month_before(self._clock.today())
        tried = Tried(Repricing(*days))
        async for page in self._withdrawals.sent_within(*days):
            tried = reprice(tried, page, proposed=draft.proposed)
        return tried.repricing

    async def _not_before(self) -> date | None:
        """Tomorrow, when a tariff is in force; the very first may begin on any day."""
        is_first = not await self.queries.is_any_published()
        return None if is_first else self._clock.today() + timedelta(days=1)
