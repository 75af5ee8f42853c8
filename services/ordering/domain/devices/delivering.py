"""Where the goods of a device order go: to the care unit, or home as an exception (Q53, S98 to S102)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import Delivery
from services.ordering.domain.person import Person
from shared.domain.decision import Refused, Sentence


class NotDeliveredHome(Refused):
    """The article needs settings, fitting or advanced adaptation (S99, Q53)."""

    rule = "not-delivered-home"
    sentence = Sentence(
        "Hjälpmedlet ska ställas in eller anpassas och levereras därför inte hem. Leverera till enheten.",
        "The device must be set or fitted, so it is not delivered home. Deliver it to the care unit.",
    )


class MinorNeedsReceiver(Refused):
    """A minor cannot fetch the parcel: somebody else's name stands on the top line (S101, Q53)."""

    rule = "minor-needs-receiver"
    sentence = Sentence(
        "Patienten är under 18. Skriv namnet på den som ska hämta paketet; patientens namn ställs i c/o.",
        "The patient is under 18. Write the name of who fetches the parcel; the patient's stands in c/o.",
    )


class NoHomeAddress(Refused):
    """Neither the register nor the person gave an address (S100)."""

    rule = "no-home-address"
    sentence = Sentence(
        "Patientens adress saknas. Fyll i en adress, eller leverera till enheten.",
        "The patient's address is missing. Fill in an address, or deliver to the care unit.",
    )


@dataclass(frozen=True)
class DeliveryRequest:
    """What was asked of a delivery; what is left out comes from the register and the prescriber."""

    kind: Literal["unit", "home"] = "unit"
    receiver_name: str | None = None
    """Sealed: who fetches the parcel, when it is not the patient."""
    address: str | None = None
    """Sealed JSON; None takes the register's."""
    contact_name: str | None = None
    contact_phone: str | None = None


TO_THE_UNIT = DeliveryRequest()


def settled(request: DeliveryRequest, *, person: Person, prescriber_name: str) -> Delivery:
    """Fill a delivery: for another receiver that name stands on top, and the patient's in c/o (S101)."""
    contact = request.contact_name or prescriber_name or None
    if request.kind == "unit":
        return Delivery("unit", contact_name=contact, contact_phone=request.contact_phone)
    return Delivery(
        kind="home",
        recipient=request.receiver_name or person.name,
        co=person.name if request.receiver_name else None,
        address=request.address or person.address,
        contact_name=contact,
        contact_phone=request.contact_phone,
    )


def against_home(
    request: DeliveryRequest, lines: Iterable[Line], *, person: Person, catalogue: DeviceCatalogue, on: date
) -> Iterator[Refused]:
    """Say why goods from the warehouse are not delivered home (S99, S101, Q53)."""
    if request.kind != "home":
        return
    for line in lines:
        article = catalogue.articles.get(line.article_no)
        if line.source == "warehouse" and article and (article.needs_settings or article.advanced):
            yield NotDeliveredHome(article_no=line.article_no, line=line.line_no)
    if person.is_minor(on) and request.receiver_name is None:
        yield MinorNeedsReceiver()
    if request.address is None and person.address is None:
        yield NoHomeAddress()
