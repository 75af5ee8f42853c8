"""What is shown of a replenishment: its lines with why they were ordered, and its parcels (S114, S115)."""

from datetime import date, datetime

from services.inventory.api.picking_views import GoodsView, ParcelView
from services.inventory.application.replenishment_names import Named
from services.inventory.domain.goods.levels import Undershot
from services.inventory.domain.orders.order import (
    Deviation,
    DeviationKind,
    DeviceOrder,
    Goods,
    OrderLine,
    OrderState,
    Parcel,
    Replenishment,
    Source,
)
from services.inventory.domain.replenishing.words import (
    BY_ITSELF,
    DEVIATIONS,
    PARCEL_STATES,
    SOURCES,
    STATES,
)
from shared.domain.decision import Sentence
from shared.http import View
from shared.http.language import Language, said


class DeviationView(View):
    """What of a parcel was not as its list said."""

    kind: DeviationKind
    kind_text: str
    article_no: str
    article_name: str
    quantity: int
    lot: str
    device_no: str | None
    reason: str


class RecallOfGoods(View):
    """A recall that concerns goods, and why."""

    recall_no: str
    reason: str


class DeliveredGoods(GoodsView):
    """Goods in a parcel to a storeroom; what is recalled lies in quarantine when it is received (N4)."""

    article_name: str
    recalls: list[RecallOfGoods]
    """Those that concern it: nobody uses it."""


class DeliveryView(ParcelView):
    """A parcel on its way to a storeroom, or received there."""

    goods: list[DeliveredGoods]  # type: ignore[assignment]  # what a parcel's goods say, and more
    state_text: str
    taken_by_name: str
    arrives_on: date | None
    """The planned day; on it the parcel is booked where no receipt is demanded (Q47)."""
    received_by: str | None
    received_by_name: str | None
    """None: the planned day booked it."""
    deviations: list[DeviationView]


def delivery_shown(parcel: Parcel, named: Named, language: Language) -> DeliveryView:
    shown = ParcelView.of(parcel).model_dump()
    more = {
        "state_text": said(PARCEL_STATES[parcel.state], language),
        "taken_by_name": parcel.taken_by_name or parcel.taken_by,
        "arrives_on": parcel.arrives_on,
        "received_by": parcel.received_by,
        "received_by_name": parcel.received_by_name or parcel.received_by,
        "goods": [goods_shown(each, named) for each in parcel.goods],
        "deviations": [deviation_shown(each, named, language) for each in parcel.deviations],
    }
    return DeliveryView.model_validate(shown | more)


def goods_shown(goods: Goods, named: Named) -> DeliveredGoods:
    return DeliveredGoods(
        **{name: getattr(goods, name) for name in GoodsView.model_fields},
        article_name=named.article(goods.article_no),
        recalls=[
            RecallOfGoods(recall_no=each.recall_no, reason=named.recalls[each.recall_no])
            for each in goods.recalls
            if each.recall_no in named.recalls
        ],
    )


class ReplenishmentLineView(View):
    """A line in base units."""

    line_no: int
    article_no: str
    article_name: str
    quantity: int
    reserved: int
    """Lies ready in the warehouse."""
    waiting: int
    """Is not there yet."""
    expected_on: date | None
    why: str | None
    """Why it was ordered by itself, in a sentence."""


class ReplenishmentView(View):
    """Goods that are ordered from a warehouse to a storeroom; delivered to the unit, always (S119)."""

    order_no: str
    state: OrderState
    state_text: str
    source: Source
    source_text: str
    storeroom_no: str
    storeroom_name: str
    warehouse_no: str
    warehouse_name: str
    care_unit: str
    care_unit_name: str
    joint: bool
    ordered_by: str
    ordered_by_name: str
    reason: str | None
    sent_at: datetime | None
    receipt_needed: bool
    """Its goods are on hand when somebody has received them, and otherwise on the planned day (Q47)."""
    lines: list[ReplenishmentLineView]
    parcels: list[DeliveryView]

    @classmethod
    def of(cls, order: DeviceOrder, named: Named, language: Language) -> "ReplenishmentView":
        terms = terms_of(order)
        return cls(
            order_no=order.order_no,
            state=order.state,
            state_text=said(STATES[order.state], language),
            source=terms.source,
            source_text=said(SOURCES[terms.source], language),
            storeroom_no=terms.storeroom_no,
            storeroom_name=named.storeroom(terms.storeroom_no),
            warehouse_no=order.storeroom_no,
            warehouse_name=named.storeroom(order.storeroom_no),
            care_unit=order.care_unit,
            care_unit_name=named.care_unit(order.care_unit),
            joint=order.joint and order.split_at is None,
            ordered_by=terms.ordered_by,
            ordered_by_name=terms.ordered_by_name or _orderer(terms, language),
            reason=terms.reason,
            sent_at=order.sent_at,
            receipt_needed=terms.receipt,
            lines=[_line(each, named, language) for each in order.lines],
            parcels=[delivery_shown(each, named, language) for each in order.parcels],
        )


def terms_of(order: DeviceOrder) -> Replenishment:
    """Give what only a replenishment has."""
    if order.replenishment is None:
        raise ValueError(f"{order.order_no} is no replenishment")
    return order.replenishment


def _orderer(terms: Replenishment, language: Language) -> str:
    return said(BY_ITSELF, language) if terms.source == "automatic" else terms.ordered_by


def deviation_shown(deviation: Deviation, named: Named, language: Language) -> DeviationView:
    return DeviationView(
        kind=deviation.kind,
        kind_text=said(DEVIATIONS[deviation.kind], language),
        article_no=deviation.article_no,
        article_name=named.article(deviation.article_no),
        quantity=deviation.quantity,
        lot=deviation.lot,
        device_no=deviation.device_no,
        reason=deviation.reason,
    )


def _line(line: OrderLine, named: Named, language: Language) -> ReplenishmentLineView:
    return ReplenishmentLineView(
        line_no=line.line_no,
        article_no=line.article_no,
        article_name=named.article(line.article_no),
        quantity=line.quantity,
        reserved=line.reserved,
        waiting=line.waiting,
        expected_on=line.expected_on if line.waiting else None,
        why=said(_why(line.undershot), language) if line.undershot else None,
    )


def _why(undershot: Undershot) -> Sentence:
    on_hand, reserved, on_order = undershot.on_hand, undershot.reserved, undershot.on_order
    return Sentence(
        f"{on_hand} fanns, {reserved} var reserverade och {on_order} på väg: färre än minst "
        f"{undershot.minimum}.",
        f"{on_hand} were there, {reserved} were reserved and {on_order} on their way: fewer than the minimum "
        f"of {undershot.minimum}.",
    )
