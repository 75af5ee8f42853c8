"""Making a device order out of lines, priced on the day it is sent (Q37, Q49)."""

from collections.abc import Iterable
from datetime import date

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import (
    Delivery,
    DeviceOrder,
    Kind,
    OrderedLine,
)
from services.ordering.domain.devices.other_region import Approval
from services.ordering.domain.devices.placing import Placing
from shared.events.ordering_devices import Component, DeviceLine, DeviceOrderSent, InPlaceOf


def ordered(
    placing: Placing,
    lines: Iterable[Line],
    *,
    order_no: str,
    kind: Kind,
    catalogue: DeviceCatalogue,
    approval: Approval | None = None,
    delivery: Delivery | None = None,
    joint: bool = False,
) -> DeviceOrder:
    """Make one order of lines that come from the same place and are of one product area (Q49)."""
    listed = tuple(lines)
    first = listed[0]
    return DeviceOrder(
        order_no=order_no,
        kind=kind,
        patient_ref=placing.patient_ref,
        care_unit=placing.care_unit,
        product_area=catalogue.article(first.article_no).product_area,
        storeroom_no=first.storeroom_no or "",
        prescriber=placing.prescriber_id,
        prescriber_name=placing.prescriber_name,
        placed_by=placing.placed_by,
        placed_by_name=placing.placed_by_name,
        sent_at=placing.at,
        sent_on=placing.on,
        lines=_priced(listed, catalogue, on=placing.on),
        delivery=delivery or Delivery(),
        joint=joint,
        approval=approval,
    )


def sent_fact(order: DeviceOrder) -> DeviceOrderSent:
    """Tell inventory, without a name or an address (Q61)."""
    return DeviceOrderSent(
        order_no=order.order_no,
        kind=order.kind,
        patient_ref=order.patient_ref,
        care_unit=order.care_unit,
        placed_by=order.placed_by,
        prescriber=order.prescriber,
        product_area=order.product_area,
        storeroom_no=order.storeroom_no,
        deliver_to=order.delivery.kind,
        joint=order.joint,
        sent_on=order.sent_on,
        sent_at=order.sent_at,
        lines=tuple(_wire_line(each) for each in order.lines),
    )


def _priced(lines: tuple[Line, ...], catalogue: DeviceCatalogue, *, on: date) -> tuple[OrderedLine, ...]:
    """Price each line; the fees of an order are counted from 1."""
    priced: list[OrderedLine] = []
    for line in lines:
        fee_no = 1 + sum(each.fee is not None for each in priced)
        priced.append(OrderedLine(line, catalogue.fee_of(line, fee_no=fee_no, on=on)))
    return tuple(priced)


def _wire_line(ordered: OrderedLine) -> DeviceLine:
    """Write a line as it is published (Q46)."""
    line = ordered.line
    return DeviceLine(
        line_no=line.line_no,
        article_no=line.article_no,
        quantity=line.quantity,
        device_no=line.device_no,
        components=tuple(
            Component(article_no=each.article_no, quantity=each.quantity) for each in line.components
        ),
        removed=line.removed,
        goes_with=line.goes_with,
        fee=ordered.fee,
        comment=line.comment,
        exchange=InPlaceOf(
            loan_id=line.exchange.loan_id,
            device_no=line.exchange.device_no,
            disposition=line.exchange.disposition,
            collection_no=line.exchange.collection_no,
        )
        if line.exchange
        else None,
    )
