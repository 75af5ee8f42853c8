"""What the patient has from now on: loans, and the facts of them (Q10, Q37, Q41)."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.orders.order import DeviceOrder, Goods
from services.inventory.domain.orders.published import lots_of
from shared.domain.decision import Refused, Sentence
from shared.events.fact import Fact
from shared.events.inventory import DeviceHandedOut, GoodsHandedOut
from shared.events.inventory_goods import HandOutMade, LineHandedOut


class OrderMoved(Refused):
    """The order or a device has changed since it was read."""

    rule = "order-moved"
    sentence = Sentence(
        "Beställningen ändrades samtidigt. Läs den på nytt och försök igen.",
        "The order changed at the same time. Read it again and try again.",
    )


@dataclass(frozen=True)
class Handing:
    """One hand-out, hand-over or delivery: what it is named by, and when it was."""

    handing_no: str
    """The order's number at a hand-out from a storeroom, else the number of the hand-over."""
    on: date
    at: datetime
    how: Literal["handed_out", "delivered"] = "handed_out"
    hand_over_no: str | None = None
    """The number again, of a hand-over at a care unit."""


def loan_id(handing: Handing, device_no: str) -> str:
    return f"{handing.handing_no}.{device_no}"


def lend(
    goods: Iterable[Goods], handing: Handing, *, continued: Mapping[str, str] | None = None
) -> tuple[Goods, ...]:
    """Mark goods as handed over, each device with its loan.

    `continued`: the loans that continue with a device, by its number (Q48).
    """
    under = continued or {}
    return tuple(replace(each, handed_over=True, loan_id=_loan_of(each, handing, under)) for each in goods)


def _loan_of(goods: Goods, handing: Handing, continued: Mapping[str, str]) -> str | None:
    if goods.device_no is None or goods.component:
        return None
    return continued.get(goods.device_no) or loan_id(handing, goods.device_no)


def loans_of(order: DeviceOrder, goods: Iterable[Goods], handing: Handing) -> tuple[Loan, ...]:
    """Open a loan for each device."""
    return tuple(
        Loan(
            loan_id=loan_id(handing, each.device_no),
            patient_ref=order.patient_ref,
            device_no=each.device_no,
            article_no=each.article_no,
            product_area=order.product_area,
            care_unit=order.care_unit,
            order_no=order.order_no,
            line_no=each.line_no,
            handed_out_on=handing.on,
            handed_out_at=handing.at,
            how=handing.how,
        )
        for each in goods
        if each.device_no and not each.component
    )


def on_loan(device: Device, loan: Loan) -> Device:
    return moved(
        device, state="on_loan", order_no=loan.order_no, loan_id=loan.loan_id, care_unit=loan.care_unit
    )


def facts_of(
    before: DeviceOrder,
    devices: Iterable[Device],
    goods: Sequence[Goods],
    handing: Handing,
    *,
    exchanged: AbstractSet[str] = frozenset(),
) -> list[Fact]:
    """Publish what was handed: one fee for each line, due at its first piece (Q37).

    `exchanged`: devices that continue another loan, with its fee (Q48).
    """
    facts: list[Fact] = [device_changed(each) for each in devices]
    due = {line.line_no for line in before.lines if line.fee} - _handed_lines(before)
    for each in goods:
        if each.component or each.device_no in exchanged:
            continue
        has_fee = each.line_no in due
        due.discard(each.line_no)
        if each.device_no:
            facts.append(_device_handed_out(before, each, handing, with_fee=has_fee))
        elif has_fee:
            facts.append(_goods_handed_out(before, each, handing))
    return [*facts, hand_out_made(before, goods, handing, exchanged=exchanged)]


def hand_out_made(
    order: DeviceOrder, goods: Sequence[Goods], handing: Handing, *, exchanged: AbstractSet[str] = frozenset()
) -> HandOutMade:
    shown = [each for each in goods if not each.component]
    return HandOutMade(
        order_no=order.order_no,
        patient_ref=order.patient_ref,
        handed_out_on=handing.on,
        handed_out_at=handing.at,
        lines=tuple(
            _line_handed_out(line_no, [each for each in shown if each.line_no == line_no], exchanged)
            for line_no in dict.fromkeys(each.line_no for each in shown)
        ),
        hand_over_no=handing.hand_over_no,
    )


def _line_handed_out(line_no: int, goods: list[Goods], exchanged: AbstractSet[str]) -> LineHandedOut:
    return LineHandedOut(
        line_no=line_no,
        article_no=goods[0].article_no,
        quantity=sum(each.quantity for each in goods),
        device_nos=tuple(each.device_no for each in goods if each.device_no),
        loan_ids=tuple(each.loan_id for each in goods if each.loan_id),
        lots=lots_of(goods),
        exchanged=any(each.device_no in exchanged for each in goods),
    )


def _handed_lines(order: DeviceOrder) -> set[int]:
    return {each.line_no for parcel in order.parcels for each in parcel.goods if each.handed_over}


def _device_handed_out(
    order: DeviceOrder, goods: Goods, handing: Handing, *, with_fee: bool
) -> DeviceHandedOut:
    device_no = goods.device_no or ""
    return DeviceHandedOut(
        loan_id=loan_id(handing, device_no),
        patient_ref=order.patient_ref,
        device_no=device_no,
        article_no=goods.article_no,
        product_area=order.product_area,
        care_unit=order.care_unit,
        order_no=order.order_no,
        line_no=goods.line_no,
        handed_out_on=handing.on,
        handed_out_at=handing.at,
        how=handing.how,
        fee=order.line(goods.line_no).fee if with_fee else None,
    )


def _goods_handed_out(order: DeviceOrder, goods: Goods, handing: Handing) -> GoodsHandedOut:
    fee = order.line(goods.line_no).fee
    if fee is None:
        raise ValueError("goods without a fee are not published to billing")
    return GoodsHandedOut(
        order_no=order.order_no,
        line_no=goods.line_no,
        patient_ref=order.patient_ref,
        article_no=goods.article_no,
        product_area=order.product_area,
        care_unit=order.care_unit,
        quantity=order.line(goods.line_no).quantity,
        handed_out_on=handing.on,
        handed_out_at=handing.at,
        fee=fee,
    )
