"""Finds orders of every type in one list, sorted and paged over what keeps them (S124 to S127)."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.goods_order import GoodsOrder
from services.ordering.domain.order_types import OrderType
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.repository.collections import DEVICE_ORDERS, GOODS_ORDERS, WITHDRAWALS
from shared.domain.number_parts import NumbersLike
from shared.repository import Collection, Page, Place, Repository, merged, moment_text

State = TypeVar("State", DeviceOrder, Withdrawal, GoodsOrder)
Found = DeviceOrder | Withdrawal | GoodsOrder
Column = Literal["number", "sent_at", "type", "placed_by_name", "prescriber_name"]
Where = dict[str, Any]
ROWS = 100
"""Of a page."""
LAST = "~"
"""Comes after every character of a number."""


@dataclass(frozen=True)
class OrdersWanted:
    """What is searched for; None leaves nothing out."""

    care_units: frozenset[str] | None = None
    product_areas: frozenset[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    placed_by: str | None = None
    prescriber: str | None = None
    of_person: str | None = None
    """Who placed it, or in whose name it was placed (S156)."""
    patient_ref: str | None = None
    article_no: str | None = None
    device_nos: frozenset[str] | None = None
    """All numbers that one device has had."""
    numbers: NumbersLike | None = None

    @property
    def is_narrow(self) -> bool:
        """Tell whether an index finds them: what is asked is not everybody's orders."""
        named = (self.care_units, self.placed_by, self.prescriber, self.of_person, self.patient_ref)
        return any(each is not None for each in (*named, self.device_nos, self.numbers))


@dataclass(frozen=True)
class Source(Generic[State]):
    """Orders of one type: where they are kept, and how they are found and sorted."""

    type: OrderType
    collection: Collection[State]
    where: Callable[[OrdersWanted], list[Where] | None]
    """None: none of this type is what is wanted."""
    fields: Mapping[Column, str]
    """What a column is sorted by; in a column that is missing all rows are alike."""


class OrderSearch:
    """Asks every collection for the same page, and makes one list of the answers."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    async def page(
        self,
        wanted: OrdersWanted,
        *,
        types: Iterable[OrderType],
        column: Column = "sent_at",
        down: bool = True,
        after: Place | None = None,
    ) -> Page[Found]:
        """List orders of some types by a column, the latest first unless asked otherwise (S126)."""
        sources = [each for each in SOURCES if each.type in types]
        ask = partial(self._page_of, wanted=wanted, column=column, down=down, after=after)
        pages: list[Page[Found]] = await asyncio.gather(*map(ask, sources))
        return merged(pages, partial(_place, column=column), down=down, limit=ROWS)

    async def _page_of(
        self, source: Source[Any], *, wanted: OrdersWanted, column: Column, down: bool, after: Place | None
    ) -> Page[Found]:
        conditions = source.where(wanted)
        field = source.fields.get(column)
        alike = source.type if column == "type" else None
        if conditions is None or (field is None and after and _is_passed(alike, after, down=down)):
            return Page([], None)
        if field is None and after and alike != after.value:
            after = None  # all rows of this type come behind the place
        where = {"$and": conditions} if conditions else {}
        sort = f"{'-' if down else ''}{field or '_id'}"
        return await self.repository.page(source.collection, where, sort=sort, limit=ROWS, after=after)


def _is_passed(value: str | None, after: Place, *, down: bool) -> bool:
    """Tell whether rows that are alike in the column come before a place."""
    mine, there = ((each is not None, each or "") for each in (value, after.value))
    return mine > there if down else mine < there


def _place(found: Found, *, column: Column) -> Place:
    if isinstance(found, Withdrawal):
        number, of_type = found.withdrawal_no, "withdrawal"
        values: dict[Column, str | None] = {
            "sent_at": moment_text(found.made_at),
            "placed_by_name": found.made_by_name,
        }
    elif isinstance(found, GoodsOrder):
        number, of_type = found.order_no, found.kind
        values = {"sent_at": moment_text(found.sent_at)}
    else:
        number, of_type = found.order_no, str(found.kind)
        values = {
            "sent_at": moment_text(found.sent_at),
            "placed_by_name": found.placed_by_name,
            "prescriber_name": found.prescriber_name,
        }
    values |= {"type": of_type, "number": number}
    return Place(values.get(column), number)


def _of_devices(kind: str, wanted: OrdersWanted) -> list[Where] | None:
    return [
        {"kind": kind},
        *_common(wanted, unit="care_unit", moment="sent_at", placed_by="placed_by"),
        *_equal({"prescriber": wanted.prescriber}),
        *_mine(wanted, "placed_by", "prescriber"),
        *_holding(wanted),
    ]


def _of_withdrawals(wanted: OrdersWanted) -> list[Where] | None:
    if wanted.prescriber is not None or wanted.device_nos is not None:
        return None  # foods have no tracked devices, and a withdrawal has the prescribers of its lines
    return [
        {"state": {"$ne": "new"}},
        *_equal({"choice.items.split.article_no": wanted.article_no}),
        *_common(wanted, unit="care_units", moment="made_at", placed_by="made_by"),
        *_mine(wanted, "made_by"),
    ]


def _of_goods(kind: str, wanted: OrdersWanted) -> list[Where] | None:
    of_people = (wanted.placed_by, wanted.prescriber, wanted.of_person, wanted.patient_ref, wanted.device_nos)
    if any(each is not None for each in of_people):
        return None  # nobody is named in them, and which devices come is inventory's
    everywhere = replace(wanted, product_areas=None)  # a storeroom has goods of several areas
    return [
        {"kind": kind},
        *_equal({"lines.article_no": wanted.article_no}),
        *_common(everywhere, unit="care_unit", moment="sent_at", placed_by="placed_by"),
    ]


def _common(wanted: OrdersWanted, *, unit: str, moment: str, placed_by: str) -> Iterator[Where]:
    yield from _equal({"patient_ref": wanted.patient_ref, placed_by: wanted.placed_by})
    for field, among in ((unit, wanted.care_units), ("product_area", wanted.product_areas)):
        if among is not None:
            yield {field: {"$in": sorted(among)}}
    if wanted.since is not None:
        yield {moment: {"$gte": moment_text(wanted.since)}}
    if wanted.before is not None:
        yield {moment: {"$lt": moment_text(wanted.before)}}
    if wanted.numbers is not None:
        yield _numbered(wanted.numbers)


def _numbered(numbers: NumbersLike) -> Where:
    named = [{"_id": {"$in": list(numbers.numbers)}}]
    begun = [{"_id": {"$gte": each, "$lt": each + LAST}} for each in numbers.beginnings]
    return {"$or": [*named, *begun]} if begun else named[0]


def _mine(wanted: OrdersWanted, *fields: str) -> Iterator[Where]:
    if wanted.of_person is not None:
        mine = [{field: wanted.of_person} for field in fields]
        yield {"$or": mine} if len(mine) > 1 else mine[0]


MOVED = ("parcels.lines", "handed_out.lines")
"""What came, in orders of every version; whoever runs the version before keeps no list of it all."""


def _holding(wanted: OrdersWanted) -> Iterator[Where]:
    """Find by articles and devices; in orders of the version before by what was ordered, and what came."""
    if wanted.article_no is not None:
        within = (
            "lines.line.article_no",
            "reserved.lines.article_no",
            *(f"{each}.article_no" for each in MOVED),
        )
        yield _kept_or_within("article_nos", within, wanted.article_no)
    if wanted.device_nos is not None:
        within = ("lines.line.device_no", *(f"{each}.device_nos" for each in MOVED))
        yield _kept_or_within("device_nos", within, {"$in": sorted(wanted.device_nos)})


def _kept_or_within(kept: str, within: Iterable[str], what: object) -> Where:
    before = {kept: None, "$or": [{each: what} for each in within]}
    return {"$or": [{kept: what}, before]}


def _equal(fields: Mapping[str, str | None]) -> Iterator[Where]:
    yield from ({field: value} for field, value in fields.items() if value is not None)


OF_DEVICES: Mapping[Column, str] = {
    "number": "_id",
    "sent_at": "sent_at",
    "placed_by_name": "placed_by_name",
    "prescriber_name": "prescriber_name",
}
OF_WITHDRAWALS: Mapping[Column, str] = {
    "number": "_id",
    "sent_at": "made_at",
    "placed_by_name": "made_by_name",
}
OF_GOODS: Mapping[Column, str] = {"number": "_id", "sent_at": "sent_at"}
SOURCES: tuple[Source[Any], ...] = (
    Source("hand_out", DEVICE_ORDERS, partial(_of_devices, "hand_out"), OF_DEVICES),
    Source("order", DEVICE_ORDERS, partial(_of_devices, "order"), OF_DEVICES),
    Source("withdrawal", WITHDRAWALS, _of_withdrawals, OF_WITHDRAWALS),
    Source("replenishment", GOODS_ORDERS, partial(_of_goods, "replenishment"), OF_GOODS),
    Source("purchase", GOODS_ORDERS, partial(_of_goods, "purchase"), OF_GOODS),
)
