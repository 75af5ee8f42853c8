"""Deliveries that rules are tried on."""

from dataclasses import replace
from datetime import date

from services.ordering.domain.delivery import (
    Delivery,
    Register,
)
from services.ordering.domain.person import Person
from services.ordering.domain.pickup import PickupPoint
from services.ordering.domain.withdrawing.delivery_rules import (
    against_delivery,
)
from shared.domain.address import Address
from shared.domain.decision import Refused
from tests.ordering.examples import HOME, PERSON, TODAY

REGISTER = Register(
    version=1,
    name="Test Testsson",
    address=Address("Provvägen 3", "21120", "MALMÖ"),
    phone="+46701740605",
    mobile="+46701740605",
)
SHOP = PickupPoint("Demobutiken", "Demobutiken", Address("Provtorget 1", "21122", "MALMÖ"))
PICKUP = replace(HOME, kind="pickup", rule="pickup", door_code=None, pickup_point="Demobutiken")


def against(delivery: Delivery, person: Person = PERSON, on: date = TODAY) -> list[type[Refused]]:
    reasons = against_delivery(delivery, person=person, on=on, points=[SHOP], distributors=["demo-a"])
    return [type(each) for each in reasons]
