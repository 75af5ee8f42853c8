"""Checks a delivery: which rules, receivers, places and notices go together (S36 to S42, Q6)."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.ordering.domain.delivery import ADDRESSED, NOTICES, RULES, Delivery, NoDeliveryAddress
from services.ordering.domain.person import Person
from services.ordering.domain.pickup import PickupPoint
from shared.domain.decision import Refused, Sentence


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
        "Telefonnummer eller e-postadress saknas. Fyll i det, eller välj ett annat aviseringssätt.",
        "A phone number or e-mail address for the notice is missing. Fill it in, or choose another notice.",
    )


class OptedOut(Refused):
    """The patient wants no messages."""

    rule = "opted-out"
    sentence = Sentence(
        "Patienten har tackat nej till meddelanden. Välj brev, telefon eller ingen avisering.",
        "The patient wants no messages. Choose letter, phone or no notice.",
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


class UnknownPickupPoint(Refused):
    """There is no such pick-up point, or it is closed (S36)."""

    rule = "unknown-pickup-point"
    sentence = Sentence(
        "Uthämtningsstället finns inte eller har stängt. Välj ett av dem som visas.",
        "The pick-up point does not exist or has closed. Choose one of those shown.",
    )


class PickupPointNotServed(Refused):
    """The distributor of the goods does not deliver there (S36, Q23)."""

    rule = "pickup-point-not-served"
    sentence = Sentence(
        "Distributören levererar inte till uthämtningsstället. Välj ett annat, eller leverera hem.",
        "The distributor does not deliver to the pick-up point. Choose another one, or deliver home.",
    )


class AddressNotToKeep(Refused):
    """Only an address for home delivery is offered again (S42)."""

    rule = "address-not-to-keep"
    sentence = Sentence(
        "Bara en hemadress kan sparas för nästa gång. Ta bort valet att spara, eller ändra leveranssättet.",
        "Only a home address can be saved for next time. Do not save it, or change the delivery.",
    )


def against_delivery(
    delivery: Delivery,
    *,
    person: Person,
    on: date,
    points: Iterable[PickupPoint],
    distributors: Iterable[str] = (),
) -> Iterator[Refused]:
    """Say what is wrong with a delivery on the day it is sent (S36 to S42, Q6)."""
    if delivery.rule not in RULES[delivery.kind]:
        yield RuleDoesNotFit(kind=delivery.kind, choose_among=" ".join(RULES[delivery.kind]))
    if _needs_parent(delivery, minor=person.is_minor(on)):
        yield MinorNeedsParent()
    elif not delivery.recipient:
        yield NoReceiver()
    if delivery.register_version not in {None, person.version}:
        yield RegisterChanged()
    yield from _against_place(delivery)
    if delivery.kind == "pickup" and delivery.pickup_point:
        yield from _against_point(delivery.pickup_point, points=points, distributors=distributors)
    if delivery.keep_address and delivery.kind != "home":
        yield AddressNotToKeep()
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


def _against_point(
    point_id: str, *, points: Iterable[PickupPoint], distributors: Iterable[str]
) -> Iterator[Refused]:
    point = next((each for each in points if each.point_id == point_id and each.is_open), None)
    if point is None:
        yield UnknownPickupPoint(pickup_point=point_id)
        return
    for distributor in distributors:
        if not point.serves(distributor):
            yield PickupPointNotServed(pickup_point=point_id, distributor=distributor)


def _against_notice(delivery: Delivery, *, person: Person) -> Iterator[Refused]:
    if delivery.notice not in NOTICES[delivery.rule]:
        yield NoticeDoesNotFit(delivery_rule=delivery.rule, choose_among=" ".join(NOTICES[delivery.rule]))
    if delivery.notice in ADDRESSED and not delivery.notice_to:
        yield NoticeGoesNowhere()
    if person.opted_out and delivery.notice in {"sms", "email"}:
        yield OptedOut()
