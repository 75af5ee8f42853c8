"""Where the pieces of a recall are: counted from the goods themselves, never from a list (N4, 0127)."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.inventory.application.register import Register
from services.inventory.domain.orders.holding import HoldingState, holdings_of_lot
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.recalls.distributed import DistributedOrder, concerned, packages_of
from services.inventory.domain.recalls.notices import notice_id
from services.inventory.domain.recalls.piece import (
    GoodsLying,
    GoodsState,
    first_of,
    held_in,
    lying_in_storeroom,
)
from services.inventory.domain.recalls.recall import (
    MOST_ARTICLES,
    FoundPieces,
    NothingToRecall,
    Recall,
    TooManyArticles,
    WhichPieces,
)
from services.inventory.repository.collections import ARTICLES, RECALL_NOTICES, STOREROOMS
from services.inventory.repository.recalls import RecallQueries


@dataclass(frozen=True)
class KnownGoods:
    """Counted goods with what their numbers stand for: in a storeroom, or of an order."""

    article_no: str
    article_name: str
    lot: str
    quantity: int
    state: GoodsState
    storeroom_no: str | None = None
    storeroom_name: str | None = None
    order: DeviceOrder | None = None


class RecalledPieces:
    """The pieces that recalls concern, on shelves, under way and with patients."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._repository = register.warehouse.repository
        self._queries = RecallQueries(self._repository)

    async def meant(
        self,
        article_no: str | None,
        lot: str | None,
        serial_nos: tuple[str | None, str | None],
        supplier: str | None,
        period: tuple[date | None, date | None],
    ) -> WhichPieces:
        """Say what is recalled, by article; raises TooManyArticles and NotFound."""
        articles = await self._articles(article_no, lot, supplier)
        known = await self._repository.get(ARTICLES.maybe_many(articles))
        foods = tuple(each.article_no for each in known if each and each.device is None)
        tracked = {each.article_no for each in known if each and each.device and each.device.marked}
        others = tuple(each for each in articles if each not in tracked and each not in foods)
        counted = () if any(serial_nos) else others
        return WhichPieces(articles, lot, *serial_nos, supplier, counted, foods, *period)

    async def _articles(
        self, article_no: str | None, lot: str | None, supplier: str | None
    ) -> tuple[str, ...]:
        if article_no is not None:
            return ((await self._repository.get(ARTICLES.ref(article_no))).article_no,)
        if supplier is not None:
            sold = await self._queries.articles_of(supplier, most=MOST_ARTICLES)
            found = [each.article_no for each in sold]
        else:
            found = await self._articles_with_lot(lot or "")
        if len(found) > MOST_ARTICLES:
            raise TooManyArticles(most=MOST_ARTICLES)
        return tuple(found)

    async def _articles_with_lot(self, lot: str) -> list[str]:
        balances = await self._register.queries.balances_with_lot(lot)
        found = dict.fromkeys(each.article_no for each in balances)
        async for orders in self._register.queries.all_orders_with_lot(lot):
            held = holdings_of_lot(orders, lot=lot, article_no=None)
            found |= dict.fromkeys(each.article_no for each in held)
        async for sent in self._queries.distributed_with(lot):
            found |= dict.fromkeys(one.article_no for each in sent for one in each.goods if one.lot == lot)
        return list(found)

    async def found(self, which: WhichPieces) -> FoundPieces:
        """Count where the pieces are now, before a recall marks them; raises NothingToRecall."""
        found = await self._count(which, None)
        if found == FoundPieces():
            raise NothingToRecall
        return found

    async def now(self, recall: Recall) -> FoundPieces:
        """Count where the pieces are now; without those whose measure was carried out."""
        return await self._count(recall.which, recall)

    async def left(self, recall: Recall) -> int:
        """Count the pieces that are in use, and counted goods that are to be got rid of before it ends."""
        devices = await self._count_devices(recall.which, recall)
        left = devices.on_shelves + devices.under_way
        async for notices in self._queries.open_notices(recall.recall_no):
            left += sum(each.quantity for each in notices if each.loan_id is not None)
        async for lying in self.lying(recall.which):
            left += lying.on_shelf + (0 if recall.stays_with_goods else lying.set_apart)
        async for orders in self.orders_of(recall.which):
            left += await self._left_of(orders, recall)
        async for sent in self.distributed(recall.which):
            left += await self._left_of_distributed(sent, recall)
        return left

    async def distributed(self, which: WhichPieces) -> AsyncIterator[list[DistributedOrder]]:
        """Go through the distributors' orders that are meant, each once."""
        has_period = which.first_day is not None or which.last_day is not None
        if which.lot is not None and which.foods:
            async for orders in self._queries.distributed_with(which.lot):
                yield [each for each in orders if any(concerned(each, which))]
        if which.lot is None or has_period:
            for article_no in which.foods:
                async for orders in self._queries.distributed_of(article_no, which.first_day, which.last_day):
                    yield [each for each in orders if _is_found_by(each, which, article_no)]

    async def lying(self, which: WhichPieces) -> AsyncIterator[GoodsLying]:
        """Go through the counted goods in storerooms, by article, storeroom and lot."""
        for article_no in which.counted:
            for balance in await self._queries.balances_of(article_no):
                for each in lying_in_storeroom(balance, which):
                    yield each

    async def known_lying(self, which: WhichPieces) -> list[KnownGoods]:
        """List the counted goods in storerooms, with their names."""
        found = [each async for each in self.lying(which)]
        names = await self._register.warehouse.names(each.article_no for each in found)
        numbers = list(dict.fromkeys(each.storeroom_no for each in found))
        places = await self._repository.get(STOREROOMS.maybe_many(numbers))
        named = {each.storeroom_no: each.name for each in places if each}
        return [
            KnownGoods(
                each.article_no, names[each.article_no], each.lot, pieces, state,
                each.storeroom_no, named.get(each.storeroom_no),
            )
            for each in found
            for state, pieces in _by_state(each)
            if pieces
        ]  # fmt: skip

    async def known_held(self, orders: Sequence[DeviceOrder], which: WhichPieces) -> list[KnownGoods]:
        """List the counted goods of orders that are out, with their names."""
        found = [(order, each) for order in orders for each in held_in(order, which)]
        names = await self._register.warehouse.names(each.article_no for _, each in found)
        return [
            KnownGoods(
                each.article_no, names[each.article_no], each.lot, each.quantity, each.state, order=order
            )
            for order, each in found
            if each.state != "had"
        ]

    async def orders_of(self, which: WhichPieces) -> AsyncIterator[list[DeviceOrder]]:
        """Go through the orders for which counted goods were taken from a shelf."""
        if which.lot is not None and which.counted:
            async for orders in self._register.queries.all_orders_with_lot(which.lot):
                yield orders
            return
        for article_no in which.counted:
            async for orders in self._queries.orders_with(article_no):
                yield [each for each in orders if first_of(each, which) == article_no]

    async def _count(self, which: WhichPieces, recall: Recall | None) -> FoundPieces:
        found = await self._count_devices(which, recall)
        async for lying in self.lying(which):
            found = found.plus(on_shelves=lying.on_shelf, set_apart=lying.set_apart)
        async for orders in self.orders_of(which):
            held = Counter[HoldingState]()
            for each in (one for order in orders for one in held_in(order, which)):
                held[each.state] += each.quantity
            found = found.plus(under_way=held["waits"], with_patients=held["has"])
        async for sent in self.distributed(which):
            count = packages_of(sent, which)
            found = found.plus(under_way=count["under_way"], with_patients=count["delivered"])
        return found

    async def _count_devices(self, which: WhichPieces, recall: Recall | None) -> FoundPieces:
        count: Counter[str] = Counter()
        concerns = recall.concerns if recall else which.concerns
        for article_no in which.article_nos if which.is_of_devices else ():
            async for devices in self._queries.devices_of(article_no):
                count.update(each.state for each in devices if concerns(each))
        return pieces_by_place(count)

    async def _left_of(self, orders: Sequence[DeviceOrder], recall: Recall) -> int:
        """Count what of orders is out still, and nobody has said what became of it."""
        ids = [notice_id(recall.recall_no, each.order_no) for each in orders]
        notices = await self._repository.get(RECALL_NOTICES.maybe_many(ids))
        return sum(
            each.quantity
            for order, notice in zip(orders, notices, strict=True)
            if notice is None or notice.is_open
            for each in held_in(order, recall.which)
            if each.state != "had"
        )

    async def _left_of_distributed(self, orders: Sequence[DistributedOrder], recall: Recall) -> int:
        ids = [notice_id(recall.recall_no, each.order_no) for each in orders]
        notices = await self._repository.get(RECALL_NOTICES.maybe_many(ids))
        return sum(
            each.packages
            for order, notice in zip(orders, notices, strict=True)
            if notice is None or notice.is_open
            for each in concerned(order, recall.which)
        )


def _is_found_by(order: DistributedOrder, which: WhichPieces, article_no: str) -> bool:
    """Tell whether this article is the one that finds the order: one of the lot is found by the lot."""
    goods = list(concerned(order, which))
    if which.lot is not None and any(each.lot == which.lot for each in goods):
        return False
    return bool(goods) and goods[0].article_no == article_no


def _by_state(lying: GoodsLying) -> tuple[tuple[GoodsState, int], tuple[GoodsState, int]]:
    return ("on_shelf", lying.on_shelf), ("set_apart", lying.set_apart)


def pieces_by_place(states: Mapping[str, int]) -> FoundPieces:
    """Add up devices by where their states say that they are."""
    under_way = sum(states.get(each, 0) for each in ("picked", "under_way", "at_unit", "to_collect"))
    gone = sum(states.get(each, 0) for each in ("missing", "written_off"))
    return FoundPieces(
        states.get("in_stock", 0), under_way, states.get("on_loan", 0), states.get("quarantined", 0), gone
    )
