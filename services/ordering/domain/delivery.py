"""The delivery of a withdrawal: place, rules of delivery, receiver and notice (S36 to S42, Q6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.ordering.domain.pickup import PickupPoint
from shared.domain.address import Address
from shared.domain.decision import Refused, Sentence

Kind = Literal["home", "pickup", "unit"]
Rule = Literal["leave_outside", "signature", "pickup"]
Notice = Literal["sms", "email", "letter", "phone", "none"]
ReceiverKind = Literal["patient", "guardian", "other"]

RULES: Mapping[Kind, tuple[Rule, ...]] = {
    "home": ("leave_outside", "signature"),
    "pickup": ("pickup",),
    "unit": ("signature",),
}
"""Which rules a kind of delivery leaves to choose among (S36)."""

NOTICES: Mapping[Rule, tuple[Notice, ...]] = {
    "leave_outside": ("sms", "email", "none"),
    "signature": ("sms", "email", "phone", "letter", "none"),
    "pickup": ("sms", "email", "phone", "letter"),
}
"""Possible notices for each rule of delivery: at a pick-up point somebody must be notified (S38)."""

ADDRESSED: frozenset[Notice] = frozenset({"sms", "email", "phone"})
"""Notices that need a number or an address to go to."""


class NoDeliveryAddress(Refused):
    """Neither the register nor the person gave an address (S39)."""

    rule = "no-delivery-address"
    sentence = Sentence(
        "Leveransadress saknas. Fyll i en adress för det här uttaget.",
        "There is no delivery address. Fill in an address for this withdrawal.",
    )


@dataclass(frozen=True)
class Receiver:
    """Who takes the goods: the patient, a guardian or somebody else; one per delivery (Q6)."""

    kind: ReceiverKind = "patient"
    name: str | None = None
    """None takes the patient's own name from the register."""


@dataclass(frozen=True)
class DeliveryRequest:
    """What a person asks of a delivery, in clear text; what is left out comes from the register."""

    kind: Kind = "home"
    rule: Rule | None = None
    receiver: Receiver = Receiver()
    address: Address | None = None
    """For this withdrawal only; the register's is never edited (S39, Q27)."""
    door_code: str | None = None
    instructions: str | None = None
    pickup_point: str | None = None
    together: bool = False
    notice: Notice | None = None
    notice_to: str | None = None
    language: str | None = None
    keep_address: bool = False
    """Offer the address again for this patient (S42)."""
    address_label: str | None = None


@dataclass(frozen=True)
class SavedAddress:
    """An address that the patient uses again, in clear text (S42)."""

    label: str
    address: Address


@dataclass(frozen=True)
class Register:
    """What the register knows of the patient, in clear text, opened for one answer."""

    version: int
    name: str | None = None
    address: Address | None = None
    phone: str | None = None
    mobile: str | None = None
    """The phone, when an SMS reaches it."""
    language: str = "sv"
    opted_out: bool = False
    minor: bool = False
    email: str | None = None
    saved_addresses: tuple[SavedAddress, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """How the goods of one withdrawal are handed over; its personal fields are sealed where it is kept."""

    kind: Kind
    rule: Rule
    receiver: ReceiverKind
    recipient: str | None
    address: Address | None
    notice: Notice
    notice_to: str | None
    language: str
    door_code: str | None = None
    instructions: str | None = None
    pickup_point: str | None = None
    together: bool = False
    names_child: bool = False
    """The name of a child under 18 stands where the parent's should (S37)."""
    register_version: int | None = None
    """The version of the patient that filled something in; None when nothing came from the register."""
    keep_address: bool = False
    kept_address: str | None = None
    """The whole address as one sealed text, published when the withdrawal is sent (S42)."""
    kept_label: str | None = None

    @property
    def place(self) -> Address:
        """Give the address; raises NoDeliveryAddress."""
        if self.address is None:
            raise NoDeliveryAddress
        return self.address


def settle(
    delivery_request: DeliveryRequest, *, register: Register, point: PickupPoint | None = None
) -> Delivery:
    """Fill what was left out from the register (S39, S41), and see what only clear text can show (S37).

    Goods for a pick-up point go to its address, and nobody there needs the patient's.
    """
    rule = delivery_request.rule or RULES[delivery_request.kind][-1]
    notice = delivery_request.notice or _usual_notice(rule, register)
    recipient = delivery_request.receiver.name or (
        register.name if delivery_request.receiver.kind == "patient" else None
    )
    here = point.address if point and delivery_request.kind == "pickup" else delivery_request.address
    address = here or (None if delivery_request.kind == "unit" else register.address)
    usual = {"sms": register.mobile, "phone": register.phone, "email": register.email}.get(notice)
    all_given = (
        delivery_request.receiver.name and here and (delivery_request.notice_to or notice not in ADDRESSED)
    )
    return Delivery(
        kind=delivery_request.kind,
        rule=rule,
        receiver=delivery_request.receiver.kind,
        recipient=recipient,
        address=address,
        notice=notice,
        notice_to=(delivery_request.notice_to or usual) if notice in ADDRESSED else None,
        language=delivery_request.language or register.language,
        door_code=delivery_request.door_code,
        instructions=delivery_request.instructions,
        pickup_point=delivery_request.pickup_point,
        together=delivery_request.together,
        names_child=_names_child(delivery_request, register),
        register_version=None if all_given else register.version,
        keep_address=delivery_request.keep_address,
        kept_label=delivery_request.address_label if delivery_request.keep_address else None,
    )


def _names_child(delivery_request: DeliveryRequest, register: Register) -> bool:
    if not (register.minor and register.name):
        return False
    co = delivery_request.address.co if delivery_request.address else None
    names = (delivery_request.receiver.name or "", co or "")
    return any(register.name.casefold() in name.casefold() for name in names)


def _usual_notice(rule: Rule, register: Register) -> Notice:
    if register.mobile and not register.opted_out:
        return "sms"
    return "letter" if rule == "pickup" else "none"
