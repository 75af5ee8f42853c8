"""What ordering takes for granted where nobody says it, and its words for every state."""

import dataclasses
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args

import pytest

from services.ordering import domain
from services.ordering.domain import (
    device_states,
    device_steps,
    goods_order,
    order,
    order_types,
    withdrawal,
    withdrawal_steps,
)
from services.ordering.domain.collecting import order as collecting
from shared.events.inventory_orders import GoodsOrderState

YES = {
    "CareUnit.active",
    "FittingComponent.removable",
    "PickupPoint.is_open",
    "PlaceRow.is_used",
    "Storeroom.active",
}
ONE = {
    "ChosenComponent.quantity",
    "FittingComponent.quantity",
    "Line.quantity",
    "LongReply.copies",
    "Received.copies",
    "StrayReply.copies",
}


def modules() -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        yield import_module(each.name)


def defaults() -> Iterator[tuple[str, bool | int]]:
    for module in modules():
        for name, kept in vars(module).items():
            if dataclasses.is_dataclass(kept) and kept.__module__ == module.__name__:
                for field in dataclasses.fields(kept):
                    if isinstance(field.default, int):
                        yield f"{name}.{field.name}", field.default


def test_what_an_older_document_does_not_say_is_no_or_nothing_except_where_yes_is_usual() -> None:
    said = {name: default for name, default in defaults() if default}

    assert said == dict.fromkeys(YES, True) | dict.fromkeys(ONE, 1)
    assert all(type(said[name]) is bool for name in YES)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (device_states.STATES, device_states.State),
        (device_steps.STEPS, device_steps.What),
        (withdrawal_steps.STEPS, withdrawal_steps.What),
        (order_types.TYPES, order_types.OrderType),
        (collecting.STATES, collecting.State),
        (collecting.WHERE, collecting.Where),
        (order.STATES, order.State),
        (goods_order.STATES, GoodsOrderState),
    ],
)
def test_people_have_a_word_for_everything_that_can_be(words: Any, known: Any) -> None:
    assert list(words) == list(get_args(known))


def test_people_have_a_word_for_every_state_of_a_withdrawal_and_for_why_nothing_came() -> None:
    known = [*get_args(withdrawal.State), *get_args(withdrawal.Failure)]

    assert list(withdrawal.STATES) == known
