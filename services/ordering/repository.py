"""What ordering keeps, and what it looks up."""

from collections.abc import Iterable
from typing import Any

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Article, Catalogue
from services.ordering.domain.order import Order
from services.ordering.domain.stray import StrayReply
from services.ordering.domain.withdrawal import Withdrawal
from shared.events.billing import TariffPublished
from shared.repository import Collection, Repository

ALLOWANCES = Collection("allowances", Allowance)
WITHDRAWALS = Collection("withdrawals", Withdrawal, indexes=("patient_ref", "state"))
ORDERS = Collection("orders", Order, indexes=("patient_ref", "withdrawal_no"))
ARTICLES = Collection("articles", Article, indexes=("variant_of",))
TARIFFS = Collection("tariffs", TariffPublished)
STRAY_REPLIES = Collection("stray_replies", StrayReply)

COLLECTIONS = (ALLOWANCES, WITHDRAWALS, ORDERS, ARTICLES, TARIFFS, STRAY_REPLIES)
LONGEST_LIST = 200
MOST_VARIANTS = 1000


class Ordering:
    """The questions that ordering asks of what it keeps."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    async def catalogue_for(self, article_nos: Iterable[str]) -> Catalogue:
        """Give our copies of some articles with all their variants, and every tariff."""
        wanted = tuple(dict.fromkeys(article_nos))
        known = await self.repository.get(ARTICLES.maybe_many(wanted))
        variants = await self.repository.find(
            ARTICLES, {"variant_of": {"$in": list(wanted)}}, limit=MOST_VARIANTS
        )
        tariffs = await self.repository.find(TARIFFS, {}, sort="-valid_from")
        articles = (*(each for each in known if each), *variants)
        return Catalogue({each.article_no: each for each in articles}, tuple(tariffs))

    async def withdrawals_of(self, patient_ref: str) -> list[Withdrawal]:
        """List a patient's withdrawals, the latest first (S49)."""
        return await self.repository.find(
            WITHDRAWALS, {"patient_ref": patient_ref}, sort="-made_at", limit=LONGEST_LIST
        )

    async def drafts(
        self, *, patient_ref: str | None = None, care_units: Iterable[str] | None = None
    ) -> list[Withdrawal]:
        """List what was begun and not sent, the oldest first (S50)."""
        where: dict[str, Any] = {"state": "new"}
        if patient_ref is not None:
            where["patient_ref"] = patient_ref
        if care_units is not None:
            where["care_units"] = {"$in": sorted(care_units)}
        return await self.repository.find(WITHDRAWALS, where, sort="made_at", limit=LONGEST_LIST)

    async def orders_of(self, patient_ref: str) -> dict[str, Order]:
        """Give a patient's orders by number."""
        orders = await self.repository.find(
            ORDERS, {"patient_ref": patient_ref}, sort="-sent_at", limit=LONGEST_LIST
        )
        return {each.order_no: each for each in orders}

    async def stray_replies(self) -> list[StrayReply]:
        """List replies for orders that are not ours, the latest first."""
        return await self.repository.find(STRAY_REPLIES, {}, sort="-received_at", limit=LONGEST_LIST)
