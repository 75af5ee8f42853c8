"""Deliveries to pick-up points, and of a child's goods to a parent."""

from dataclasses import replace
from datetime import date

import pytest

from services.ordering.domain.delivery import (
    DeliveryRequest,
    Receiver,
    settle,
)
from services.ordering.domain.pickup import PickupPoint, put_point
from services.ordering.domain.withdrawing.delivery_rules import (
    MinorNeedsParent,
    NoReceiver,
    NoticeDoesNotFit,
    PickupPointNotServed,
    UnknownPickupPoint,
    against_delivery,
)
from shared.domain.address import Address
from shared.domain.decision import Refused
from tests.ordering.deliveries import PICKUP, REGISTER, SHOP, against
from tests.ordering.examples import PERSON, TODAY

CHILD = replace(PERSON, born=date(2011, 8, 8))
OF_CHILD = replace(REGISTER, minor=True, name="Barn Testsson")


def test_at_a_pickup_point_somebody_must_be_told() -> None:
    assert against(replace(PICKUP, notice="none", notice_to=None)) == [NoticeDoesNotFit]


def test_a_parents_name_replaces_the_childs_at_a_pickup_point() -> None:
    delivery_request = DeliveryRequest(
        kind="pickup", pickup_point="Demobutiken", receiver=Receiver("guardian", "Vuxen Testsson")
    )

    settled = settle(delivery_request, register=OF_CHILD)

    assert settled.recipient == "Vuxen Testsson"
    assert against(settled, CHILD) == []


@pytest.mark.parametrize(
    "receiver", [Receiver(), Receiver("other", "Granne Testsson"), Receiver("guardian", "barn testsson")]
)
def test_at_a_pickup_point_only_a_named_parent_receives_for_a_minor(receiver: Receiver) -> None:
    delivery_request = DeliveryRequest(kind="pickup", pickup_point="Demobutiken", receiver=receiver)

    assert MinorNeedsParent in against(settle(delivery_request, register=OF_CHILD), CHILD)


def test_the_childs_name_must_not_stand_in_care_of_either() -> None:
    delivery_request = DeliveryRequest(
        kind="pickup",
        pickup_point="Demobutiken",
        receiver=Receiver("guardian", "Vuxen Testsson"),
        address=Address("Provvägen 3", "21120", "MALMÖ", co="Barn Testsson"),
    )

    assert against(settle(delivery_request, register=OF_CHILD), CHILD) == [MinorNeedsParent]


def test_a_parent_without_a_name_cannot_fetch_the_goods() -> None:
    delivery_request = DeliveryRequest(
        kind="pickup", pickup_point="Demobutiken", receiver=Receiver("guardian")
    )

    assert against(settle(delivery_request, register=OF_CHILD), CHILD) == [NoReceiver]


def test_on_the_18th_birthday_the_person_fetches_the_own_goods() -> None:
    assert against(PICKUP, CHILD, date(2029, 8, 7)) == [MinorNeedsParent]
    assert against(PICKUP, CHILD, date(2029, 8, 8)) == []


def test_at_home_a_child_is_named_as_the_receiver() -> None:
    assert against(settle(DeliveryRequest(), register=OF_CHILD), CHILD) == []


def test_a_person_of_unknown_age_is_taken_for_grown() -> None:
    assert against(PICKUP, replace(PERSON, born=None)) == []


def test_goods_for_a_pickup_point_go_to_its_address_and_not_to_the_patients() -> None:
    delivery_request = DeliveryRequest(kind="pickup", pickup_point=SHOP.point_id)

    settled = settle(delivery_request, register=REGISTER, point=SHOP)

    assert settled.address == SHOP.address
    assert against(settled) == []


def test_delivered_home_no_pickup_point_takes_the_goods() -> None:
    settled = settle(DeliveryRequest(pickup_point=SHOP.point_id), register=REGISTER, point=SHOP)

    assert settled.address == REGISTER.address


def among(*known: PickupPoint) -> list[type[Refused]]:
    reasons = against_delivery(
        PICKUP, person=PERSON, on=TODAY, points=known, distributors=["demo-a", "demo-b"]
    )
    return [type(each) for each in reasons]


def test_a_pickup_point_must_be_known_open_and_served_by_every_distributor() -> None:
    assert among(SHOP) == []
    assert among() == [UnknownPickupPoint]
    assert among(replace(SHOP, is_open=False)) == [UnknownPickupPoint]
    assert among(replace(SHOP, distributors=("demo-a",))) == [PickupPointNotServed]


def test_a_pickup_point_is_kept_as_it_is_now() -> None:
    closed = replace(SHOP, is_open=False)

    assert put_point(None, point=SHOP) == (SHOP, [])
    assert put_point(SHOP, point=closed) == (closed, [])
    assert put_point(SHOP, point=replace(SHOP))[0] is SHOP
