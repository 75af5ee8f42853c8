"""What distributors sent to patients, by article and lot: what a recall of foods is about (Q60, N4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.recalls.recall import WhichPieces
from shared.domain.days import local_day
from shared.domain.decision import Decision

What = Literal["despatched", "delivered"]
SentState = Literal["under_way", "delivered", "gone_back"]


@dataclass(frozen=True)
class SentGoods:
    """Packages of one article and lot."""

    article_no: str
    lot: str = ""
    """Empty: the distributor named none."""
    despatched: int = 0
    delivered: int = 0

    @property
    def packages(self) -> int:
        return max(self.despatched, self.delivered)


@dataclass(frozen=True)
class DistributedOrder:
    """An order that a distributor sent; the patient by reference only (Q61)."""

    order_no: str
    patient_ref: str = ""
    care_unit: str = ""
    product_area: str = ""
    state: SentState = "under_way"
    first_on: date | None = None
    """The day of the first report about its goods."""
    goods: tuple[SentGoods, ...] = ()
    article_nos: tuple[str, ...] = ()
    """Of the goods: by these a recall finds it."""


@dataclass(frozen=True)
class Report:
    """What a distributor said of an order's goods."""

    order_no: str
    patient_ref: str
    care_unit: str
    product_area: str
    what: What
    at: datetime
    goods: tuple[SentGoods, ...]
    is_complete: bool = False


def note_goods(kept: DistributedOrder | None, *, report: Report) -> Decision[DistributedOrder]:
    """Add what a report says; a delivery that names no lot adds none to what was despatched (Q60)."""
    order = kept or DistributedOrder(report.order_no)
    rows = {(each.article_no, each.lot): each for each in order.goods}
    for each in report.goods:
        is_known = report.what == "delivered" and not each.lot and each.article_no in order.article_nos
        if not is_known:
            before = rows.get((each.article_no, each.lot), SentGoods(each.article_no, each.lot))
            rows[each.article_no, each.lot] = replace(
                before,
                despatched=before.despatched + each.despatched,
                delivered=before.delivered + each.delivered,
            )
    days = [day for day in (order.first_on, local_day(report.at)) if day]
    after = replace(
        order,
        patient_ref=order.patient_ref or report.patient_ref,
        care_unit=order.care_unit or report.care_unit,
        product_area=order.product_area or report.product_area,
        first_on=min(days),
        goods=tuple(rows.values()),
        article_nos=tuple(dict.fromkeys(no for no, _ in rows)),
    )
    is_delivered = report.is_complete and order.state == "under_way"
    return replace(after, state="delivered" if is_delivered else order.state), []


def note_gone_back(
    kept: DistributedOrder | None, *, order_no: str, patient_ref: str
) -> Decision[DistributedOrder]:
    """Note that the goods could not be handed over and went back, also before they were reported."""
    order = kept or DistributedOrder(order_no, patient_ref)
    return replace(order, state="gone_back"), []


def concerned(order: DistributedOrder, which: WhichPieces) -> Iterator[SentGoods]:
    """Give the goods of the order that are meant: of the lot, or of no named one in the period (Q60)."""
    if order.first_on is None or order.state == "gone_back":
        return
    for each in order.goods:
        if each.article_no not in which.foods:
            continue
        if which.lot is None:
            if is_in_period(order.first_on, which):
                yield each
        elif same_piece_number(each.lot, which.lot) or (not each.lot and _is_asked(order.first_on, which)):
            yield each


def is_in_period(day: date, which: WhichPieces) -> bool:
    """Tell whether the day is within the recall's period, which may be open at either end."""
    return (which.first_day is None or which.first_day <= day) and (
        which.last_day is None or day <= which.last_day
    )


def packages_of(orders: Iterable[DistributedOrder], which: WhichPieces) -> dict[SentState, int]:
    """Count the packages that are meant, by where they are."""
    count: dict[SentState, int] = {"under_way": 0, "delivered": 0, "gone_back": 0}
    for order in orders:
        count[order.state] += sum(each.packages for each in concerned(order, which))
    return count


def lot_known(goods: Sequence[SentGoods]) -> str:
    """Give the lot when all of the goods are of it; empty where it is not known."""
    lots = {each.lot for each in goods}
    return lots.pop() if len(lots) == 1 else ""


def _is_asked(day: date, which: WhichPieces) -> bool:
    has_period = which.first_day is not None or which.last_day is not None
    return has_period and is_in_period(day, which)
