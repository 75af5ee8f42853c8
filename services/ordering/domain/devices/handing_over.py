"""Handing over at the care unit what waited there for the patient, and reminding of what waits (Q43)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.devices.goods import Goods, HandOver
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.tasks import order_task_id
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.ordering_devices import DevicesHandedOver, LineHandedOver
from shared.events.tasks import TaskRaised, TaskResolved

WAITS_DAYS = 14
"""After so many days at the unit somebody is reminded (Q43)."""
WAITS = "device_not_handed_over"


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


@dataclass(frozen=True)
class HandOverRequest:
    """What was handed over, and on which day; without lines all that waits."""

    on: date
    reason: str | None
    lines: tuple[Goods, ...]
    by: str
    at: datetime


def hand_over(order: DeviceOrder, *, request: HandOverRequest) -> Decision[DeviceOrder]:
    """Register that the patient got the goods: inventory begins the loans on the true day (Q43, Q10)."""
    refuse_any(_against(order, request))
    given = _named(order, request.lines) or order.at_unit
    number = f"{order.order_no}-{len(order.hand_overs) + 1}"
    made = HandOver(number, request.on, request.at, request.by, given, request.reason)
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


def _against(order: DeviceOrder, request: HandOverRequest) -> Iterator[Refused]:
    today = local_day(request.at)
    if order.delivery.kind != "unit" or not order.at_unit:
        yield NothingAtUnit(order_no=order.order_no)
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
            )
            for each in made.lines
        ),
    )


def no_longer_waits(order: DeviceOrder, *, how: str) -> list[TaskResolved]:
    """Resolve the task about goods that waited, where there is one (N7)."""
    if not order.is_reminded:
        return []
    return [TaskResolved(task_id=order_task_id(order.order_no, kind=WAITS), how=how)]
