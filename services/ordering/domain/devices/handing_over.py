"""Handing over at the care unit what waited there for the patient, and reminding of what waits (Q43)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.goods import Goods, HandOver
from services.ordering.domain.devices.judging import NothingToExchange, OnOpenCollectionOrder
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.tasks import order_task_id
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.ordering_devices import DevicesHandedOver, InPlaceOf, LineHandedOver
from shared.events.tasks import TaskRaised, TaskResolved

WAITS_DAYS = 14
"""After so many days at the unit somebody is reminded (Q43)."""
WAITS = "device_not_handed_over"
REFUSED = "hand_over_refused"
MOST_HAND_OVERS = 100
"""Of one order, with those that were refused."""


class NothingAtUnit(Refused):
    """Nothing of the order waits at the care unit (Q43)."""

    rule = "nothing-at-unit"
    sentence = Sentence(
        "Inget av beställningen väntar på enheten. Registrera först att varorna är mottagna.",
        "Nothing of the order waits at the care unit. First register that the goods were received.",
    )


class NotAtUnit(Refused):
    """So much of the line, or that device, does not wait at the care unit (Q43)."""

    rule = "not-at-unit"
    sentence = Sentence(
        "Det som anges väntar inte på enheten. Välj bland det som är mottaget och inte överlämnat.",
        "What is named does not wait at the care unit. Choose among what was received and not handed over.",
    )


class LineNamedTwice(Refused):
    """A line is named once in a hand-over, with all its devices (Q43)."""

    rule = "hand-over-line-twice"
    sentence = Sentence(
        "Samma rad är angiven två gånger. Ange den en gång, med allt som överlämnas av den. "
        "Byts flera hjälpmedel på en rad, registrera en överlämning för varje.",
        "The same line is named twice. Name it once, with all that is handed over of it. "
        "If several devices of one line are exchanged, register a hand-over for each.",
    )


class LateNeedsReason(Refused):
    """A hand-over that is registered on a later day says why (Q43)."""

    rule = "late-needs-reason"
    sentence = Sentence(
        "Överlämningen registreras en annan dag än den gjordes. Skriv varför.",
        "The hand-over is registered on another day than it was made. Write why.",
    )


class BeforeDespatch(Refused):
    """The goods had not left the warehouse on that day (Q43)."""

    rule = "before-despatch"
    sentence = Sentence(
        "Varorna hade inte skickats den dagen. Kontrollera dagen för överlämningen.",
        "The goods had not been sent on that day. Check the day of the hand-over.",
    )


class HandedOverTooOften(Refused):
    """So many hand-overs of one order were registered already, made or refused."""

    rule = "handed-over-too-often"
    sentence = Sentence(
        "Beställningen har redan 100 registrerade överlämningar. Lägg det som är kvar i ett förråd som ej "
        "hämtat, och lämna ut det därifrån.",
        "The order has 100 registered hand-overs already. Put what is left into a storeroom as not fetched, "
        "and hand it out from there.",
    )


class OnlyDevicesAreExchanged(Refused):
    """An exchange is of one tracked device for another: counted goods have no loan (Q48)."""

    rule = "only-devices-are-exchanged"
    sentence = Sentence(
        "Bara ett individmärkt hjälpmedel byts mot ett annat. Registrera en retur för det andra.",
        "Only a marked device is exchanged for another. Register a return for the rest.",
    )


class NoStoreroomForOld(Refused):
    """What comes back in exchange is put into an own storeroom of the care unit (Q48)."""

    rule = "no-storeroom-for-old"
    sentence = Sentence(
        "Välj vilket av tjänsteställets egna förråd som tar emot hjälpmedlet som byts ut.",
        "Choose which of the care unit's own storerooms takes the device that is exchanged.",
    )


@dataclass(frozen=True)
class HandOverRequest:
    """What was handed over, and on which day; without lines all that waits."""

    on: date
    reason: str | None
    lines: tuple[Goods, ...]
    by: str
    at: datetime
    catalogue: DeviceCatalogue
    storeroom_no: str | None = None
    """Where what comes back in exchange is put; left out, the only own storeroom of the unit."""

    @property
    def needs_place(self) -> bool:
        """Tell whether something comes back into an own storeroom: what is collected does not."""
        return any(each.exchange and each.exchange.disposition != "collect" for each in self.lines)

    def place_for(self, order: DeviceOrder) -> str | None:
        """Give the own storeroom that takes what comes back; None: not chosen, or not the unit's."""
        serving = self.catalogue.serving(order.care_unit)
        own = [each.storeroom_no for each in serving if each.kind == "storeroom"]
        if self.storeroom_no is not None:
            return self.storeroom_no if self.storeroom_no in own else None
        return own[0] if len(own) == 1 else None


def hand_over(order: DeviceOrder, *, request: HandOverRequest) -> Decision[DeviceOrder]:
    """Register that the patient got the goods: inventory begins the loans on the true day (Q43, Q10)."""
    refuse_any(_against(order, request))
    given = _named(order, request.lines) or order.at_unit
    number = f"{order.order_no}-{len(order.hand_overs) + 1}"
    place = request.place_for(order) if request.needs_place else None
    made = HandOver(number, request.on, request.at, request.by, given, request.reason, place)
    after = replace(order, hand_overs=(*order.hand_overs, made)).waiting_from()
    return replace(after, is_reminded=False), [_fact(order, made), *no_longer_waits(order, how="handed-over")]


def remind_of_goods(order: DeviceOrder, *, before: datetime) -> Decision[DeviceOrder]:
    """Raise a task for goods that have waited since then; once (Q43, N7)."""
    since = order.waits_since
    if order.is_reminded or since is None or since > before:
        return order, []
    task = TaskRaised(
        task_id=order_task_id(order.order_no, kind=WAITS),
        kind=WAITS,
        role="order_placer",
        care_unit=order.care_unit,
        patient_ref=order.patient_ref,
        subject_no=order.order_no,
        reason="waits-at-unit",
        details={"since": local_day(since).isoformat()},
    )
    return replace(order, is_reminded=True), [task]


def hand_over_task(order: DeviceOrder, refused: HandOver) -> TaskRaised:
    """Ask the unit what the patient has, when inventory could not make a hand-over (Q43, N7)."""
    return TaskRaised(
        task_id=order_task_id(order.order_no, kind=REFUSED, which=refused.hand_over_no),
        kind=REFUSED,
        role="order_placer",
        care_unit=order.care_unit,
        patient_ref=order.patient_ref,
        subject_no=order.order_no,
        reason="goods-were-not-at-unit",
        details={"day": refused.handed_over_on.isoformat()},
    )


def _against_exchanges(order: DeviceOrder, request: HandOverRequest) -> Iterator[Refused]:
    """Say what speaks against an exchange: who has the old device, and where it would be put (Q48)."""
    marked = {each.line_no for each in order.at_unit if each.device_nos}
    seen: set[str] = set()
    for line in request.lines:
        if line.exchange is None:
            continue
        device_no = line.exchange.device_no
        if line.line_no not in marked or line.quantity != 1:
            yield OnlyDevicesAreExchanged(line=line.line_no)
        loan = request.catalogue.loan_of(device_no)
        if loan is None or device_no in seen:
            yield NothingToExchange(line=line.line_no, device_no=device_no)
        elif loan.collection_no is not None and line.exchange.disposition != "collect":
            yield OnOpenCollectionOrder(device_no=device_no, collection_no=loan.collection_no)
        seen.add(device_no)
    if request.needs_place and request.place_for(order) is None:
        yield NoStoreroomForOld(care_unit=order.care_unit)


def _against(order: DeviceOrder, request: HandOverRequest) -> Iterator[Refused]:
    yield from _against_exchanges(order, request)
    if len(order.hand_overs) >= MOST_HAND_OVERS:
        yield HandedOverTooOften(order_no=order.order_no)
    today = local_day(request.at)
    if order.delivery.kind != "unit" or not order.at_unit:
        yield NothingAtUnit(order_no=order.order_no)
    elif len({each.line_no for each in request.lines}) < len(request.lines):
        yield LineNamedTwice(order_no=order.order_no)
    elif not all(_waits(order, each) for each in request.lines):
        yield NotAtUnit(order_no=order.order_no)
    if request.on > today:
        yield DayToCome()
    elif request.on < today and request.reason is None:
        yield LateNeedsReason(order_no=order.order_no)
    despatched = [local_day(each.despatched_at) for each in order.parcels if each.despatched_at]
    if despatched and request.on < min(despatched):
        yield BeforeDespatch(order_no=order.order_no)


def _waits(order: DeviceOrder, wanted: Goods) -> bool:
    there = next((each for each in order.at_unit if each.line_no == wanted.line_no), None)
    if there is None or wanted.quantity > there.quantity:
        return False
    devices = set(wanted.device_nos)
    if not devices <= set(there.device_nos) or len(devices) != len(wanted.device_nos):
        return False
    # Of several devices it must be said which; all of them need not be named.
    return len(devices) == wanted.quantity or not there.device_nos or wanted.quantity == there.quantity


def _named(order: DeviceOrder, wanted: Sequence[Goods]) -> tuple[Goods, ...]:
    """Complete what was named: article, and the devices where all of a line are meant."""
    there = {each.line_no: each for each in order.at_unit}
    return tuple(
        replace(
            each,
            article_no=there[each.line_no].article_no,
            device_nos=each.device_nos or there[each.line_no].device_nos,
        )
        for each in wanted
    )


def _fact(order: DeviceOrder, made: HandOver) -> DevicesHandedOver:
    return DevicesHandedOver(
        hand_over_no=made.hand_over_no,
        order_no=order.order_no,
        patient_ref=order.patient_ref,
        care_unit=order.care_unit,
        handed_over_on=made.handed_over_on,
        registered_at=made.registered_at,
        lines=tuple(
            LineHandedOver(
                line_no=each.line_no,
                article_no=each.article_no,
                quantity=each.quantity,
                device_nos=each.device_nos,
                exchange=_in_place_of(each),
            )
            for each in made.lines
        ),
        registered_by=made.by,
        storeroom_no=made.storeroom_no,
    )


def _in_place_of(goods: Goods) -> InPlaceOf | None:
    asked = goods.exchange
    if asked is None:
        return None
    return InPlaceOf(
        loan_id=asked.loan_id,
        device_no=asked.device_no,
        disposition=asked.disposition,
        collection_no=asked.collection_no,
    )


def no_longer_waits(order: DeviceOrder, *, how: str) -> list[TaskResolved]:
    """Resolve the task about goods that waited, where there is one (N7)."""
    if not order.is_reminded:
        return []
    return [TaskResolved(task_id=order_task_id(order.order_no, kind=WAITS), how=how)]
