"""Annulling a device order until its pick list is taken, and splitting one that waits (Q49, Q55, S129)."""

from dataclasses import replace
from datetime import datetime

from services.ordering.domain.devices.order import Act, DeviceOrder
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.ordering_devices import DeviceOrderAnnulmentAsked, DeviceOrderSplit


class HandOutNotAnnulled(Refused):
    """What was handed out is with the patient: it is returned (Q22, Q35)."""

    rule = "hand-out-not-annulled"
    sentence = Sentence(
        "En utlämning ur eget förråd kan inte makuleras. Registrera en retur; var den ett misstag, "
        "ta tillbaka den med ett skäl.",
        "A hand-out from an own storeroom cannot be annulled. Register a return; if it was a mistake, "
        "take it back with a reason.",
    )


class DeviceOrderTooLate(Refused):
    """The warehouse has begun with the order, or it is over (Q49)."""

    rule = "device-order-too-late"
    sentence = Sentence(
        "Lagret har börjat plocka beställningen, eller så är den klar. Ta emot varorna, och registrera "
        "en retur.",
        "The warehouse has begun to pick the order, or it is over. Receive the goods and register a return.",
    )


class DeviceAnnulmentAsked(Refused):
    """Somebody asked already, and inventory has not answered (Q49)."""

    rule = "device-annulment-asked"
    sentence = Sentence(
        "Makulering är redan begärd. Vänta på lagrets svar, som syns på beställningen.",
        "The annulment is asked for already. Wait for the answer, which is shown on the order.",
    )


class NothingToSplit(Refused):
    """Only a joint delivery that waits can be split (Q55)."""

    rule = "nothing-to-split"
    sentence = Sentence(
        "Beställningen är ingen samleverans som väntar, så den kan inte delas upp.",
        "The order is no joint delivery that waits, so it cannot be split.",
    )


def annul_order(order: DeviceOrder, *, by: str, at: datetime) -> Decision[DeviceOrder]:
    """Ask inventory to release what is reserved; until it answers the order is neither (Q49)."""
    if order.kind == "hand_out":
        raise HandOutNotAnnulled(order_no=order.order_no)
    if order.state == "annulment_asked":
        raise DeviceAnnulmentAsked(order_no=order.order_no)
    if not may_annul(order):
        raise DeviceOrderTooLate(order_no=order.order_no)
    fact = DeviceOrderAnnulmentAsked(order_no=order.order_no, asked_at=at)
    return replace(order, annulment=Act(by, at)), [fact]


def may_annul(order: DeviceOrder) -> bool:
    """Tell whether annulling is offered: nothing is picked, and nobody said that it is too late (S129)."""
    return order.kind == "order" and order.state in {"sent", "waiting", "reserved"} and not order.too_late


def may_split(order: DeviceOrder) -> bool:
    """Tell whether a joint delivery waits and has not been split (Q55)."""
    return order.joint and order.split is None and order.state in {"sent", "waiting"}


def split_order(order: DeviceOrder, *, by: str, at: datetime) -> Decision[DeviceOrder]:
    """Let what is reserved leave without the rest (Q55); raises NothingToSplit."""
    if not may_split(order):
        raise NothingToSplit(order_no=order.order_no)
    return replace(order, split=Act(by, at)), [DeviceOrderSplit(order_no=order.order_no, split_at=at)]
