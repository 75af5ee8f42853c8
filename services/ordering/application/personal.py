"""Decrypts personal text for one answer, and encrypts it before it is stored."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

from services.ordering.domain.delivery import Delivery, Register, SavedAddress
from services.ordering.domain.person import Person
from shared.domain.address import Address
from shared.domain.decision import Refused
from shared.phone import sms_number
from shared.sealed import Seals


def register_of(person: Person | None, seals: Seals, *, on: date) -> Register:
    """Open what is known of the patient to fill a delivery with; nothing of a protected person (Q18)."""
    if person is None or person.protected:
        return Register(version=person.version if person else 0)
    phone = seals.open(person.phone) if person.phone else None
    return Register(
        version=person.version,
        name=seals.open(person.name) if person.name else None,
        address=Address(**json.loads(seals.open(person.address))) if person.address else None,
        phone=phone,
        mobile=_mobile(phone),
        language=person.language,
        opted_out=person.opted_out,
        minor=person.is_minor(on),
        email=seals.open(person.email) if person.email else None,
        saved_addresses=tuple(
            SavedAddress(seals.open(each.label), Address(**json.loads(seals.open(each.address))))
            for each in person.saved_addresses
        ),
    )


def _mobile(phone: str | None) -> str | None:
    if phone is None:
        return None
    try:
        return sms_number(phone)
    except Refused:
        return None  # a number that can be called, but that no SMS reaches


def sealed(delivery: Delivery, seals: Seals) -> Delivery:
    """Seal the personal fields of a delivery, each by itself, as the distributor's message needs them.

    An address to keep is also sealed as a whole, as it is published (S42).
    """
    whole = json.dumps(asdict(delivery.address)) if delivery.keep_address and delivery.address else None
    kept = replace(delivery, kept_address=seals.seal(whole) if whole else None)
    return _each_personal(kept, lambda text: seals.seal(text, purpose="contact"))


def opened(delivery: Delivery, seals: Seals) -> Delivery:
    """Open the personal fields of a delivery for the person who asks."""
    return _each_personal(delivery, seals.open)


def _each_personal(delivery: Delivery, turn: Callable[[str], str]) -> Delivery:
    def turned(text: str | None) -> str | None:
        return turn(text) if text else None

    address = delivery.address and replace(
        delivery.address,
        line1=turn(delivery.address.line1),
        postal_code=turn(delivery.address.postal_code),
        city=turn(delivery.address.city),
        co=turned(delivery.address.co),
        line2=turned(delivery.address.line2),
    )
    return replace(
        delivery,
        recipient=turned(delivery.recipient),
        address=address,
        notice_to=turned(delivery.notice_to),
        door_code=turned(delivery.door_code),
        instructions=turned(delivery.instructions),
        kept_label=turned(delivery.kept_label),
    )
