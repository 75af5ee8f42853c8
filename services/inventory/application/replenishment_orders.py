"""Reads what the rules about an ordered replenishment need: place, warehouse, articles and rights (S117)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pydantic import BaseModel

from services.inventory.application.replenishing import Replenishing, orderer_of
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import DeviceOrder, Replenishment, Source
from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.domain.replenishing.manual import (
    LineAsked,
    ReplenishmentAsked,
    annul_replenishment,
)
from services.inventory.domain.replenishing.refusals import ChooseStoreroom, NotReplenished
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    CARE_UNITS,
    DEVICE_ORDERS,
)
from services.inventory.repository.places import PlaceQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound
from shared.repository import Answer, Cause

NUMBERED_WHEN_SENT = "P"
"""What is only tried has no number."""


@dataclass(frozen=True)
class Wanted:
    """What a person asks for: which unit's storeroom, how, and how many packages of what."""

    care_unit: str
    storeroom_no: str | None
    lines: tuple[LineAsked, ...]
    joint: bool
    source: Source = "manual"
    template_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Tried:
    """A replenishment that could be sent now, with what is shown beside it."""

    asked: ReplenishmentAsked
    storeroom: Storeroom
    warehouse: Storeroom
    care_unit: CareUnit | None
    shelves: tuple[Balance | None, ...]
    of_warehouse: tuple[Balance | None, ...]


class ReplenishmentOrders:
    """Replenishments that people order."""

    def __init__(self, replenishing: Replenishing) -> None:
        self.replenishing = replenishing
        self.repository = replenishing.repository
        self._places = PlaceQueries(replenishing.repository)

    async def tried(self, wanted: Wanted, actor: Actor) -> Tried:
        """Read all that the rule needs. Raises NotFound, ChooseStoreroom and NotReplenished."""
        storeroom = await self._storeroom(wanted, actor)
        warehouse = await self.replenishing.supplier(storeroom)
        orderer = orderer_of(actor, storeroom, wanted.care_unit)
        terms = Replenishment(
            storeroom.storeroom_no, wanted.source, actor.sub, receipt=wanted.source in storeroom.receipts,
            ordered_by_name=actor.name, template_id=wanted.template_id, reason=wanted.reason,
        )  # fmt: skip
        numbers = list(dict.fromkeys(each.article_no for each in wanted.lines))
        found = await self.repository.get(ARTICLES.maybe_many(numbers))
        asked = ReplenishmentAsked(
            order_no=NUMBERED_WHEN_SENT,
            warehouse_no=warehouse.storeroom_no,
            terms=terms,
            orderer=orderer,
            lines=wanted.lines,
            articles={each.article_no: each for each in found if each},
            rules=await self.replenishing.rules(),
            at=self.replenishing.warehouse.clock.now(),
            joint=wanted.joint,
        )
        return Tried(
            asked,
            storeroom,
            warehouse,
            await self.repository.get(CARE_UNITS.maybe(wanted.care_unit)),
            await self.repository.get(BALANCES.maybe_many(balance_ids(storeroom.storeroom_no, numbers))),
            await self.repository.get(BALANCES.maybe_many(balance_ids(warehouse.storeroom_no, numbers))),
        )

    async def numbered(self, asked: ReplenishmentAsked) -> ReplenishmentAsked:
        """Give it the number by which it is sent."""
        year = self.replenishing.warehouse.clock.today().year
        return replace(asked, order_no=await self.repository.next_number("P", year=year))

    async def annul(self, order: DeviceOrder, cause: Cause, reply: Callable[..., BaseModel]) -> Answer:
        """Free what a replenishment has reserved; who waits for it gets it."""
        place = order.replenishment.storeroom_no if order.replenishment else ""
        refs = (
            DEVICE_ORDERS.ref(order.order_no)
            & BALANCES.maybe_many(balance_ids(place, order.articles))
            & BALANCES.maybe_many(balance_ids(order.storeroom_no, order.articles))
        )
        rule = partial(annul_replenishment, at=self.replenishing.warehouse.clock.now())
        answer = await self.repository.change(refs, rule, cause=cause, reply=reply)
        await self.replenishing.warehouse.give_to_waiting(order.storeroom_no, order.articles)
        return answer

    async def _storeroom(self, wanted: Wanted, actor: Actor) -> Storeroom:
        """Give the unit's storeroom, for who works there or at its warehouse (S117, Q59)."""
        if wanted.storeroom_no is not None:
            storeroom = await self.replenishing.storeroom_for(wanted.storeroom_no, actor)
        else:
            storeroom = _only_one(await self._places.storerooms_of([wanted.care_unit]))
        is_theirs = wanted.care_unit in storeroom.care_units
        is_persons = wanted.care_unit in actor.care_units
        if not is_theirs or not (is_persons or not actor.care_units.isdisjoint(storeroom.supplied_by)):
            raise NotFound(CARE_UNITS.noun, wanted.care_unit)
        return storeroom


def _only_one(found: Sequence[Storeroom]) -> Storeroom:
    own = [each for each in found if each.kind == "storeroom" and each.active]
    if not own:
        raise NotReplenished
    if len(own) > 1:
        raise ChooseStoreroom(storerooms=", ".join(sorted(each.storeroom_no for each in own)))
    return own[0]
