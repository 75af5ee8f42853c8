"""Purchases of warehouses: what is read for the rules, and what is looked at again and again (Q60)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from services.inventory.application.warehouse import Warehouse, works_at
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance, balance_id
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.places import Storeroom
from services.inventory.domain.purchasing.answering import Heard, hear_supplier
from services.inventory.domain.purchasing.judging import SupplierOf, why_not_purchased
from services.inventory.domain.purchasing.proposing import (
    PurchaseAsked,
    judge_level,
    propose_by_itself,
    takes_more,
)
from services.inventory.domain.purchasing.purchase import Origin, Purchase
from services.inventory.domain.purchasing.receiving import watch
from services.inventory.domain.purchasing.refusals import NotProposed
from services.inventory.domain.replenishing.manual import LineAsked
from services.inventory.repository.collections import ARTICLES, BALANCES, STOREROOMS
from services.inventory.repository.places import PlaceQueries
from services.inventory.repository.purchases import PURCHASES, PurchaseQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Cause
from shared.service.apart import each_for_itself
from shared.suppliers import SupplierReply

BY_ITSELF = "inventory"
ANSWERED_WITHIN_DAYS = 2
"""Working days after which a supplier's silence is a task."""
COMES_WITHIN_DAYS = 10
"""Working days after which goods without a day are late."""


@dataclass(frozen=True)
class PurchasingSettings:
    """What of the region's settings purchases need."""

    supplier_of: SupplierOf
    buyer_gln: str


class Purchasing:
    """The purchases of every warehouse."""

    def __init__(self, warehouse: Warehouse, settings: PurchasingSettings) -> None:
        self.warehouse = warehouse
        self.repository = warehouse.repository
        self.queries = PurchaseQueries(warehouse.repository)
        self.settings = settings
        self._places = PlaceQueries(warehouse.repository)

    async def warehouse_for(self, storeroom_no: str, actor: Actor) -> Storeroom:
        """Give a place to who works there; raises NotFound (Q59)."""
        return await self.warehouse.storeroom_for(storeroom_no, actor)

    async def warehouses_of(self, actor: Actor) -> list[Storeroom]:
        """List the warehouses where a person works."""
        found = await self._places.storerooms_named(actor.care_units)
        return [each for each in found if each.kind == "warehouse" and works_at(actor, each)]

    async def purchase_for(self, order_no: str, actor: Actor) -> Purchase:
        """Give a purchase to who works at its warehouse; raises NotFound."""
        purchase = await self.repository.get(PURCHASES.ref(order_no))
        place = await self.repository.get(STOREROOMS.ref(purchase.warehouse_no))
        if not works_at(actor, place):
            raise NotFound(PURCHASES.noun, order_no)
        return purchase

    async def asked(
        self, warehouse: Storeroom, lines: tuple[LineAsked, ...], actor: Actor, *, reason: str | None
    ) -> PurchaseAsked:
        """Say what somebody wants to purchase, with a number and the articles' supplier."""
        articles = await self._articles(each.article_no for each in lines)
        name = next((each.device.supplier for each in articles.values() if each.device), None)
        order_no = await self._number()
        purchase = self._new(order_no, warehouse, name, "manual", by=actor)
        return PurchaseAsked(
            replace(purchase, reason=reason), warehouse, lines, articles, self.settings.supplier_of,
            self.warehouse.clock.now(),
        )  # fmt: skip

    async def propose(self, warehouse: Storeroom, balances: Sequence[Balance]) -> None:
        """Propose what a warehouse lacks, one purchase for each supplier; safe to run again.

        The level of what may not be purchased any more stops with a task (Q50).
        """
        articles = await self._articles(each.article_no for each in balances)
        by_supplier: dict[str, list[Balance]] = defaultdict(list)
        for each in balances:
            article = articles.get(each.article_no)
            why = why_not_purchased(article, supplier_of=self.settings.supplier_of)
            if each.level and each.level.stopped != why:
                ref = BALANCES.ref(balance_id(each.storeroom_no, each.article_no))
                rule = partial(judge_level, why=why, warehouse=warehouse, article=article)
                await self.repository.change(ref, rule, cause=Cause(key=None))
            if article and article.device and why is None and each.to_replenish:
                by_supplier[article.device.supplier or ""].append(each)
        for name, of_supplier in by_supplier.items():
            await self._propose(warehouse, name, of_supplier, articles)

    async def hear(self, event: SupplierReply, cause: Cause) -> bool:
        """Take in a reply; False when nothing was purchased under its number."""
        purchase = await self.repository.get(PURCHASES.maybe(event.order_no))
        if purchase is None:
            return False
        on = self.warehouse.clock.today()
        heard = Heard(
            event.reply, event.sender, self.warehouse.clock.now(), on, self._later(COMES_WITHIN_DAYS),
            id_is_reused=cause.id_is_reused,
        )  # fmt: skip
        refs = PURCHASES.ref(purchase.order_no) & BALANCES.maybe_many(
            balance_ids(purchase.warehouse_no, purchase.article_nos)
        )
        await self.repository.change(refs, partial(hear_supplier, heard=heard), cause=cause)
        for no in purchase.article_nos:
            await self.warehouse.tell_expected(purchase.warehouse_no, no)
        return True

    async def watch_all(self) -> None:
        """Raise a task for each purchase that is not answered or late; safe to run again."""
        on = self.warehouse.clock.today()
        await each_for_itself(self.repository, _one_by_one(self.queries.watched(before=on)), self._watch)

    async def names(self, storerooms: Iterable[str]) -> dict[str, str]:
        """Give the names of warehouses by their numbers."""
        return {each.storeroom_no: each.name for each in await self._places.storerooms_named(storerooms)}

    def answered_by(self) -> date:
        return self._later(ANSWERED_WITHIN_DAYS)

    async def _watch(self, purchase: Purchase) -> None:
        rule = partial(watch, on=self.warehouse.clock.today())
        await self.repository.change(PURCHASES.ref(purchase.order_no), rule, cause=Cause(key=None))

    async def _propose(
        self,
        warehouse: Storeroom,
        supplier_name: str,
        balances: Sequence[Balance],
        articles: dict[str, Article],
    ) -> None:
        supplier = self.settings.supplier_of(supplier_name) or ""
        newest = await self.queries.newest_proposal(warehouse.storeroom_no, supplier)
        joins = newest is not None and takes_more(newest) and newest.supplier_name == supplier_name
        order_no = newest.order_no if newest and joins else await self._number()
        lines = tuple(LineAsked(each.article_no, each.level.packages) for each in balances if each.level)
        asked = PurchaseAsked(
            self._new(order_no, warehouse, supplier_name, "automatic"), warehouse, lines, articles,
            self.settings.supplier_of, self.warehouse.clock.now(),
        )  # fmt: skip
        refs = PURCHASES.maybe(order_no) & BALANCES.maybe_many(
            balance_ids(warehouse.storeroom_no, [each.article_no for each in balances])
        )
        with suppress(NotProposed):  # it was approved meanwhile: the next run makes another
            await self.repository.change(refs, partial(propose_by_itself, asked=asked), cause=Cause(key=None))

    def _new(
        self,
        order_no: str,
        warehouse: Storeroom,
        name: str | None,
        origin: Origin,
        *,
        by: Actor | None = None,
    ) -> Purchase:
        return Purchase(
            order_no,
            warehouse.storeroom_no,
            self.settings.supplier_of(name) or "",
            name or "",
            origin,
            by.sub if by else BY_ITSELF,
            by.name if by else "",
            self.warehouse.clock.now(),
        )

    async def _articles(self, numbers: Iterable[str]) -> dict[str, Article]:
        found = await self.repository.get(ARTICLES.maybe_many(list(dict.fromkeys(numbers))))
        return {each.article_no: each for each in found if each}

    async def _number(self) -> str:
        return await self.repository.next_number("P", year=self.warehouse.clock.today().year)

    def _later(self, days: int) -> date:
        return self.warehouse.working_days.after(self.warehouse.clock.today(), days=days)


async def _one_by_one(pages: AsyncIterator[Sequence[Purchase]]) -> AsyncIterator[Purchase]:
    async for page in pages:
        for each in page:
            yield each
