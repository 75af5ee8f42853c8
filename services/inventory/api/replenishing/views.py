"""What is shown of a replenishment: its lines with why they were ordered, and its parcels (S114, S115)."""

from datetime import date, datetime

from services.inventory.api.picking_views import ParcelView
from services.inventory.domain.goods.levels import Undershot
from services.inventory.domain.orders.order import (
    Deviation,
    DeviationKind,
    DeviceOrder,
    OrderLine,
    OrderState,
    Parcel,
    Replenishment,
    Source,
)
from shared.domain.decision import Sentence
from shared.http import View
from shared.http.language import Language, said


class DeviationView(View):
    """What of a parcel was not as its list said."""

    kind: DeviationKind
    article_no: str
    quantity: int
    lot: str
    device_no: str | None
    reason: str


class DeliveryView(ParcelView):
    """A parcel on its way to a storeroom, or received there."""

    arrives_on: date | None
    """The planned day; on it the parcel is booked where no receipt is demanded (Q47)."""
    received_by: str | None
    deviations: list[DeviationView]

    @classmethod
    def of(cls, parcel: Parcel) -> "DeliveryView":
        shown = ParcelView.of(parcel).model_dump()
        more = {
            "arrives_on": parcel.arrives_on,
            "received_by": parcel.received_by,
            "deviations": [deviation_shown(each) for each in parcel.deviations],
        }
        return cls.model_validate(shown | more)


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
    source: Source
    storeroom_no: str
    warehouse_no: str
    care_unit: str
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
    def of(cls, order: DeviceOrder, names: dict[str, str], language: Language) -> "ReplenishmentView":
        terms = terms_of(order)
        return cls(
            order_no=order.order_no,
            state=order.state,
            source=terms.source,
            storeroom_no=terms.storeroom_no,
            warehouse_no=order.storeroom_no,
            care_unit=order.care_unit,
            joint=order.joint and order.split_at is None,
            ordered_by=terms.ordered_by,
            ordered_by_name=terms.ordered_by_name,
            reason=terms.reason,
            sent_at=order.sent_at,
            receipt_needed=terms.receipt,
            lines=[_line(each, names, language) for each in order.lines],
            parcels=[DeliveryView.of(each) for each in order.parcels],
        )


def terms_of(order: DeviceOrder) -> Replenishment:
    """Give what only a replenishment has."""
    if order.replenishment is None:
        raise ValueError(f"{order.order_no} is no replenishment")
    return order.replenishment


def deviation_shown(deviation: Deviation) -> DeviationView:
    return DeviationView(**{name: getattr(deviation, name) for name in DeviationView.model_fields})


def _line(line: OrderLine, names: dict[str, str], language: Language) -> ReplenishmentLineView:
    return ReplenishmentLineView(
        line_no=line.line_no,
        article_no=line.article_no,
        article_name=names.get(line.article_no, ""),
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
