"""Sending a basket: one order for each place it is taken from, each with its own number (Q49, S103)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.devices.basket import Basket, Head, emptied
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceRules
from services.ordering.domain.devices.delivering import against_home, settled
from services.ordering.domain.devices.judging import against_line
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import DeviceOrder, Kind
from services.ordering.domain.devices.other_region import against_other_region, other_region_warnings
from services.ordering.domain.devices.placing import Placing, against_prescribing
from services.ordering.domain.devices.sending import ordered, sent_fact
from services.ordering.domain.devices.sources import against_place
from services.ordering.domain.person import Person, against_person
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.fact import Fact

JOINT_WAITS = Sentence(
    "Samleverans: ingenting skickas förrän allt finns i lager. Beställningen kan delas upp senare.",
    "Joint delivery: nothing is sent until everything is in stock. The order can be split later.",
)
HOME_IS_AN_EXCEPTION = Sentence(
    "Leverans hem till patienten görs bara i undantagsfall.",
    "Delivery to the patient's home is an exception.",
)


class EmptyBasket(Refused):
    """There is nothing to send (S85)."""

    rule = "empty-basket"
    sentence = Sentence("Lägg till minst en artikel.", "Add at least one article.")


class BasketChangedMeanwhile(Refused):
    """The basket is another than the one that was read (Q49)."""

    rule = "basket-changed-meanwhile"
    sentence = Sentence(
        "Varukorgen ändrades just nu. Öppna den igen, kontrollera den och skicka.",
        "The basket was changed just now. Open it again, check it and send it.",
    )


@dataclass(frozen=True)
class BasketRequest:
    """What a basket is judged by."""

    placing: Placing
    head: Head
    catalogue: DeviceCatalogue
    rules: DeviceRules | None


def against_basket(
    allowance: Allowance | None, lines: tuple[Line, ...], request: BasketRequest, *, on: date
) -> Iterator[Refused]:
    """Say all that speaks against sending a basket that day (N1)."""
    person = allowance.person if allowance else None
    unfit = tuple(against_person(person))
    yield from unfit
    if unfit or person is None:
        return
    if not lines:
        yield EmptyBasket()
    placing, catalogue = request.placing, request.catalogue
    yield from _each_once(
        against_prescribing(placing, lines, catalogue=catalogue, rules=request.rules, on=on)
    )
    for line in lines:
        yield from against_place(line, care_unit=placing.care_unit, catalogue=catalogue)
        yield from against_line(line, catalogue=catalogue, on=on)
    approval, delivery = request.head.approval, request.head.delivery
    yield from against_other_region(person, lines, catalogue=catalogue, approval=approval, on=on)
    yield from against_home(delivery, lines, person=person, catalogue=catalogue, on=on)


def warnings(person: Person | None, head: Head) -> list[Sentence]:
    """Say what to think of before sending, which stops nothing (S95, S99, S182)."""
    found = other_region_warnings(person)
    if head.joint:
        found.append(JOINT_WAITS)
    if head.delivery.kind == "home":
        found.append(HOME_IS_AN_EXCEPTION)
    return found


def places_of(lines: tuple[Line, ...], catalogue: DeviceCatalogue) -> list[tuple[Line, ...]]:
    """Part lines by where they are taken from, and by product area: each part is one order (Q49)."""
    parts: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        article = catalogue.articles.get(line.article_no)
        key = (line.storeroom_no or "", article.product_area if article else "")
        parts.setdefault(key, []).append(line)
    return [tuple(each) for each in parts.values()]


def send_basket(
    basket: Basket,
    allowance: Allowance | None,
    absent: tuple[DeviceOrder | None, ...],
    *,
    request: BasketRequest,
    order_nos: tuple[str, ...],
) -> Decision[Basket, Allowance | None, tuple[DeviceOrder | None, ...]]:
    """Order what lies in the basket, and empty it (Q49, S103); raises every reason against it."""
    parts = places_of(basket.lines, request.catalogue)
    if basket.head != request.head or len(parts) > len(order_nos):
        raise BasketChangedMeanwhile
    refuse_any(against_basket(allowance, basket.lines, request, on=request.placing.on))
    person = allowance.person if allowance else None
    orders = [
        _order(part, request, person, order_no=number) for part, number in zip(parts, order_nos, strict=False)
    ]
    facts: list[Fact] = [sent_fact(each) for each in orders]
    unused = (None,) * (len(absent) - len(orders))
    after, held = replace(emptied(basket), touched_at=request.placing.at), allowance and allowance.held()
    return after, held, (*orders, *unused), facts


def _order(
    lines: tuple[Line, ...], request: BasketRequest, person: Person | None, *, order_no: str
) -> DeviceOrder:
    head, placing = request.head, request.placing
    kind: Kind = "order" if lines[0].source == "warehouse" else "hand_out"
    delivery = (
        settled(head.delivery, person=person, prescriber_name=placing.prescriber_name) if person else None
    )
    return ordered(
        placing,
        lines,
        order_no=order_no,
        kind=kind,
        catalogue=request.catalogue,
        approval=head.approval,
        delivery=delivery if kind == "order" else None,
        joint=head.joint and kind == "order",
    )


def _each_once(reasons: Iterator[Refused]) -> Iterator[Refused]:
    """Say the same of the prescriber once, however many lines there are."""
    yield from {f"{each.rule} {each.facts}": each for each in reasons}.values()
