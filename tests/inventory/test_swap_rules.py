"""What the rules of maintenance swaps do with states that were read too early (Q56)."""

from dataclasses import replace
from datetime import date

import pytest

from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import Swap, SwapRow
from services.inventory.domain.swaps.arranging import SwapAsked, arrange_swap
from services.inventory.domain.swaps.receiving import SwapCame, receive_swapped
from services.inventory.domain.swaps.results import SwapReport, register_results, swap_of
from tests.inventory.shelves import CENTRAL, CPAP
from tests.inventory.test_upkeep import DEVICE
from tests.support import A_MONDAY_MORNING

MONDAY = date(2026, 11, 23)
ROW = SwapRow("L1", DEVICE.device_no, "910001", 1, "A1", result="swapped", new_device_no="D100008")
SWAP = Swap(MONDAY, MONDAY, "Underhåll", "technician-1", "", (ROW,))
ORDER = DeviceOrder("Y1", kind="swap", storeroom_no="DEMO-W1", state="open", swap=SWAP)
REPORT = SwapReport((), MONDAY, "technician-1", A_MONDAY_MORNING)


def test_devices_that_were_read_before_the_new_one_was_sent_are_read_again() -> None:
    with pytest.raises(OrderMoved):
        register_results(ORDER, (DEVICE,), (), (), report=REPORT)


def test_an_old_device_whose_order_was_not_read_is_read_again() -> None:
    came = SwapCame("m1", (), True, MONDAY, A_MONDAY_MORNING, "technician-1", {}, ())
    device = replace(DEVICE, state="to_collect", order_no="B1", swap_no="Y1", storeroom_no=None)

    with pytest.raises(OrderMoved):
        receive_swapped((ORDER,), (device, None), (), None, came=came)


def test_an_order_of_a_patient_is_no_swap_and_one_swap_is_arranged_once() -> None:
    asked = SwapAsked("Y1", CENTRAL, MONDAY, "", "", "", A_MONDAY_MORNING, (), (), {"910001": CPAP}, ())

    with pytest.raises(ValueError, match="is no swap"):
        swap_of(DeviceOrder("B1"))
    with pytest.raises(ValueError, match="arranged already"):
        arrange_swap(ORDER, (), (), (), (), asked=asked)
