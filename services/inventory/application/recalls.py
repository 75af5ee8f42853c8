"""Follows recalls: marks what they concern, sets it apart, notices who has it, until nothing is left (N4)."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from services.inventory.application.register import Register
from services.inventory.domain.goods.balance import balance_id, lot_in
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.holding import HoldingState, holdings_of_lot
from services.inventory.domain.recalls.notices import (
    How,
    NoticeEnded,
    RecallNotice,
    end_notice,
    has_come_back,
    is_to_mark,
    mark_devices,
    notice_id,
    notice_lots,
    pieces_of,
    unmark_devices,
    unmark_goods,
)
from services.inventory.domain.recalls.quarantine import ApartByRecall, set_recalled_apart, unmark_lot
from services.inventory.domain.recalls.recall import (
    MOST_ARTICLES,
    FoundPieces,
    NothingToRecall,
    Recall,
    TooManyArticles,
    WhichPieces,
    marked,
    rest,
)
from services.inventory.repository.collections import (
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
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


class Recalls:
    """Every recall, and the pieces that it concerns."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.warehouse = register.warehouse
        self.repository = register.warehouse.repository
        self.queries = RecallQueries(self.repository)
        self._clock = register.warehouse.clock

    async def articles(
        self, article_no: str | None, lot: str | None, supplier: str | None
    ) -> tuple[str, ...]:
        """Name the articles that are meant; raises NothingToRecall, TooManyArticles and NotFound."""
        if article_no is not None:
            return ((await self.warehouse.article(article_no)).article_no,)
        if supplier is not None:
            sold = await self.queries.articles_of(supplier, most=MOST_ARTICLES)
            found = [each.article_no for each in sold]
        else:
            balances = await self.register.queries.balances_with_lot(lot or "")
            found = list(dict.fromkeys(each.article_no for each in balances))
            async for orders in self.register.queries.all_orders_with_lot(lot or ""):
                found += [each.article_no for each in holdings_of_lot(orders, lot=lot or "", article_no=None)]
                found = list(dict.fromkeys(found))
        if len(found) > MOST_ARTICLES:
            raise TooManyArticles(most=MOST_ARTICLES)
        if not found:
            raise NothingToRecall
        return tuple(found)

    async def found(self, which: WhichPieces) -> FoundPieces:
        """Count where the pieces are now."""
        if which.lot is not None:
            return await self._found_of_lot(which)
        count: Counter[str] = Counter()
        for article_no in which.article_nos:
            async for devices in self.queries.devices_of(article_no):
                count.update(each.state for each in devices if which.concerns(each))
        return pieces_by_place(count)

    async def follow_all(self) -> None:
        """Mark what came since, set apart what lies on shelves, and end what came back; safe to run again."""
        for recall in await self.queries.followed():
            await self.follow(recall)

    async def follow(self, recall: Recall) -> None:
        """Do for one recall all that can be done now; safe to run again."""
        if recall.state == "withdrawn":
            await self._take_marks_off(recall)
            return
        if recall.which.lot is None:
            await self._mark(recall)
            await self._set_devices_apart(recall)
        else:
            await self._notice_lot(recall)
            await self._set_lots_apart(recall)
        await self._end_what_came_back(recall)

    async def left(self, recall: Recall) -> int:
        """Count the pieces that are in use still: on a shelf, under way or with a patient."""
        found = await self.found(recall.which)
        open_notices = 0
        async for notices in self.queries.open_notices(recall.recall_no):
            open_notices += sum(each.quantity for each in notices)
        on_way = found.under_way if recall.which.lot is None else 0
        return found.on_shelves + on_way + open_notices

    async def _found_of_lot(self, which: WhichPieces) -> FoundPieces:
        lot, on_hand = which.lot or "", 0
        for balance in await self.register.queries.balances_with_lot(lot):
            kept = lot_in(balance, lot) if balance.article_no in which.article_nos else None
            on_hand += kept.on_hand if kept else 0
        pieces: Counter[HoldingState] = Counter()
        async for orders in self.register.queries.all_orders_with_lot(lot):
            for each in holdings_of_lot(orders, lot=lot, article_no=None):
                pieces[each.state] += each.quantity if each.article_no in which.article_nos else 0
        return FoundPieces(on_hand, pieces["waits"], pieces["has"])

    async def _mark(self, recall: Recall) -> None:
        since = local_day(recall.started_at) if recall.is_marked else None
        for article_no in recall.which.article_nos:
            async for devices in self.queries.devices_of(article_no, since=since):
                new = [each for each in devices if is_to_mark(each, recall)]
                lent = [each.loan_id for each in new if each.loan_id]
                if not new:
                    continue
                refs = (
                    DEVICES.many([each.device_no for each in new])
                    & LOANS.maybe_many(lent)
                    & RECALL_NOTICES.maybe_many([notice_id(recall.recall_no, each) for each in lent])
                )
                rule = partial(mark_devices, recall=recall, at=self._clock.now())
                await self.repository.change(refs, rule, cause=Cause(key=None))
        if not recall.is_marked:
            await self.repository.change(RECALLS.ref(recall.recall_no), marked, cause=Cause(key=None))

    async def _notice_lot(self, recall: Recall) -> None:
        async for orders in self.register.queries.all_orders_with_lot(recall.which.lot or ""):
            concerned = [each.order_no for each in orders if any(pieces_of(each, recall))]
            known = await self.repository.get(
                RECALL_NOTICES.maybe_many([notice_id(recall.recall_no, each) for each in concerned])
            )
            numbers = [each for each, kept in zip(concerned, known, strict=True) if kept is None]
            if not numbers:
                continue
            refs = DEVICE_ORDERS.many(numbers) & RECALL_NOTICES.maybe_many(
                [notice_id(recall.recall_no, each) for each in numbers]
            )
            rule = partial(notice_lots, recall=recall, at=self._clock.now())
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
                await self._set_apart(recall, storeroom_no, article_no, some)

    async def _set_lots_apart(self, recall: Recall) -> None:
        lot = recall.which.lot or ""
        for balance in await self.register.queries.balances_with_lot(lot):
            kept = lot_in(balance, lot)
            is_meant = balance.article_no in recall.which.article_nos and kept is not None
            if kept is not None and is_meant and (kept.on_hand or not kept.recall_no):
                await self._set_apart(recall, balance.storeroom_no, balance.article_no, ())

    async def _set_apart(
        self, recall: Recall, storeroom_no: str, article_no: str, device_nos: Sequence[str]
    ) -> None:
        orders = await self.queries.orders_to_pick(storeroom_no)
        theirs = [each for each in orders if article_no in each.articles]
        articles = tuple(dict.fromkeys((article_no, *(no for each in theirs for no in each.articles))))
        apart = ApartByRecall(
            str(uuid.uuid4()), recall.recall_no, storeroom_no, article_no, articles, recall.reason,
            recall.started_by, self._clock.now(), recall.which.lot,
        )  # fmt: skip
        refs = (
            MOVEMENTS.maybe(apart.movement_no)
            & BALANCES.maybe_many(balance_ids(storeroom_no, articles))
            & DEVICES.many(list(device_nos))
            & DEVICE_ORDERS.many([each.order_no for each in theirs])
        )
        await self.repository.change(refs, partial(set_recalled_apart, apart=apart), cause=Cause(key=None))

    async def _end_what_came_back(self, recall: Recall) -> None:
        async for notices in self.queries.open_notices(recall.recall_no):
            loans = await self.repository.get(LOANS.maybe_many([each.loan_id or "" for each in notices]))
            orders = await self.repository.get(
                DEVICE_ORDERS.maybe_many(list(dict.fromkeys(each.order_no for each in notices)))
            )
            of_number = {each.order_no: each for each in orders if each}
            for notice, loan in zip(notices, loans, strict=True):
                if has_come_back(notice, loan, of_number.get(notice.order_no), recall):
                    await self._end(notice, how="came_back")

    async def _take_marks_off(self, recall: Recall) -> None:
        """Let what a withdrawn recall marked be used again; what is set apart stays so."""
        recall_no = recall.recall_no
        async for devices in self.queries.devices_in(recall_no):
            if devices:
                refs = DEVICES.many([each.device_no for each in devices])
                await self.repository.change(
                    refs, partial(unmark_devices, recall_no=recall_no), cause=Cause(key=None)
                )
        if recall.which.lot is not None:
            for balance in await self.register.queries.balances_with_lot(recall.which.lot):
                ref = BALANCES.ref(balance_id(balance.storeroom_no, balance.article_no))
                rule = partial(unmark_lot, recall=recall)
                await self.repository.change(ref, rule, cause=Cause(key=None))
            async for orders in self.register.queries.all_orders_with_lot(recall.which.lot):
                if orders:
                    theirs = DEVICE_ORDERS.many([each.order_no for each in orders])
                    free = partial(unmark_goods, recall=recall)
                    await self.repository.change(theirs, free, cause=Cause(key=None))
        async for notices in self.queries.open_notices(recall_no):
            for notice in notices:
                await self._end(notice, how="withdrawn")
        await self.repository.change(RECALLS.ref(recall_no), rest, cause=Cause(key=None))

    async def _end(self, notice: RecallNotice, *, how: How) -> None:
        """End a notice; one that somebody ended meanwhile stays as it is."""
        rule = partial(end_notice, how=how, by=BY_ITSELF, at=self._clock.now())
        with suppress(NoticeEnded):
            await self.repository.change(RECALL_NOTICES.ref(notice.notice_id), rule, cause=Cause(key=None))


def pieces_by_place(states: Mapping[str, int]) -> FoundPieces:
    """Add up devices by where their states say that they are."""
    under_way = sum(states.get(each, 0) for each in ("picked", "under_way", "at_unit"))
    gone = sum(states.get(each, 0) for each in ("missing", "written_off"))
    return FoundPieces(
        states.get("in_stock", 0), under_way, states.get("on_loan", 0), states.get("quarantined", 0), gone
    )
