"""The loan agreement of a device order: what it names, and who registered that it is signed (S105)."""

from dataclasses import replace
from datetime import date, datetime

from services.ordering.domain.devices.goods import Goods
from services.ordering.domain.devices.order import Act, DeviceOrder
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, Sentence


class NothingOnLoan(Refused):
    """The patient has no device by this order, so there is nothing to sign for (S105)."""

    rule = "nothing-on-loan"
    sentence = Sentence(
        "Patienten har inte fått något hjälpmedel med den här beställningen än. Lämna ut det först.",
        "The patient has no device by this order yet. Hand it out first.",
    )


class OwnedByTheUnit(Refused):
    """The devices are the care unit's own property: no loan agreement is signed for them (S105, Q44)."""

    rule = "owned-by-the-unit"
    sentence = Sentence(
        "Hjälpmedlen tillhör tjänstestället, så ingen låneförbindelse skrivs för dem.",
        "The devices belong to the care unit, so no loan agreement is made for them.",
    )


def on_loan_from_region(order: DeviceOrder, *, of_the_unit: frozenset[str]) -> tuple[Goods, ...]:
    """List what the patient signs for: not the care unit's own devices. Raises OwnedByTheUnit (S105, Q44)."""
    goods = with_patient(order)
    lent = tuple(each for each in goods if not each.device_nos or not of_the_unit.issuperset(each.device_nos))
    if not lent:
        raise OwnedByTheUnit(order_no=order.order_no)
    return lent


def with_patient(order: DeviceOrder) -> tuple[Goods, ...]:
    """List what the patient has by the order; raises NothingOnLoan."""
    if order.taken_back_at is not None:
        raise NothingOnLoan(order_no=order.order_no)
    made = [goods for each in order.handed_out for goods in each.lines]
    registered = [goods for each in order.given for goods in each.lines]
    given = tuple(made if len(made) >= len(registered) else registered)
    if not given:
        raise NothingOnLoan(order_no=order.order_no)
    return given


def sign(order: DeviceOrder, *, signed_on: date, by: str, at: datetime) -> Decision[DeviceOrder]:
    """Remember that the patient signed, on which day, and who registered it (S105)."""
    with_patient(order)
    if signed_on > local_day(at):
        raise DayToCome
    return replace(order, agreement=Act(by, at), agreement_signed_on=signed_on), []
