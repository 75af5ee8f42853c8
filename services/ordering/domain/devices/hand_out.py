"""Handing out from an own storeroom, and taking it back when it was a mistake (Q41, Q51, S111, S112)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceRules
from services.ordering.domain.devices.judging import against_line
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import Act, DeviceOrder
from services.ordering.domain.devices.other_region import Approval, against_other_region
from services.ordering.domain.devices.placing import Placing, against_prescribing
from services.ordering.domain.devices.sending import ordered, sent_fact
from services.ordering.domain.devices.sources import against_place
from services.ordering.domain.person import against_person
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.ordering_devices import HandOutMistaken


class HandOutNotMade(Refused):
    """Nothing was handed out, so there is nothing to take back (Q51)."""

    rule = "hand-out-not-made"
    sentence = Sentence(
        "Inget har lämnats ut med den här beställningen, så det finns inget att ta tillbaka.",
        "Nothing was handed out by this order, so there is nothing to take back.",
    )


class OnlyHandOutsAreTakenBack(Refused):
    """What came from the warehouse is returned, not taken back as a mistake (Q51)."""

    rule = "only-hand-outs-are-taken-back"
    sentence = Sentence(
        "Det här är ingen utlämning från eget förråd. Registrera en retur i stället.",
        "This is no hand-out from an own storeroom. Register a return instead.",
    )


class ExchangeStands(Refused):
    """An exchange is undone by another exchange: the loan goes on (Q48)."""

    rule = "exchange-stands"
    sentence = Sentence(
        "Ett byte tas inte tillbaka. Gör ett nytt byte till det hjälpmedel som patienten ska ha.",
        "An exchange is not taken back. Exchange again, for the device that the patient shall have.",
    )


class AlreadyMistaken(Refused):
    """Somebody took the hand-out back already (Q51)."""

    rule = "already-mistaken"
    sentence = Sentence(
        "Utlämningen är redan återtagen som registrerad av misstag. Lämna ut på nytt om det behövs.",
        "The hand-out is taken back already as registered by mistake. Hand out again where that is needed.",
    )


@dataclass(frozen=True)
class HandOutRequest:
    """One device, or counted goods, that a patient gets from an own storeroom."""

    placing: Placing
    line: Line
    catalogue: DeviceCatalogue
    rules: DeviceRules | None
    approval: Approval | None = None


def against_hand_out(allowance: Allowance | None, request: HandOutRequest, *, on: date) -> Iterator[Refused]:
    """Say all that speaks against a hand-out that day; inventory decides whether the goods are there."""
    person = allowance.person if allowance else None
    unfit = tuple(against_person(person))
    yield from unfit
    if unfit or person is None:
        return
    line, placing, catalogue = request.line, request.placing, request.catalogue
    yield from against_place(line, care_unit=placing.care_unit, catalogue=catalogue)
    yield from against_prescribing(placing, (line,), catalogue=catalogue, rules=request.rules, on=on)
    yield from against_line(line, catalogue=catalogue, on=on)
    yield from against_other_region(person, (line,), catalogue=catalogue, approval=request.approval, on=on)


def hand_out(
    _: DeviceOrder | None, allowance: Allowance | None, *, request: HandOutRequest, order_no: str
) -> Decision[DeviceOrder, Allowance | None]:
    """Ask inventory to hand out: the order is `requested` until inventory answers (Q41)."""
    refuse_any(against_hand_out(allowance, request, on=request.placing.on))
    order = ordered(
        request.placing,
        (request.line,),
        order_no=order_no,
        kind="hand_out",
        catalogue=request.catalogue,
        approval=request.approval,
    )
    return order, allowance, [sent_fact(order)]


def take_back(order: DeviceOrder, *, by: str, at: datetime, reason: str) -> Decision[DeviceOrder]:
    """Ask inventory to undo a hand-out that was registered by mistake (Q51)."""
    if order.kind != "hand_out":
        raise OnlyHandOutsAreTakenBack(order_no=order.order_no)
    if any(each.line.exchange for each in order.lines):
        raise ExchangeStands(order_no=order.order_no)
    if order.mistake is not None and order.mistake_refusal is None:
        raise AlreadyMistaken(order_no=order.order_no)
    if order.state != "handed_out":
        raise HandOutNotMade(order_no=order.order_no)
    mistaken = replace(order, mistake=Act(by, at, reason), mistake_refusal=None)
    fact = HandOutMistaken(order_no=order.order_no, patient_ref=order.patient_ref, mistaken_at=at)
    return mistaken, [fact]
