"""Yes or no to a line's fee corrected after the order was sent: one person asks, another approves (S97)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.ordering.domain.device_states import State
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.judging import FeeContinues, FeeNotAsked
from services.ordering.domain.devices.order import DeviceOrder, OrderedLine
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.two_people import refuse_same_person, refuse_unread
from shared.events.fees import DeviceFee
from shared.events.ordering_devices import DeviceFeeDecided
from shared.events.tasks import TaskRaised, TaskResolved

MOST_CORRECTIONS = 20
FREE: frozenset[State] = frozenset({"refused", "not_fetched", "annulled", "taken_back"})
"""States of orders that nobody pays for."""


class LineNotOfOrder(Refused):
    """The order has no such line."""

    rule = "line-not-of-order"
    sentence = Sentence(
        "Beställningen har ingen sådan rad. Välj en av dess rader.",
        "The order has no such line. Choose one of its lines.",
    )


class FeeCorrectionNotYours(Refused):
    """Who placed the order, or answers for it, asks for a correction (S97)."""

    rule = "fee-correction-not-yours"
    sentence = Sentence(
        "Bara den som lade beställningen eller förskrivaren kan begära en rättelse. Be någon av dem.",
        "Only who placed the order, or its prescriber, can ask for a correction. Ask one of them.",
    )


class NothingToPayFor(Refused):
    """The order was annulled, refused or taken back, so it costs nothing."""

    rule = "nothing-to-pay-for"
    sentence = Sentence(
        "Beställningen är makulerad, återtagen eller blev aldrig av, och kostar patienten inget.",
        "The order is annulled, taken back or was never made, and costs the patient nothing.",
    )


class FeeCorrectionWaits(Refused):
    """A colleague was first: that request is decided before another is made."""

    rule = "fee-correction-waits"
    sentence = Sentence(
        "En rättelse av radens avgift är redan begärd. Avgör den innan du begär en ny.",
        "A correction of the line's fee is asked for already. Decide on it before you ask again.",
    )


class FeeIsSoAlready(Refused):
    """Yes is yes already, or no is no."""

    rule = "fee-is-so-already"
    sentence = Sentence(
        "Svaret om avgiften är redan det du anger. Ladda om beställningen.",
        "The answer about the fee is that already. Load the order again.",
    )


class FeeCorrectedTooOften(Refused):
    """All that was asked about a line's fee is kept beside it."""

    rule = "fee-corrected-too-often"
    sentence = Sentence(
        f"Rättelse av radens avgift har redan begärts {MOST_CORRECTIONS} gånger. Kontakta en ekonom.",
        f"A correction of the line's fee has been asked for {MOST_CORRECTIONS} times already. "
        "Contact an economist.",
    )


class FeeCorrectionDecided(Refused):
    """A colleague was first to decide."""

    rule = "fee-correction-decided"
    sentence = Sentence(
        "Rättelsen är redan avgjord. Ladda om beställningen.",
        "The correction is decided already. Load the order again.",
    )


@dataclass(frozen=True)
class FeeRequest:
    """What somebody asks: whether the patient pays for the line after all, and why."""

    line_no: int
    pays: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FeeCorrection:
    """The newest request about a line's fee; at most one waits for each line, by which it is named."""

    order_no: str
    line_no: int
    care_unit: str
    product_area: str
    fee_no: int
    """The number of the line's fee, the same through every correction."""
    fee: DeviceFee | None
    """What the patient pays when it is approved; None: nothing."""
    reason: str
    asked_by: str
    asked_at: datetime
    version: int = 0
    """How many corrections of the line were approved."""
    state: Literal["asked", "approved", "declined"] = "asked"
    decided_by: str | None = None
    decided_at: datetime | None = None
    earlier: tuple["FeeCorrection", ...] = ()


def correction_id(order_no: str, line_no: int) -> str:
    return f"{order_no}:{line_no}"


def ask_fee_correction(
    correction: FeeCorrection | None, order: DeviceOrder, *, asked: FeeRequest, catalogue: DeviceCatalogue
) -> Decision[FeeCorrection, DeviceOrder]:
    """Ask a second person to correct yes or no; priced by the tariff of the day of sending (S97, Q37).

    Raises each reason of this module, FeeContinues of an exchange (Q48), FeeNotAsked, NoTariff and NotPriced.
    """
    refuse_any(_against_ask(correction, order, asked))
    ordered = _line(order, asked.line_no)
    fee_no = correction.fee_no if correction else _fee_no(order, ordered)
    line = replace(ordered.line, fee=asked.pays)
    fee = catalogue.fee_of(line, fee_no=fee_no, on=order.sent_on)
    if asked.pays and fee is None:
        raise FeeNotAsked(article_no=line.article_no, line=line.line_no)
    wanted = FeeCorrection(
        order_no=order.order_no,
        line_no=asked.line_no,
        care_unit=order.care_unit,
        product_area=order.product_area,
        fee_no=fee_no,
        fee=fee,
        reason=asked.reason,
        asked_by=asked.by,
        asked_at=asked.at,
        version=correction.version if correction else 0,
        earlier=(*correction.earlier, replace(correction, earlier=())) if correction else (),
    )
    return wanted, order, [_waits(wanted, order)]


def approve_fee_correction(
    correction: FeeCorrection, order: DeviceOrder, *, pays: bool, by: str, at: datetime
) -> Decision[FeeCorrection, DeviceOrder]:
    """Let the line cost what was asked for, and let billing know (S97).

    `pays` is what the second person read. Raises FeeCorrectionDecided, SamePerson, AnotherProposal and
    NothingToPayFor.
    """
    _refuse_decided(correction)
    refuse_same_person(asked_by=correction.asked_by, by=by)
    refuse_unread(proposed=correction.fee is not None, read=pays)
    if order.state in FREE:
        raise NothingToPayFor(order_no=order.order_no)
    version = correction.version + 1
    decided = replace(correction, state="approved", decided_by=by, decided_at=at, version=version)
    fact = DeviceFeeDecided(
        order_no=order.order_no,
        line_no=correction.line_no,
        patient_ref=order.patient_ref,
        version=version,
        fee=correction.fee,
        decided_at=at,
    )
    return decided, _with_fee(order, correction), [fact, _solved(correction, "approved")]


def decline_fee_correction(
    correction: FeeCorrection, order: DeviceOrder, *, by: str, at: datetime
) -> Decision[FeeCorrection, DeviceOrder]:
    """Leave the fee as it is; the one who asked may take the request back too (S97)."""
    _refuse_decided(correction)
    declined = replace(correction, state="declined", decided_by=by, decided_at=at)
    return declined, order, [_solved(correction, "declined")]


def _against_ask(
    correction: FeeCorrection | None, order: DeviceOrder, asked: FeeRequest
) -> Iterator[Refused]:
    if asked.by not in (order.placed_by, order.prescriber):
        yield FeeCorrectionNotYours(order_no=order.order_no)
    if order.state in FREE:
        yield NothingToPayFor(order_no=order.order_no)
    if asked.pays and order.in_place_of(asked.line_no):
        yield FeeContinues(order_no=order.order_no, line=asked.line_no)
    if correction and correction.state == "asked":
        yield FeeCorrectionWaits(order_no=order.order_no, line=asked.line_no)
    elif (_line(order, asked.line_no).fee is not None) == asked.pays:
        yield FeeIsSoAlready(order_no=order.order_no, line=asked.line_no)
    if correction and len(correction.earlier) + 1 >= MOST_CORRECTIONS:
        yield FeeCorrectedTooOften(order_no=order.order_no, line=asked.line_no)


def _line(order: DeviceOrder, line_no: int) -> OrderedLine:
    found = next((each for each in order.lines if each.line.line_no == line_no), None)
    if found is None:
        raise LineNotOfOrder(order_no=order.order_no, line=line_no)
    return found


def _fee_no(order: DeviceOrder, ordered: OrderedLine) -> int:
    """Keep the line's number, or give one that no fee of the order has: those count its lines at most."""
    return ordered.fee.fee_no if ordered.fee else len(order.lines) + ordered.line.line_no


def _with_fee(order: DeviceOrder, correction: FeeCorrection) -> DeviceOrder:
    lines = tuple(
        replace(each, fee=correction.fee, line=replace(each.line, fee=correction.fee is not None))
        if each.line.line_no == correction.line_no
        else each
        for each in order.lines
    )
    return replace(order, lines=lines)


def _refuse_decided(correction: FeeCorrection) -> None:
    if correction.state != "asked":
        raise FeeCorrectionDecided(order_no=correction.order_no, state=correction.state)


def _task_id(correction: FeeCorrection) -> str:
    return f"device-fee-correction:{correction.order_no}:{correction.line_no}"


def _waits(correction: FeeCorrection, order: DeviceOrder) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(correction),
        kind="device_fee_correction_waits",
        role="order_placer",
        care_unit=order.care_unit,
        patient_ref=order.patient_ref,
        subject_no=order.order_no,
        reason="correction-asked-for",
    )


def _solved(correction: FeeCorrection, how: str) -> TaskResolved:
    return TaskResolved(task_id=_task_id(correction), how=how)
