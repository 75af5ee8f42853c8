"""What the rules of goods refuse: sums that cannot be, devices that are elsewhere, parcels too early."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance, Lot, LotRecalled, first_expired
from services.inventory.domain.goods.marks import RecalledLot
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.drawing import draw_set
from services.inventory.domain.orders.hand_out import HandOutRequest, hand_out
from services.inventory.domain.orders.hand_over import LineHanded, deliver
from services.inventory.domain.orders.handing import Handing, OrderMoved
from services.inventory.domain.orders.order import DeviceOrder, Exchange, Goods, OrderLine, Parcel
from services.inventory.domain.orders.parcel_numbers import parcel_number
from services.inventory.domain.orders.picking import Pick, despatch, pack, pick_counted, pick_device
from services.inventory.domain.orders.refusals import (
    DeliveredElsewhere,
    DeviceElsewhere,
    DeviceNumberMissing,
    NotAParcelNumber,
    NothingPicked,
    NotOnPickList,
)
from services.inventory.domain.orders.reserving import annul, give_to_order
from services.inventory.domain.orders.taking_back import Mistake, take_back
from services.inventory.domain.returns.exchanging import ExchangeRequest
from services.inventory.domain.returns.exchanging import exchange as exchanged
from services.inventory.domain.returns.handing_over import HandOverRequest, hand_over
from services.inventory.domain.returns.returning import DeviceBack, Return
from shared.domain.working_days import WorkingDays
from shared.events.inventory_goods import HandOutRefused
from tests.inventory.shelves import CPAP as ARTICLE
from tests.inventory.shelves import OWN, PATIENT
from tests.support import A_MONDAY_MORNING as AT

CPAP, HOSE, MASK = "910001", "910100", "910300"
TODAY = date(2026, 11, 23)
HANDING = Handing("B1", TODAY, AT)
LINE = OrderLine(1, CPAP, 1, reserved=1)
PICKING = Parcel("B1.1", "picking", "keeper", AT)
ORDER = DeviceOrder(
    "B1",
    PATIENT,
    state="open",
    storeroom_no="DEMO-W1",
    care_unit="DEMO-101",
    lines=(LINE,),
    parcels=(PICKING,),
)
SHELF = (Balance("DEMO-W1", CPAP, (Lot(on_hand=2),), reserved=1),)
DEVICE = Device("D1", CPAP, "central", "DEMO-W1")
PICK = Pick("m1", "keeper", AT, CPAP)
IN_PARCEL = Goods(1, CPAP, 1, device_no="D1")


def asked(*lines: OrderLine) -> HandOutRequest:
    order = DeviceOrder("B1", PATIENT, kind="hand_out", storeroom_no="DEMO-W1", lines=lines)
    return HandOutRequest(order, HANDING, "m1", "nurse", linked=True, marked=frozenset({CPAP}))


def refused(request: HandOutRequest, *devices: Device | None) -> str:
    """Give the rule that a hand-out is refused by."""
    shelf = (Balance("DEMO-W1", CPAP, (Lot(on_hand=2),)),)
    order, *_, (fact,) = hand_out(None, devices, shelf, (None,) * len(devices), None, request=request)
    assert isinstance(fact, HandOutRefused)
    assert order.state == "refused"
    return fact.rule


def in_state(state: Any, *goods: Goods) -> DeviceOrder:
    return replace(ORDER, parcels=(replace(PICKING, state=state, parcel_no="P1", goods=goods),))


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: Lot(on_hand=-1),
        lambda: Lot(quarantined=-1),
        lambda: Balance("DEMO-W1", CPAP, (Lot(on_hand=1),), reserved=2),
        lambda: Balance("DEMO-W1", CPAP, waiting=-1),
    ],
    ids=["on hand", "quarantined", "reserved", "waiting"],
)
def test_a_sum_that_cannot_be_is_never_written(impossible: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"pieces|reserved"):
        impossible()


def test_recalled_goods_are_set_apart_and_taken_for_nothing_else() -> None:
    marks = (RecalledLot("A1", AT, "L1"),)
    shelf = Stock("DEMO-S1", (Balance("DEMO-S1", "910300", (Lot("L1", on_hand=3),), recalls=marks),))

    after = shelf.quarantine("910300", 2, lot="L1").put("910300", 4, source="outside", lot=Lot("l1"))

    (kept,) = after.of_article("910300").lots
    assert (kept.on_hand, kept.quarantined) == (1, 6)
    with pytest.raises(LotRecalled):
        shelf.take_free("910300", 1, target="outside", lot="L1")


def test_a_movement_that_stands_is_never_written_over() -> None:
    movement = Movement("m1", "DEMO-W1", "received", AT, "keeper", ())

    with pytest.raises(ValueError, match="m1 stands already"):
        added(movement, movement)


def test_what_is_quarantined_is_never_proposed() -> None:
    lots = (Lot("A", date(2026, 12, 1), quarantined=3), Lot("B", date(2027, 1, 1), on_hand=2))

    assert [(lot.lot, part) for lot, part in first_expired(Balance("DEMO-W1", MASK, lots), 2)] == [("B", 2)]


def test_components_of_counted_goods_are_taken_with_them() -> None:
    line = OrderLine(1, MASK, 2, components=((HOSE, 3),))
    kept = (Balance("DEMO-W1", MASK, (Lot(on_hand=2),)), Balance("DEMO-W1", HOSE, (Lot(on_hand=6),)))

    stock, goods = draw_set(
        Stock.of("DEMO-W1", (MASK, HOSE), kept), line, 2, take=Stock.take_free, target="order:B1", lot=None
    )

    assert [(each.article_no, each.quantity, each.component) for each in goods] == [
        (MASK, 2, False),
        (HOSE, 6, True),
    ]
    assert [each.on_hand for each in stock.balances] == [0, 0]


def test_one_device_is_not_handed_out_on_two_lines() -> None:
    line = OrderLine(1, CPAP, 1, device_no="D1")

    assert refused(asked(line, replace(line, line_no=2)), DEVICE) == "device-number-missing"


def test_a_hand_out_of_an_unknown_device_or_of_another_article_is_refused() -> None:
    line = OrderLine(1, CPAP, 1, device_no="D1")

    assert refused(asked(line), None) == "no-such-device"
    assert refused(asked(line), replace(DEVICE, article_no=MASK)) == "another-article"


def test_only_what_the_pick_list_asks_for_and_lies_there_is_picked() -> None:
    elsewhere = replace(DEVICE, storeroom_no="DEMO-S1")
    nothing_left = replace(ORDER, lines=(replace(LINE, reserved=0, picked=1),))

    with pytest.raises(DeviceElsewhere):
        pick_device(ORDER, SHELF, elsewhere, None, pick=PICK)
    with pytest.raises(NotOnPickList):
        pick_device(nothing_left, SHELF, DEVICE, None, pick=PICK)
    with pytest.raises(DeviceNumberMissing):
        pick_counted(ORDER, SHELF, None, pick=PICK, is_marked=True)


def test_an_empty_parcel_is_not_packed() -> None:
    with pytest.raises(NothingPicked):
        pack(ORDER, None, parcel_no="P1", at=AT)


def test_a_parcel_that_changed_since_it_was_read_is_read_again() -> None:
    with pytest.raises(OrderMoved):
        despatch(in_state("packed", IN_PARCEL), (), parcel_no="P1", at=AT, carried=WorkingDays())
    with pytest.raises(OrderMoved):
        handed_over(in_state("received", IN_PARCEL), (), ())


def test_what_has_not_left_the_warehouse_is_not_handed_over() -> None:
    packed = in_state("packed", IN_PARCEL)

    *_, facts = handed_over(packed, (DEVICE,), (None,))

    assert [each.rule for each in facts] == ["not-at-unit-now"]


def test_a_device_that_was_not_read_is_not_exchanged() -> None:
    old = replace(DEVICE, device_no="D2", state="on_loan", order_no="B7", loan_id="l-1")
    exchange = Exchange("l-1", "D2")

    with pytest.raises(OrderMoved):
        handed_over(in_state("received", IN_PARCEL), (DEVICE, old), (None, None), exchange=exchange)
    with pytest.raises(OrderMoved):
        handed_over(in_state("received", IN_PARCEL), (None, DEVICE), (None, None), exchange=exchange)


def test_two_devices_are_not_exchanged_for_one_and_none_for_what_came_with_no_order() -> None:
    exchange = Exchange("l-1", "D2")
    old = replace(DEVICE, device_no="D2", storeroom_no=None, state="on_loan", order_no="B7", loan_id="l-1")
    lent = Loan("l-1", PATIENT, "D2", CPAP, "cpap", "DEMO-101", "B7", 1, TODAY, AT, "handed_out")
    back = Return(
        "B1-1", (PATIENT,), OWN, TODAY, AT, "placer", None, (DeviceBack("D2", "return"),) * 2, (),
        {CPAP: ARTICLE},
    )  # fmt: skip
    goods = IN_PARCEL, replace(IN_PARCEL, line_no=2, device_no="D3")
    lines = LineHanded(1, 1, ("D1",), exchange), LineHanded(2, 1, ("D3",), exchange)
    request = HandOverRequest(HANDING, lines, back, "m-1", (CPAP,))
    devices = DEVICE, replace(DEVICE, device_no="D3"), old, old

    orders = in_state("received", *goods), DeviceOrder("B7", PATIENT)
    *_, twice = hand_over(orders, devices, (None, None, lent, lent), (), (None,), None, request=request)
    one = replace(back, devices=back.devices[:1])
    asked_for = ExchangeRequest(asked(OrderLine(1, CPAP, 1, "D1", exchange=exchange)), one, (CPAP,))
    *_, alone = exchanged((None, None), (DEVICE, old), lent, (), (None,), None, request=asked_for)

    assert [each.model_dump()["rule"] for each in (*twice, *alone)] == ["not-on-loan-to-patient"] * 2


def handed_over(order: DeviceOrder, devices: Any, loans: Any, *, exchange: Exchange | None = None) -> Any:
    back = Return(
        "B1-1", (ORDER.patient_ref,), OWN, AT.date(), AT, "placer", None,
        (DeviceBack("D2", "return"),) if exchange else (), (), {},
    )  # fmt: skip
    lines = (LineHanded(1, 1, ("D1",), exchange),)
    request = HandOverRequest(HANDING, lines, back, "m-1")
    return hand_over((order,), devices, loans, (), (), None, request=request)


def test_a_parcel_to_the_unit_is_not_registered_as_delivered_home() -> None:
    with pytest.raises(DeliveredElsewhere):
        deliver(in_state("despatched", IN_PARCEL), (DEVICE,), (None,), parcel_no="P1", handing=HANDING)


def test_an_order_that_is_over_gets_nothing_more() -> None:
    annulled = replace(ORDER, state="annulled")

    assert give_to_order(annulled, SHELF, known=annulled.articles) == (annulled, SHELF, [])


def test_an_order_that_got_a_line_meanwhile_is_read_again() -> None:
    with pytest.raises(OrderMoved):
        give_to_order(ORDER, SHELF, known=())


def test_an_order_that_came_while_its_annulment_was_handled_is_read_again() -> None:
    with pytest.raises(OrderMoved):
        annul(ORDER, (), order_no="B1", known=(), at=AT)


def test_a_hand_out_that_changed_while_it_was_taken_back_is_read_again() -> None:
    handed = replace(IN_PARCEL, handed_over=True, loan_id="B1.D1")
    order = replace(in_state("handed_out", handed), kind="hand_out", state="handed_out")

    with pytest.raises(OrderMoved):
        take_back(order, (), SHELF, (), None, mistake=Mistake("B1", PATIENT, "m2", AT, AT))


@pytest.mark.parametrize("text", ["-", "P/1", "", "3401"])
def test_what_is_no_parcel_number_is_refused(text: str) -> None:
    with pytest.raises(NotAParcelNumber):
        parcel_number(text)
