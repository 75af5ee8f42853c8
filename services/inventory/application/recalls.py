"""Follows recalls: marks what they concern, sets it apart, notices who has it, until nothing is left (N4)."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from services.inventory.application.recalled_pieces import RecalledPieces
from services.inventory.application.register import Register
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import balance_id
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.recalls.distributed import DistributedOrder
from services.inventory.domain.recalls.marking import (
    has_unmarked,
    is_to_mark,
    mark_devices,
    mark_orders,
    unmark_balance,
    unmark_devices,
    unmark_orders,
)
from services.inventory.domain.recalls.notices import (
    How,
    NoticeEnded,
    RecallNotice,
    end_notice,
    how_it_ended,
    notice_id,
)
from services.inventory.domain.recalls.noticing import (
    held_of_order,
    held_on_loan,
    notice_distributed,
    notice_loans,
    notice_orders,
)
from services.inventory.domain.recalls.quarantine import (
    ApartByRecall,
    is_to_set_apart,
    set_devices_apart,
    set_goods_apart_by_recall,
)
from services.inventory.domain.recalls.recall import Recall, RecallEnded, marked, rest
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    DISTRIBUTED_ORDERS,
    LOANS,
    MOVEMENTS,
    RECALL_NOTICES,
    RECALLS,
)
from services.inventory.repository.recalls import RecallQueries
from shared.domain.days import local_day
from shared.repository import Cause

APART_AT_ONCE = 50
"""Devices of an article that one change sets apart."""
BY_ITSELF = "inventory"
WITH_AN_ORDER = frozenset({"picked", "under_way", "at_unit", "on_loan"})


class Recalls:
    """Every recall, and the pieces that it concerns."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.warehouse = register.warehouse
        self.repository = register.warehouse.repository
        self.queries = RecallQueries(self.repository)
        self.pieces = RecalledPieces(register)
        self._clock = register.warehouse.clock

    async def follow_all(self) -> None:
        """Mark what came since, set apart what lies on shelves, and end what came back; safe to run again."""
        for recall in await self.queries.followed():
            await self.follow(recall)

    async def follow(self, recall: Recall) -> None:
        """Do for one recall all that can be done now; safe to run again, and beside another that does it."""
        if recall.state != "open":
            await self._take_marks_off(recall)
            return
        with suppress(RecallEnded):  # it was ended meanwhile: whoever ended it takes the marks off
            await self.mark(recall)
        await self.notice_all()
        await self._end_what_came_back(recall)

    async def mark(self, recall: Recall) -> None:
        """Mark what the recall concerns and set apart what lies on shelves. Raises RecallEnded."""
        for article_no in recall.which.counted:
            await self._set_goods_apart(recall, article_no)
        if not recall.is_marked:
            await self._mark_orders(recall)
            async for sent in self.pieces.distributed(recall.which):
                await self.notice_distributed(recall, sent)
        await self._mark_devices(recall)
        await self._set_devices_apart(recall)

    async def notice_all(self) -> None:
        """Notice whoever got recalled goods and was not told: at once, or when it reaches them."""
        async for devices in self.queries.devices_to_notice():
            if devices:
                await self._notice_loans(devices)
        async for orders in self.queries.orders_to_notice():
            if orders:
                await self._notice_orders(orders)

    async def notice_distributed(self, recall: Recall, orders: Sequence[DistributedOrder]) -> None:
        """Notice who got recalled goods from a distributor and was not noticed. Raises RecallEnded."""
        ids = [notice_id(recall.recall_no, each.order_no) for each in orders]
        known = await self.repository.get(RECALL_NOTICES.maybe_many(ids))
        new = [each.order_no for each, kept in zip(orders, known, strict=True) if kept is None]
        await self._notice_distributed(recall, new)

    async def look_at_distributed(self, order_no: str) -> None:
        """Notice or end what a report about a distributor's order means for the recalls that are open."""
        order = await self.repository.get(DISTRIBUTED_ORDERS.maybe(order_no))
        for recall in await self.queries.followed() if order else ():
            if recall.state == "open" and order and not set(order.article_nos).isdisjoint(recall.which.foods):
                with suppress(RecallEnded):
                    await self._notice_distributed(recall, [order_no])

    async def _notice_distributed(self, recall: Recall, order_nos: Sequence[str]) -> None:
        if not order_nos:
            return
        refs = (
            RECALLS.ref(recall.recall_no)
            & DISTRIBUTED_ORDERS.many(order_nos)
            & RECALL_NOTICES.maybe_many([notice_id(recall.recall_no, each) for each in order_nos])
        )
        rule = partial(notice_distributed, at=self._clock.now())
        await self.repository.change(refs, rule, cause=Cause(key=None))

    async def _mark_devices(self, recall: Recall) -> None:
        since = local_day(recall.started_at) if recall.is_marked else None
        for article_no in recall.which.article_nos if recall.which.is_of_devices else ():
            async for devices in self.queries.devices_of(article_no, since=since):
                new = [each for each in devices if is_to_mark(each, recall)]
                orders = [each.order_no for each in new if each.state in WITH_AN_ORDER and each.order_no]
                if new:
                    refs = (
                        RECALLS.ref(recall.recall_no)
                        & DEVICES.many([each.device_no for each in new])
                        & DEVICE_ORDERS.many(list(dict.fromkeys(orders)))
                    )
                    await self.repository.change(refs, mark_devices, cause=Cause(key=None))
        if not recall.is_marked:
            await self.repository.change(RECALLS.ref(recall.recall_no), marked, cause=Cause(key=None))

    async def _mark_orders(self, recall: Recall) -> None:
        async for orders in self.pieces.orders_of(recall.which):
            numbers = [each.order_no for each in orders if has_unmarked(each, recall)]
            if numbers:
                refs = RECALLS.ref(recall.recall_no) & DEVICE_ORDERS.many(numbers)
                await self.repository.change(refs, mark_orders, cause=Cause(key=None))

    async def _notice_loans(self, devices: Sequence[Device]) -> None:
        helds = list(dict.fromkeys(held for each in devices for held in held_on_loan(each)))
        refs = (
            RECALLS.maybe_many(list(dict.fromkeys(no for no, _ in helds)))
            & DEVICES.many([each.device_no for each in devices])
            & LOANS.maybe_many(list(dict.fromkeys(each.loan_id for each in devices if each.loan_id)))
            & RECALL_NOTICES.maybe_many([notice_id(*each) for each in helds])
        )
        rule = partial(notice_loans, helds=helds, at=self._clock.now())
        await self.repository.change(refs, rule, cause=Cause(key=None))

    async def _notice_orders(self, orders: Sequence[DeviceOrder]) -> None:
        helds = list(dict.fromkeys(held for each in orders for held in held_of_order(each)))
        refs = (
            RECALLS.maybe_many(list(dict.fromkeys(no for no, _ in helds)))
            & DEVICE_ORDERS.many([each.order_no for each in orders])
            & RECALL_NOTICES.maybe_many([notice_id(*each) for each in helds])
        )
        rule = partial(notice_orders, helds=helds, at=self._clock.now())
        await self.repository.change(refs, rule, cause=Cause(key=None))

    async def _set_devices_apart(self, recall: Recall) -> None:
        by_place: dict[tuple[str, str], list[str]] = {}
        async for devices in self.queries.on_shelves(recall.recall_no):
            for each in devices:
                place = each.storeroom_no or "", each.article_no
                by_place.setdefault(place, []).append(each.device_no)
        for (storeroom_no, article_no), numbers in by_place.items():
            for first in range(0, len(numbers), APART_AT_ONCE):
                some = numbers[first : first + APART_AT_ONCE]
                apart, orders = await self._apart(storeroom_no, article_no, len(some))
                refs = (
                    RECALLS.ref(recall.recall_no)
                    & MOVEMENTS.maybe(apart.movement_no)
                    & BALANCES.maybe_many(balance_ids(storeroom_no, apart.articles))
                    & DEVICES.many(some)
                    & DEVICE_ORDERS.many(orders)
                )
                rule = partial(set_devices_apart, apart=apart)
                await self.repository.change(refs, rule, cause=Cause(key=None))

    async def _set_goods_apart(self, recall: Recall, article_no: str) -> None:
        for balance in await self.queries.balances_of(article_no):
            if not is_to_set_apart(balance, recall):
                continue
            storeroom_no = balance.storeroom_no
            apart, orders = await self._apart(storeroom_no, article_no, balance.on_hand)
            refs = (
                RECALLS.ref(recall.recall_no)
                & MOVEMENTS.maybe(apart.movement_no)
                & BALANCES.maybe_many(balance_ids(storeroom_no, apart.articles))
                & DEVICE_ORDERS.many(orders)
            )
            rule = partial(set_goods_apart_by_recall, apart=apart)
            await self.repository.change(refs, rule, cause=Cause(key=None))

    async def _apart(
        self, storeroom_no: str, article_no: str, pieces: int
    ) -> tuple[ApartByRecall, list[str]]:
        orders = await self.queries.orders_to_free(storeroom_no, article_no, pieces)
        articles = tuple(dict.fromkeys((article_no, *(no for each in orders for no in each.articles))))
        apart = ApartByRecall(str(uuid.uuid4()), storeroom_no, article_no, articles, self._clock.now())
        return apart, [each.order_no for each in orders]

    async def _end_what_came_back(self, recall: Recall) -> None:
        async for notices in self.queries.open_notices(recall.recall_no):
            loans = await self.repository.get(LOANS.maybe_many([each.loan_id or "" for each in notices]))
            orders = await self.repository.get(
                DEVICE_ORDERS.maybe_many(list(dict.fromkeys(each.order_no for each in notices)))
            )
            of_number = {each.order_no: each for each in orders if each}
            for notice, loan in zip(notices, loans, strict=True):
                how = how_it_ended(notice, loan, of_number.get(notice.order_no))
                if how is not None:
                    await self._end(notice, how=how)

    async def _take_marks_off(self, recall: Recall) -> None:
        """Take the marks of an ended recall off, where they do not stay; what is set apart stays so.

        Of orders first: what comes back from them brings its marks into a storeroom.
        """
        no, free = recall.recall_no, partial(self.repository.change, cause=Cause(key=None))
        if recall.state == "withdrawn":
            async for devices in self.queries.devices_in(no):
                if devices:
                    refs = DEVICES.many([each.device_no for each in devices])
                    await free(refs, partial(unmark_devices, recall_no=no))
        async for orders in self.queries.marked_orders(no):
            if orders:
                await free(
                    DEVICE_ORDERS.many([each.order_no for each in orders]),
                    partial(unmark_orders, recall_no=no),
                )
        async for balances in self.queries.marked_balances(no):
            for each in balances:
                ref = BALANCES.ref(balance_id(each.storeroom_no, each.article_no))
                await free(ref, partial(unmark_balance, recall_no=no))
        async for notices in self.queries.open_notices(no):
            for notice in notices:
                await self._end(notice, how="withdrawn")
        await free(RECALLS.ref(no), rest)

    async def _end(self, notice: RecallNotice, *, how: How) -> None:
        """End a notice; one that somebody ended meanwhile stays as it is."""
        rule = partial(end_notice, how=how, by=BY_ITSELF, at=self._clock.now())
        with suppress(NoticeEnded):
            await self.repository.change(RECALL_NOTICES.ref(notice.notice_id), rule, cause=Cause(key=None))
