"""Where the goods of a device order go, opened for the person who asks (S100, S101)."""

import json

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.order import Delivery
from shared.http import Language, View
from shared.sealed import Seals

NAMELESS: dict[Language, str] = {
    "sv": "Namnet skrivs inte ut",
    "en": "The name is not printed",
}


def name_printed(name: str | None, language: Language) -> str:
    """Give the name on a paper; of a protected person it is not known, and the paper says so (Q18)."""
    return name or NAMELESS[language]


class WhereView(View):
    """Where the goods go, opened for the person who asks: the receiver on top (S100, S101)."""

    recipient: str | None
    co: str | None
    address: list[str]


def where_shown(delivery: Delivery, catalogue: DeviceCatalogue, care_unit: str, seals: Seals) -> WhereView:
    """Open where the goods go: the care unit's address, or the receiver's at home."""
    if delivery.kind == "unit":
        unit = catalogue.care_units.get(care_unit)
        address = address_lines(unit.address if unit else None)
        return WhereView(recipient=catalogue.unit_name(care_unit), co=None, address=address)
    return WhereView(
        recipient=seals.open(delivery.recipient) if delivery.recipient else None,
        co=seals.open(delivery.co) if delivery.co else None,
        address=address_lines(seals.open(delivery.address) if delivery.address else None),
    )


def address_lines(address: str | None) -> list[str]:
    """Give the lines of an address that is kept as JSON."""
    if address is None:
        return []
    parts = json.loads(address)
    lines = [parts.get("line1"), parts.get("line2"), f"{parts['postal_code']} {parts['city']}"]
    return [each for each in lines if each]
