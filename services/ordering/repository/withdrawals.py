"""Queries of withdrawals, their orders and allowances, and of the catalogue that they are priced by."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.crowding import LongReply
from services.ordering.domain.dialogue.stray import StrayReply
from services.ordering.domain.order import Order
from services.ordering.domain.pickup import PickupPoint
from services.ordering.domain.withdrawal import Failure, Withdrawal
from services.ordering.repository.collections import (
    ALLOWANCES,
    ARTICLES,
    LONG_REPLIES,
    ORDERS,
    PICKUP_POINTS,
    STRAY_REPLIES,
    TARIFFS,
    WITHDRAWALS,
)
from shared.domain.decision import NotFound
from shared.repository import Collection, Page, Place, Repository, moment_text, present

State = TypeVar("State")
LONGEST_LIST = 200
MOST_VARIANTS = 1000
PAGE = 100
FAILURES = frozenset(get_args(Failure))
MOST_LONG_REPLIES = 5


@dataclass(frozen=True)
class Within:
    """The care units and product areas that a list is narrowed to; None leaves nothing out (S73)."""

    care_units: frozenset[str] | None = None
    product_areas: frozenset[str] | None = None

    @property
    def where(self) -> dict[str, Any]:
        chosen = {"care_units": self.care_units, "product_area": self.product_areas}
        return {name: {"$in": sorted(each)} for name, each in chosen.items() if each is not None}


class Ordering:
    """The questions that ordering asks of what it keeps."""

    def __init__(self, repository: Repository, distributors: Iterable[str] = ()) -> None:
        self.repository = repository
        self._distributors = frozenset(distributors)
        self._articles = repository.remembered(ARTICLES)
        self._tariffs = repository.remembered(TARIFFS)

    async def catalogue_for(self, article_nos: Iterable[str]) -> Catalogue:
        """Give our copies of some articles with all their variants, what replaces them, and every tariff."""
        wanted = sorted(set(article_nos))
        known = await self._articles.find({"_id": {"$in": wanted}}, limit=MOST_VARIANTS)
        variants = await self._articles.find({"variant_of": {"$in": wanted}}, limit=MOST_VARIANTS)
        tariffs = await self._tariffs.find({}, sort="-valid_from")
        found = (*known, *variants)
        replacing = [each.replaced_by for each in found if each.replaced_by and not each.can_be_ordered]
        others = await self.repository.get(ARTICLES.maybe_many(replacing)) if replacing else ()
        articles = (*(each for each in others if each), *found)
        by_number = {each.article_no: each for each in articles}
        return Catalogue(by_number, tuple(tariffs), self._distributors)

    async def withdrawals_of(self, patient_ref: str, *, after: Place | None = None) -> Page[Withdrawal]:
        """List a patient's withdrawals, the latest first (S49)."""
        return await self._page(WITHDRAWALS, {"patient_ref": patient_ref}, "-made_at", after)

    async def made_by(
        self, sub: str, *, state: str | None, within: Within, after: Place | None = None
    ) -> Page[Withdrawal]:
        """List what one person made, the latest first, within where that person works now (S52)."""
        where: dict[str, Any] = {"made_by": sub, **within.where}
        if state is not None:
            failed = state in FAILURES
            where |= {"state": "annulled", "failure": state} if failed else {"state": state}
            where |= {"failure": None} if state == "annulled" else {}
        return await self._page(WITHDRAWALS, where, "-made_at", after)

    async def past_blocks(self, *, since: date, until: date, after: Place | None = None) -> Page[Withdrawal]:
        """List what customer service sent past an open-order block, the latest first (S48)."""
        where = {"passed_on": {"$gte": since.isoformat(), "$lte": until.isoformat()}}
        return await self._page(WITHDRAWALS, where, "-passed_on", after)

    async def allowance_with(self, prescription_no: str) -> Allowance:
        """Find whose prescription that is (S22); raises NotFound."""
        found = await self.repository.find(ALLOWANCES, {"lines.prescription_no": prescription_no}, limit=1)
        if not found:
            raise NotFound("prescription", prescription_no)
        return found[0]

    async def withdrawals_on(
        self, line_ids: Iterable[str], *, after: Place | None = None
    ) -> Page[Withdrawal]:
        """List the withdrawals of some prescribed lines, the latest first (S22)."""
        where = {"choice.items.line_id": {"$in": sorted(line_ids)}}
        return await self._page(WITHDRAWALS, where, "-made_at", after)

    async def allowance_of(self, patient_ref: str) -> Allowance:
        """Find the allowance of the person this reference stands for now (S65); raises NotFound."""
        _, found = await present(self.repository, ALLOWANCES, patient_ref)
        if found is None:
            raise NotFound(ALLOWANCES.noun, patient_ref)
        return found

    async def prescribed(
        self, article_nos: Iterable[str], *, after: str | None = None, limit: int = 1
    ) -> list[Allowance]:
        """Give a page of those to whom one of the articles was prescribed (N3)."""
        where = {"lines.article_no": {"$in": sorted(article_nos)}}
        return await self.repository.find(ALLOWANCES, where, limit=limit, after=after)

    async def all_prescribed(self, article_no: str) -> AsyncIterator[Allowance]:
        """Go through all to whom the article was prescribed (N3)."""
        after: str | None = None
        while page := await self.prescribed([article_no], after=after, limit=PAGE):
            for allowance in page:
                yield allowance
            after = page[-1].patient_ref

    async def open_orders_of(self, article_no: str, *, after: Place | None = None) -> Page[Order]:
        """List orders of an article that are not over, the oldest first (N3)."""
        where = {"lines.article_no": article_no, "over_at": None}
        return await self._page(ORDERS, where, "sent_at", after)

    async def present_ref(self, patient_ref: str) -> str:
        """Give the reference that stands for the person now (S65)."""
        now, _ = await present(self.repository, ALLOWANCES, patient_ref)
        return now

    async def unfinished(self, patient_ref: str) -> list[Withdrawal]:
        """List what waits to be sent or is on its way."""
        where = {"patient_ref": patient_ref, "state": {"$in": ["new", "ordered"]}}
        return await self.repository.whole(WITHDRAWALS, where, sort="made_at")

    async def some_of(self, patient_ref: str) -> list[Withdrawal]:
        """Give a page of a patient's withdrawals, to be moved to another reference (S65)."""
        return await self.repository.find(WITHDRAWALS, {"patient_ref": patient_ref}, limit=PAGE)

    async def forgotten_drafts(self, *, before: datetime) -> list[Withdrawal]:
        """Give a page of drafts that nobody has touched since then or reminded of (S50)."""
        where = {"state": "new", "is_reminded": False, "touched_at": {"$lte": moment_text(before)}}
        return await self.repository.find(WITHDRAWALS, where, sort="touched_at", limit=PAGE)

    async def silent_orders(self, *, before: datetime) -> list[Order]:
        """Give a page of orders without an answer since then."""
        where = {"is_silent": False, "quiet_from": {"$lte": moment_text(before)}}
        return await self.repository.find(ORDERS, where, sort="quiet_from", limit=PAGE)

    async def pickup_points(self) -> tuple[PickupPoint, ...]:
        """List every pick-up point, also the closed ones (S36)."""
        return tuple(await self.repository.whole(PICKUP_POINTS, {}))

    async def drafts(
        self, *, patient_ref: str | None, within: Within, after: Place | None = None
    ) -> Page[Withdrawal]:
        """List what was begun and not sent, the oldest first (S50)."""
        where: dict[str, Any] = {"state": "new", **within.where}
        if patient_ref is not None:
            where["patient_ref"] = patient_ref
        return await self._page(WITHDRAWALS, where, "made_at", after)

    async def orders_of(self, withdrawals: Iterable[Withdrawal]) -> dict[str, Order]:
        """Give the orders of some withdrawals by number."""
        wanted = sorted({no for each in withdrawals for no in each.order_nos})
        found = await self.repository.get(ORDERS.maybe_many(wanted)) if wanted else ()
        return {each.order_no: each for each in found if each}

    async def long_replies(self, order_no: str, *, after: str | None) -> list[LongReply]:
        """List a few of the replies that are kept beside their order, each up to a megabyte."""
        return await self.repository.find(
            LONG_REPLIES, {"order_no": order_no}, limit=MOST_LONG_REPLIES, after=after
        )

    async def stray_replies(self, *, after: Place | None = None) -> Page[StrayReply]:
        """List replies for orders that are not ours, the latest first."""
        return await self._page(STRAY_REPLIES, {}, "-received_at", after)

    async def _page(
        self, collection: Collection[State], where: Mapping[str, Any], sort: str, after: Place | None
    ) -> Page[State]:
        return await self.repository.page(collection, where, sort=sort, limit=LONGEST_LIST, after=after)
