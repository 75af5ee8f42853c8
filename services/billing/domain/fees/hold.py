"""A fee that an economist holds back with a reason until it is released (S97, T6, N7)."""

from dataclasses import replace
from datetime import datetime

from services.billing.domain.fees.ledger import Fee, Hold, facts_of_release, released
from services.billing.domain.fees.payer import Payer
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


class FeeWithInvoicing(Refused):
    """Invoicing has the fee, or it is over: it is corrected or credited, and no longer held (S97)."""

    rule = "fee-with-invoicing"
    sentence = Sentence(
        "Avgiften är redan lämnad till faktureringen eller avslutad. Begär en rättelse i stället.",
        "The fee is with invoicing already, or is over. Ask for a correction instead.",
    )


class FeeOnHold(Refused):
    """A colleague was first."""

    rule = "fee-on-hold"
    sentence = Sentence(
        "Avgiften är redan pausad. Läs varför, och släpp den när den kan gå vidare.",
        "The fee is on hold already. Read why, and release it when it can go on.",
    )


MOST_STEPS = 100


class FeeHeldTooOften(Refused):
    """A fee is paused and released for a reason, and not for ever (S97)."""

    rule = "fee-held-too-often"
    sentence = Sentence(
        "Avgiften har redan pausats och släppts många gånger. Begär en rättelse i stället.",
        "The fee was put on hold and released many times already. Ask for a correction instead.",
    )


class FeeNotOnHold(Refused):
    """Nobody holds the fee."""

    rule = "fee-not-on-hold"
    sentence = Sentence(
        "Avgiften är inte pausad. Ladda om sidan för att se hur det gick.",
        "The fee is not on hold. Reload the page to see what became of it.",
    )


UNTOLD = frozenset({"deferred", "held"})


def hold_fee(fee: Fee, *, reason: str, by: str, at: datetime) -> Decision[Fee]:
    """Hold back a fee that was not sent to invoicing yet (S97, T6).

    Raises FeeWithInvoicing, FeeOnHold and FeeHeldTooOften.
    """
    if fee.stage not in UNTOLD:
        raise FeeWithInvoicing(withdrawal_no=fee.source_no, stage=fee.stage)
    if fee.hold:
        raise FeeOnHold(withdrawal_no=fee.source_no)
    if len(fee.progress) >= MOST_STEPS:
        raise FeeHeldTooOften(withdrawal_no=fee.source_no)
    held = replace(fee, hold=Hold(reason, by, at)).came_to(fee.stage, at=at, note=f"by {by}")
    return held, [_waits(held)]


def release_fee(fee: Fee, payer: Payer | None, *, by: str, at: datetime) -> Decision[Fee, Payer | None]:
    """Release a held fee, and send it to invoicing if its day has come (S97, T6); raises FeeNotOnHold."""
    if fee.hold is None:
        raise FeeNotOnHold(withdrawal_no=fee.source_no)
    over = TaskResolved(task_id=_task_id(fee), how="released")
    if fee.stage not in UNTOLD:  # annulled or waived meanwhile
        return replace(fee, hold=None), payer, [over]
    free = replace(fee, hold=None).came_to(fee.stage, at=at, note=f"released by {by}")
    known = released(free, payer, at=at)
    return known, payer, [over, *(facts_of_release(known, free) if known is not free else [])]


def hold_carried_over(before: Fee, after: Fee) -> list[Fact]:
    """Let the work about a held fee be about the one that replaced it (Q32, N7)."""
    return [TaskResolved(task_id=_task_id(before), how="another-amount-is-held"), _waits(after)]


def _task_id(fee: Fee) -> str:
    return f"fee-on-hold:{fee.event_id}"


def _waits(fee: Fee) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(fee),
        kind="fee_on_hold",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="held-by-hand",
    )
