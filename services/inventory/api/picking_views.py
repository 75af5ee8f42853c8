"""What is shown of orders to pick and of their parcels: no names, and nobody whom they are for (Q61)."""

from datetime import date, datetime

from services.inventory.domain.orders.order import DeviceOrder, OrderState, Parcel, ParcelState
from shared.http import View


class GoodsView(View):
    """Goods in a parcel."""

    line_no: int
    article_no: str
    quantity: int
    lot: str
    best_before: date | None
    device_no: str | None
    component: bool
    handed_over: bool


class ParcelView(View):
    """A pick list that was taken, and its parcel."""

    pick_list_no: str
    parcel_no: str | None
    state: ParcelState
    taken_by: str
    taken_at: datetime
    despatched_at: datetime | None
    received_at: datetime | None
    goods: list[GoodsView]

    @classmethod
    def of(cls, parcel: Parcel) -> "ParcelView":
        fields = {name: getattr(parcel, name) for name in cls.model_fields if name != "goods"}
        return cls(**fields, goods=[GoodsView(**_named(each)) for each in parcel.goods])


class LotProposed(View):
    """A lot to pick from: first expired, first out."""

    lot: str
    best_before: date | None
    quantity: int


class ComponentToPick(View):
    """A counted article that is taken with each device of the line, and put on it (Q46)."""

    article_no: str
    article_name: str
    quantity: int
    """For one device."""


class LineToPick(View):
    """A line of an order, as the warehouse sees it."""

    line_no: int
    article_no: str
    article_name: str = ""
    quantity: int
    reserved: int
    """To be picked now."""
    picked: int
    waiting: int
    lots: tuple[LotProposed, ...] = ()
    device_nos: tuple[str, ...] = ()
    """Devices that lie there; any of them will do."""
    components: tuple[ComponentToPick, ...] = ()


class OrderToPick(View):
    """An order without names: whom it is for is not said (Q61)."""

    order_no: str
    state: OrderState
    care_unit: str
    deliver_to: str
    joint: bool
    sent_at: datetime | None
    to_pick: bool
    lines: list[LineToPick]
    parcels: list[ParcelView]

    @classmethod
    def of(cls, order: DeviceOrder, lines: list[LineToPick] | None = None) -> "OrderToPick":
        return cls(
            order_no=order.order_no,
            state=order.state,
            care_unit=order.care_unit,
            deliver_to=order.deliver_to,
            joint=order.joint,
            sent_at=order.sent_at,
            to_pick=order.to_pick,
            lines=lines if lines is not None else lines_of(order),
            parcels=[ParcelView.of(each) for each in order.parcels],
        )


def shown(order: DeviceOrder, *_: object) -> OrderToPick:
    return OrderToPick.of(order)


def lines_of(order: DeviceOrder) -> list[LineToPick]:
    return [
        LineToPick(
            line_no=each.line_no,
            article_no=each.article_no,
            quantity=each.quantity,
            reserved=each.reserved,
            picked=each.picked,
            waiting=each.waiting,
        )
        for each in order.lines
    ]


def _named(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in GoodsView.model_fields}
