"""What may be done with what was scanned, and who has what: the rules by themselves (T18, T19)."""

from dataclasses import replace
from datetime import date

import pytest

from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.devices.loan import Exchanged, Loan
from services.inventory.domain.devices.states import StockStatus, stock_status
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.orders.holding import holdings_of_device, holdings_of_lot
from services.inventory.domain.orders.order import DeliverTo, DeviceOrder, Goods, Parcel, ParcelState
from services.inventory.domain.scanning.acts import (
    NOTHING_TO_DO,
    Standing,
    acts_with_device,
    acts_with_goods,
    acts_with_parcel,
    why_nothing,
)
from services.inventory.domain.scanning.reading import read
from tests.inventory.shelves import CENTRAL, CPAP, MASK, OWN
from tests.support import A_MONDAY_MORNING

DEVICE = Device("D1", "910001", "central", "DEMO-S1")
KEEPER = Standing(keeps_goods=True, is_store_keeper=True)
NURSE = Standing(keeps_goods=True, serves_patient=True, hands_out=True, takes_back=True)
STRANGER = Standing()
IN_IT = (Goods(1, "910001", 1, device_no="D1"),)
PARCEL = Parcel("P.1", "packed", "keeper", A_MONDAY_MORNING, "P.1", IN_IT)
ORDER = DeviceOrder("B1", "p-1", care_unit="DEMO-101", product_area="cpap", parcels=(PARCEL,))
LOAN = Loan(
    "l1", "p-1", "D2", "910001", "cpap", "DEMO-101", "B1", 1, date(2026, 1, 10), A_MONDAY_MORNING,
    how="handed_out", exchanged=(Exchanged("D1", "910001", date(2026, 3, 1)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "status", "keeper", "nurse"),
    [
        ("in_stock", "available", ["pick"], ["hand_out"]),
        ("in_stock", "reserved", ["pick"], []),
        ("picked", "reserved", ["put_back"], []),
        ("under_way", "reserved", [], ["receive_parcel"]),
        ("at_unit", "reserved", [], ["hand_over"]),
        ("on_loan", "not_in_stock", [], ["return"]),
        ("quarantined", "set_apart", ["release"], ["release"]),
        ("missing", "set_apart", [], []),
        ("written_off", "set_apart", [], []),
    ],
)
def test_a_device_may_be_handled_as_its_state_and_the_person_allow(
    state: DeviceState, status: StockStatus, keeper: list[str], nurse: list[str]
) -> None:
    device = replace(DEVICE, state=state)

    by_keeper = [each.name for each in acts_with_device(device, status, ORDER, KEEPER)]
    by_nurse = [each.name for each in acts_with_device(device, status, ORDER, NURSE)]

    assert (by_keeper, by_nurse) == (keeper, nurse)
    assert list(acts_with_device(device, status, ORDER, STRANGER)) == []
    assert why_nothing(device, status, STRANGER) == NOTHING_TO_DO[state]


def test_who_hands_out_is_told_that_a_device_is_reserved() -> None:
    assert why_nothing(DEVICE, "reserved", NURSE) == NOTHING_TO_DO["reserved"]


def test_the_parcel_of_a_device_on_its_way_is_named() -> None:
    (act,) = acts_with_device(replace(DEVICE, state="under_way"), "reserved", ORDER, NURSE)

    assert (act.order_no, act.parcel_no) == ("B1", "P.1")


@pytest.mark.parametrize(
    ("state", "to", "keeper", "nurse"),
    [
        ("packed", "unit", ["despatch"], []),
        ("despatched", "unit", [], ["receive_parcel"]),
        ("despatched", "home", ["deliver"], []),
        ("received", "unit", [], ["hand_over"]),
        ("handed_out", "unit", [], []),
    ],
)
def test_a_parcel_may_be_handled_where_it_is(
    state: ParcelState, to: DeliverTo, keeper: list[str], nurse: list[str]
) -> None:
    order, parcel = replace(ORDER, deliver_to=to), replace(PARCEL, state=state)
    serving = Standing(serves_patient=True)

    assert [each.name for each in acts_with_parcel(order, parcel, KEEPER)] == keeper
    assert [each.name for each in acts_with_parcel(order, parcel, serving)] == nurse


def test_counted_goods_are_handed_out_from_an_own_storeroom_and_picked_where_they_are_reserved() -> None:
    own = (OWN, Balance("DEMO-S1", "910300", (Lot("", None, 2),)))
    central = (CENTRAL, Balance("DEMO-W1", "910300", (Lot("", None, 2),), reserved=1))
    empty = (OWN, Balance("DEMO-S1", "910300"))

    assert [each.name for each in acts_with_goods(MASK, [own], NURSE)] == ["receive_goods", "hand_out"]
    assert [each.name for each in acts_with_goods(MASK, [central], KEEPER)] == ["receive_goods", "pick"]
    assert [each.name for each in acts_with_goods(MASK, [empty, central], NURSE)] == ["receive_goods"]
    assert [each.name for each in acts_with_goods(MASK, [own], STRANGER)] == []
    assert [each.name for each in acts_with_goods(CPAP, [own], NURSE)] == ["receive_goods"]


@pytest.mark.parametrize("state", ["quarantined", "missing", "written_off"])
def test_what_is_set_apart_is_not_available(state: DeviceState) -> None:
    assert stock_status(replace(DEVICE, state=state), None) == "set_apart"


def test_a_device_that_was_exchanged_was_with_the_patient_until_then() -> None:
    before = holdings_of_device([LOAN], device_no="D1")
    after = holdings_of_device([LOAN, replace(LOAN, loan_id="l2", state="mistaken")], device_no="D2")

    assert [(each.state, each.since, each.until) for each in before] == [
        ("had", date(2026, 1, 10), date(2026, 3, 1))
    ]
    assert [(each.state, each.since, each.until) for each in after] == [("has", date(2026, 3, 1), None)]
    assert holdings_of_device([LOAN], device_no="D3") == []


def test_goods_of_a_lot_wait_are_with_the_patient_or_came_back() -> None:
    goods = Goods(1, "910300", 1, "L1")
    kept = (goods, replace(goods, handed_over=True), replace(goods, handed_over=True, returned=True))
    order = replace(ORDER, parcels=(replace(PARCEL, goods=kept),))

    found = holdings_of_lot([order, replace(order, state="taken_back")], lot="L1", article_no=None)

    assert [each.state for each in found] == ["waits", "has", "had"]


@pytest.mark.parametrize("code", ["]d2ABC", "]d210L1", "]C1zz\x1d01", "\x1d] ", "\x1d ]+1", "]d2]Z9"])
def test_a_gs1_code_without_gtin_or_sscc_is_read_as_a_number(code: str) -> None:
    assert not read(code).is_gs1
