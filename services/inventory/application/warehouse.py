"""What doors and handlers of goods share: places, articles, and giving what came to the orders that wait."""

from collections.abc import Iterable, Mapping
from functools import partial

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance, balance_id
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.expecting import expect, pieces_waited_for
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, OrderLine
from services.inventory.domain.orders.replacing import instead, replacement_of
from services.inventory.domain.orders.reserving import articles_of, give_to_order, take_order
from services.inventory.domain.patients import Patient
from services.inventory.domain.places import Storeroom
from services.inventory.domain.recalls.recall import Recall
from services.inventory.repository.articles import ArticleQueries
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    PATIENTS,
    STOREROOMS,
)
from services.inventory.repository.goods import GoodsQueries
from services.inventory.repository.recalls import RecallQueries
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.decision import NotFound
from shared.domain.working_days import WorkingDays
from shared.repository import Cause, Repository
from shared.repository.merged import present


class Warehouse:
    """The goods of every storeroom."""

    def __init__(self, repository: Repository, clock: Clock, working_days: WorkingDays | None = None) -> None:
        self.repository = repository
        self.clock = clock
        self.working_days = working_days or WorkingDays()
        self.queries = GoodsQueries(repository)
        self._articles = ArticleQueries(repository)
        self._recalls = RecallQueries(repository)

    async def storeroom_for(self, storeroom_no: str, actor: Actor) -> Storeroom:
        """Give a storeroom that this person works at; raises NotFound for every other (Q59)."""
        storeroom = await self.repository.get(STOREROOMS.ref(storeroom_no))
        if not works_at(actor, storeroom):
            raise NotFound(STOREROOMS.noun, storeroom_no)
        return storeroom

    async def patient(self, patient_ref: str) -> Patient:
        """Give the person whom a reference stands for now, with all that it was known by (S65)."""
        now, found = await present(self.repository, PATIENTS, patient_ref)
        return found or Patient(now)

    async def linked(self, storeroom_no: str, care_unit: str) -> bool:
        """Tell whether the care unit hands out from this storeroom (S111)."""
        found = await self.repository.get(STOREROOMS.maybe(storeroom_no))
        return found is not None and found.active and care_unit in found.care_units

    async def article(self, article_no: str) -> Article:
        """Give an article of the device catalogue; raises NotFound."""
        article = await self.repository.get(ARTICLES.ref(article_no))
        if article.device is None:
            raise NotFound(ARTICLES.noun, article_no)
        return article

    async def marked(self, articles: Iterable[str]) -> frozenset[str]:
        """Name those articles each piece of which is a tracked device (S92)."""
        found = await self.repository.get(ARTICLES.maybe_many(tuple(dict.fromkeys(articles))))
        return frozenset(each.article_no for each in found if each and each.device and each.device.marked)

    async def names(self, articles: Iterable[str]) -> dict[str, str]:
        """Give the names of articles by their numbers (Q38)."""
        numbers = list(dict.fromkeys(articles))
        found = await self.repository.get(ARTICLES.maybe_many(numbers))
        return {no: each.name if each else "" for no, each in zip(numbers, found, strict=True)}

    async def recalls_of(self, article_no: str) -> tuple[Recall, ...]:
        """Give the open recalls that concern pieces of an article: what is received now is set apart (N4)."""
        followed = await self._recalls.followed()
        return tuple(
            each for each in followed if each.state == "open" and article_no in each.which.article_nos
        )

    async def device(self, device_no: str) -> Device:
        """Find a device by its number, or by one that it had before (Q12); raises NotFound."""
        return await self.queries.device(device_no)

    async def devices(self, device_nos: Iterable[str]) -> tuple[list[str], list[str]]:
        """Part numbers into those of known devices, by their present ones, and unknown ones (Q12)."""
        numbers = list(dict.fromkeys(device_nos))
        received_by = await self.repository.get(DEVICES.maybe_many(numbers))
        known, unknown = [each.device_no for each in received_by if each], list[str]()
        for each in (no for no, found in zip(numbers, received_by, strict=True) if found is None):
            try:
                known.append((await self.device(each)).device_no)
            except NotFound:
                unknown.append(each)
        return known, unknown

    async def order_for(self, order_no: str, actor: Actor) -> DeviceOrder:
        """Give an order to who works at its warehouse or its care unit; raises NotFound."""
        order = await self.repository.get(DEVICE_ORDERS.ref(order_no))
        if order.care_unit not in actor.care_units:
            await self.storeroom_for(order.storeroom_no, actor)
        return order

    async def order_taken_from(self, order_no: str, actor: Actor) -> DeviceOrder:
        """Give an order to who works where it is taken from; raises NotFound."""
        order = await self.repository.get(DEVICE_ORDERS.ref(order_no))
        await self.storeroom_for(order.storeroom_no, actor)
        return order

    async def give_to_waiting(self, storeroom_no: str, articles: Iterable[str]) -> None:
        """Reserve what is there for the orders that wait for it, the oldest first; safe to run again."""
        for article_no in articles:
            async for order in self.queries.orders_waiting_for(article_no, storeroom_no=storeroom_no):
                if await self._left_after(order, article_no) <= 0:
                    break  # the shelf is empty, and the rest waits on

    async def give_everywhere(self) -> None:
        """Give out what a process that stopped between a receipt and this had not given."""
        async for each in self.queries.balances_waited_for():
            if each.available > 0:
                await self.give_to_waiting(each.storeroom_no, [each.article_no])
            if each.supplies or each.coming:
                await self.tell_expected(each.storeroom_no, each.article_no)

    async def tell_expected(self, storeroom_no: str, article_no: str) -> None:
        """Say anew to every order that waits for an article when it comes; safe to run again."""
        kept = await self.repository.get(BALANCES.maybe(balance_id(storeroom_no, article_no)))
        balance, before, on = kept or Balance(storeroom_no, article_no), 0, self.clock.today()
        async for order in self.queries.orders_waiting_for(article_no, storeroom_no=storeroom_no):
            rule = partial(expect, balance=balance, before=before, on=on)
            if rule(order)[1]:
                await self.repository.change(DEVICE_ORDERS.ref(order.order_no), rule, cause=Cause(key=None))
            before += pieces_waited_for(order, article_no)

    async def other_lines(self, order: DeviceOrder) -> Mapping[int, OrderLine]:
        """Say of each line whose article is going out what takes its place, when it is not there (S89)."""
        known = await self._articles.with_replacements(each.article_no for each in order.lines)
        found = {each.line_no: replacement_of(each.article_no, known) for each in order.lines}
        return {
            line.line_no: instead(line, other)
            for line in order.lines
            if (other := found[line.line_no]) is not None
        }

    async def planned(self, order: DeviceOrder) -> DeviceOrder:
        """Say what an order would get if it were sent now; nothing is kept."""
        others = await self.other_lines(order)
        ids = balance_ids(order.storeroom_no, articles_of(order, others))
        balances = await self.repository.get(BALANCES.maybe_many(ids))
        taken, _, _ = take_order(None, balances, sent=order, at=self.clock.now(), other_lines=others)
        return taken or order

    async def _left_after(self, order: DeviceOrder, article_no: str) -> int:
        """Give to an order what it waits for; tell how much of the article is left.

        A line that joined the order meanwhile is read again.
        """
        ids = balance_ids(order.storeroom_no, order.articles)
        refs = DEVICE_ORDERS.ref(order.order_no) & BALANCES.maybe_many(ids)
        rule = partial(give_to_order, known=order.articles)
        try:
            answer = await self.repository.change(refs, rule, cause=Cause(key=None))
        except OrderMoved:
            now = await self.repository.get(DEVICE_ORDERS.ref(order.order_no))
            return await self._left_after(now, article_no)
        left: int = next(
            each.available for each in answer.states[1] if each and each.article_no == article_no
        )
        return left


def works_at(actor: Actor, storeroom: Storeroom) -> bool:
    """Tell whether somebody works at a warehouse, or at a care unit whose storeroom it is (Q59)."""
    if storeroom.kind == "warehouse":
        return storeroom.storeroom_no in actor.care_units
    return not actor.care_units.isdisjoint(storeroom.care_units)
