"""What ordering takes for granted where nobody says it, and its words for every state."""

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
from tests.unsaid import defaults

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


def test_what_an_older_document_does_not_say_is_no_or_nothing_except_where_yes_is_usual() -> None:
    said = {name: default for name, default in defaults(domain) if default}

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
