"""Response bodies about a delivery, with personal fields decrypted for the reader (S36 to S42)."""

from dataclasses import asdict

from services.ordering.domain.delivery import Delivery
from shared.domain.address import Address
from shared.http import View


class AddressView(View):
    """Where the goods go."""

    line1: str
    line2: str | None
    co: str | None
    postal_code: str
    city: str
    country: str


class DeliveryView(View):
    """How the goods are handed over, opened for the person who asks."""

    kind: str
    rule: str
    receiver: str
    recipient: str | None
    address: AddressView | None
    notice: str
    notice_to: str | None
    language: str
    door_code: str | None
    instructions: str | None
    pickup_point: str | None
    together: bool
    keep_address: bool


def delivery_shown(delivery: Delivery) -> DeliveryView:
    address = delivery.address
    return DeliveryView(
        kind=delivery.kind,
        rule=delivery.rule,
        receiver=delivery.receiver,
        recipient=delivery.recipient,
        address=address_shown(address) if address else None,
        notice=delivery.notice,
        notice_to=delivery.notice_to,
        language=delivery.language,
        door_code=delivery.door_code,
        instructions=delivery.instructions,
        pickup_point=delivery.pickup_point,
        together=delivery.together,
        keep_address=delivery.keep_address,
    )


def address_shown(address: Address) -> AddressView:
    return AddressView(**asdict(address))
