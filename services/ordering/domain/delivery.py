"""How one withdrawal is handed over, to whom, and who is told (S36 to S41, Q6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.ordering.domain.person import Person
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
"""How people can be told, by rule: at a pick-up point the goods wait, so somebody must be told (S38)."""

ADDRESSED: frozenset[Notice] = frozenset({"sms", "email", "phone"})
"""Notices that need a number or an address to go to."""


class RuleDoesNotFit(Refused):
    """The delivery rule cannot be had with that kind of delivery."""

    rule = "delivery-rule-does-not-fit"
    sentence = Sentence(
        "Leveransregeln går inte ihop med leveranssättet. Hem: ställs utanför eller mot kvittens. "
        "Uthämtningsställe: hämtas. Enhet: mot kvittens.",
        "The delivery rule does not fit the kind of delivery. Home: left outside or signed for. "
        "Pick-up point: fetched. Unit: signed for.",
    )


class NoticeDoesNotFit(Refused):
    """The notice cannot be had with that rule (S38)."""

    rule = "notice-does-not-fit"
    sentence = Sentence(
        "Aviseringen går inte att välja med den leveransregeln. Välj en av dem som visas.",
        "That way of notifying cannot be chosen with the delivery rule. Choose one of those shown.",
    )


class NoticeGoesNowhere(Refused):
    """There is no number or address to notify (S41)."""

    rule = "notice-goes-nowhere"
    sentence = Sentence(
        "Det saknas telefonnummer eller e-postadress för aviseringen. Fyll i det, eller avisera annorlunda.",
        "A phone number or e-mail address for the notice is missing. Fill it in, or choose another notice.",
    )


class OptedOut(Refused):
    """The patient wants no messages."""

    rule = "opted-out"
    sentence = Sentence(
        "Patienten har avsagt sig meddelanden. Välj brev, telefon eller ingen avisering.",
        "The patient wants no messages. Choose letter, phone or no notice.",
    )


class NoDeliveryAddress(Refused):
    """Neither the register nor the person gave an address (S39)."""

    rule = "no-delivery-address"
    sentence = Sentence(
        "Leveransadress saknas. Fyll i en adress för det här uttaget.",
        "There is no delivery address. Fill in an address for this withdrawal.",
    )


class NoReceiver(Refused):
    """Nobody is named to receive the goods."""

    rule = "no-receiver"
    sentence = Sentence("Mottagarens namn saknas. Fyll i det.", "The receiver's name is missing. Fill it in.")


class NoPickupPoint(Refused):
    """The pick-up point was not chosen."""

    rule = "no-pickup-point"
    sentence = Sentence("Välj ett uthämtningsställe.", "Choose a pick-up point.")


class PickupPointNotUsed(Refused):
    """A pick-up point was named, but the goods do not go there."""

    rule = "pickup-point-not-used"
    sentence = Sentence(
        "Ett uthämtningsställe är valt, men varorna ska inte dit. Ta bort det, eller ändra leveranssättet.",
        "A pick-up point is chosen, but the goods do not go there. Take it out, or change the delivery.",
    )


class DoorCodeNotUsed(Refused):
    """A door code is kept only where it opens a door (S40)."""

    rule = "door-code-not-used"
    sentence = Sentence(
        "Portkod behövs bara vid hemleverans. Ta bort den, eller ändra leveranssättet.",
        "A door code is only for home delivery. Take it out, or change the delivery.",
    )


class MinorNeedsParent(Refused):
    """At a pick-up point a parent receives for a minor, and the child's name is not shown (S37, Q6)."""

    rule = "minor-needs-parent"
    sentence = Sentence(
        "Patienten är under 18. Skriv förälderns namn som mottagare och ta bort barnets namn; "
        "föräldern legitimerar sig själv och barnet.",
        "The patient is under 18. Write the parent's name as the receiver and remove the child's name; "
        "the parent identifies both self and child.",
    )


class RegisterChanged(Refused):
    """The register has other particulars of the patient than when the draft was filled from it (S39)."""

    rule = "register-changed"
    sentence = Sentence(
        "Patientens uppgifter har ändrats sedan utkastet sparades. Öppna det, kontrollera adress och "
        "telefon och spara igen.",
        "The patient's particulars have changed since the draft was saved. Open it, check address and "
        "phone, and save it again.",
    )


@dataclass(frozen=True)
class Receiver:
    """Who takes the goods: the patient, a guardian or somebody else; one per delivery (Q6)."""

    kind: ReceiverKind = "patient"
    name: str | None = None
    """None takes the patient's own name from the register."""


@dataclass(frozen=True)
class Wished:
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

    @property
    def place(self) -> Address:
        """Give the address; raises NoDeliveryAddress."""
        if self.address is None:
            raise NoDeliveryAddress
        return self.address


def settle(wished: Wished, *, register: Register) -> Delivery:
    """Fill what was left out from the register (S39, S41), and see what only clear text can show (S37)."""
    rule = wished.rule or RULES[wished.kind][-1]
    notice = wished.notice or _usual_notice(rule, register)
    recipient = wished.receiver.name or (register.name if wished.receiver.kind == "patient" else None)
    address = wished.address or (None if wished.kind == "unit" else register.address)
    usual = {"sms": register.mobile, "phone": register.phone}.get(notice)
    all_given = wished.receiver.name and wished.address and (wished.notice_to or notice not in ADDRESSED)
    return Delivery(
        kind=wished.kind,
        rule=rule,
        receiver=wished.receiver.kind,
        recipient=recipient,
        address=address,
        notice=notice,
        notice_to=(wished.notice_to or usual) if notice in ADDRESSED else None,
        language=wished.language or register.language,
        door_code=wished.door_code,
        instructions=wished.instructions,
        pickup_point=wished.pickup_point,
        together=wished.together,
        names_child=_names_child(wished, register),
        register_version=None if all_given else register.version,
    )


def _names_child(wished: Wished, register: Register) -> bool:
    if not (register.minor and register.name):
        return False
    co = wished.address.co if wished.address else None
    names = (wished.receiver.name or "", co or "")
    return any(register.name.casefold() in name.casefold() for name in names)


def _usual_notice(rule: Rule, register: Register) -> Notice:
    if register.mobile and not register.opted_out:
        return "sms"
    return "letter" if rule == "pickup" else "none"


def against_delivery(delivery: Delivery, *, person: Person, on: date) -> Iterator[Refused]:
    """Say what is wrong with a delivery on the day it is sent (S36 to S41, Q6)."""
    if delivery.rule not in RULES[delivery.kind]:
        yield RuleDoesNotFit(kind=delivery.kind, choose_among=" ".join(RULES[delivery.kind]))
    if _needs_parent(delivery, minor=person.is_minor(on)):
        yield MinorNeedsParent()
    elif not delivery.recipient:
        yield NoReceiver()
    if delivery.register_version not in {None, person.version}:
        yield RegisterChanged()
    yield from _against_place(delivery)
    yield from _against_notice(delivery, person=person)


def _needs_parent(delivery: Delivery, *, minor: bool) -> bool:
    by_parent = delivery.receiver == "guardian" and not delivery.names_child
    return delivery.kind == "pickup" and minor and not by_parent


def _against_place(delivery: Delivery) -> Iterator[Refused]:
    if delivery.address is None:
        yield NoDeliveryAddress()
    if delivery.kind == "pickup" and not delivery.pickup_point:
        yield NoPickupPoint()
    if delivery.kind != "pickup" and delivery.pickup_point:
        yield PickupPointNotUsed()
    if delivery.kind != "home" and delivery.door_code:
        yield DoorCodeNotUsed()


def _against_notice(delivery: Delivery, *, person: Person) -> Iterator[Refused]:
    if delivery.notice not in NOTICES[delivery.rule]:
        yield NoticeDoesNotFit(delivery_rule=delivery.rule, choose_among=" ".join(NOTICES[delivery.rule]))
    if delivery.notice in ADDRESSED and not delivery.notice_to:
        yield NoticeGoesNowhere()
    if person.opted_out and delivery.notice in {"sms", "email"}:
        yield OptedOut()
