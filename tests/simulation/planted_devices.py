"""Planted bugs about goods and loans: what the simulation must notice (I9, I10, I14, I22)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from services.billing.handlers import devices as billing_handlers
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.goods.movement import Moved
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders import hand_out, hand_over, handing, picking
from services.inventory.domain.orders.reserving import annul
from services.inventory.domain.orders.taking_back import take_back
from services.inventory.domain.returns import handing_over
from services.inventory.handlers import device_orders
from services.ordering.handlers import devices as copies
from tests.simulation.planted import Plant


def move_components_without_a_row(patch: pytest.MonkeyPatch) -> None:
    """The balance changes, and no movement says so."""
    changed = Stock._with

    def planted(self: Stock, balance: Any, row: Moved) -> Stock:
        stock = changed(self, balance, row)
        return stock if row.device_no else replace(stock, moved=self.moved)

    patch.setattr(Stock, "_with", planted)


def keep_reserved_what_was_annulled(patch: pytest.MonkeyPatch) -> None:
    """Pieces are promised to nobody."""
    promise = Stock.promise

    def planted(self: Stock, articles: Mapping[str, int], *, sets: int) -> Stock:
        return promise(self, articles, sets=max(0, sets))

    patch.setattr(Stock, "promise", planted)


def leave_waiting_who_waits(patch: pytest.MonkeyPatch) -> None:
    """What came and what is free again is given to nobody."""

    async def planted(*_: Any) -> None:
        return

    patch.setattr(Warehouse, "give_to_waiting", planted)


def hand_out_whatever_is_named(patch: pytest.MonkeyPatch) -> None:
    """A device that another patient has is handed out again."""

    def planted(*_: Any, **__: Any) -> None:
        return None

    patch.setattr(hand_out, "_hindrance", planted)


def leave_a_device_where_it_was_picked(patch: pytest.MonkeyPatch) -> None:
    """The parcel leaves, and its devices do not."""

    def planted(_order: Any, devices: Any, _parcel: Any, **_: Any) -> Any:
        return devices

    patch.setattr(picking, "_moved", planted)


def put_back_a_device_on_paper(patch: pytest.MonkeyPatch) -> None:
    """What was handed out by mistake lies on the shelf, and its document says that it is lent."""

    def planted(kept: Any, devices: Any, *rest: Any, **more: Any) -> Any:
        order, _, *after = take_back(kept, devices, *rest, **more)
        return order, devices, *after

    patch.setattr(device_orders, "take_back", planted)


def let_a_mistaken_loan_run(patch: pytest.MonkeyPatch) -> None:
    """The device is on the shelf, and the patient has it on loan."""

    def planted(kept: Any, devices: Any, balances: Any, loans: Any, movement: Any, **more: Any) -> Any:
        order, back, stock, _, *after = take_back(kept, devices, balances, loans, movement, **more)
        return order, back, stock, loans, *after

    patch.setattr(device_orders, "take_back", planted)


def lose_counted_goods_on_the_way(patch: pytest.MonkeyPatch) -> None:
    """What is handed over is no longer in the parcel."""
    taken = hand_over.taken_over

    def planted(*args: Any, **more: Any) -> Any:
        order, handed = taken(*args, **more)
        parcels = (
            replace(parcel, goods=tuple(each for each in parcel.goods if each.device_no))
            for parcel in order.parcels
        )
        return replace(order, parcels=tuple(parcels)), handed

    patch.setattr(handing_over, "taken_over", planted)


def charge_for_a_hand_out_by_mistake(patch: pytest.MonkeyPatch) -> None:
    """The hand-out is taken back, and its fee stands."""

    def planted(loan: Any, **_: Any) -> Any:
        return loan, []

    patch.setattr(billing_handlers, "note_mistaken", planted)


def charge_for_what_came_back(patch: pytest.MonkeyPatch) -> None:
    """The device is back within its days, and its fee stands."""

    def planted(loan: Any, **_: Any) -> Any:
        return loan, []

    patch.setattr(billing_handlers, "note_return", planted)


def charge_only_what_is_handed_out_here(patch: pytest.MonkeyPatch) -> None:
    """What came from the warehouse is never charged."""
    told = handing.facts_of

    def planted(*args: Any, **more: Any) -> Any:
        return [each for each in told(*args, **more) if "fee" not in type(each).model_fields]

    patch.setattr(hand_over, "facts_of", planted)


def believe_whatever_came_last(patch: pytest.MonkeyPatch) -> None:
    """An older snapshot of a device that comes late is taken for the newest."""

    def planted(_: Any, *, told: Any) -> Any:
        return told, []

    patch.setattr(copies, "note_newest", planted)


def say_nothing_of_an_annulment(patch: pytest.MonkeyPatch) -> None:
    """The goods are free, and ordering waits for an answer."""

    def planted(*args: Any, **more: Any) -> Any:
        order, balances, _ = annul(*args, **more)
        return order, balances, []

    patch.setattr(device_orders, "annul", planted)


PLANTED: Mapping[str, tuple[str, Plant]] = MappingProxyType(
    {
        "move_components_without_a_row": ("I9", move_components_without_a_row),
        "keep_reserved_what_was_annulled": ("I9", keep_reserved_what_was_annulled),
        "leave_waiting_who_waits": ("I9", leave_waiting_who_waits),
        "hand_out_whatever_is_named": ("I10", hand_out_whatever_is_named),
        "leave_a_device_where_it_was_picked": ("I10", leave_a_device_where_it_was_picked),
        "put_back_a_device_on_paper": ("I10", put_back_a_device_on_paper),
        "let_a_mistaken_loan_run": ("I10", let_a_mistaken_loan_run),
        "lose_counted_goods_on_the_way": ("I10", lose_counted_goods_on_the_way),
        "charge_for_a_hand_out_by_mistake": ("I14", charge_for_a_hand_out_by_mistake),
        "charge_for_what_came_back": ("I14", charge_for_what_came_back),
        "charge_only_what_is_handed_out_here": ("I14", charge_only_what_is_handed_out_here),
        "believe_whatever_came_last": ("I22", believe_whatever_came_last),
        "say_nothing_of_an_annulment": ("I21", say_nothing_of_an_annulment),
    }
)
"""By name: the invariant that notices it, and the bug."""
