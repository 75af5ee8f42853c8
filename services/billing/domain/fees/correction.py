"""Correcting a fee: one person asks with a reason, another decides, new entries follow (S97, Q9)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.billing.domain.fees.account import CORRECTED, Account, Booked
from services.billing.domain.fees.cap import NO_CAPS, Caps, counted, given_back
from services.billing.domain.fees.ledger import (
    Entry,
    Fee,
    booked,
    event_id_of,
    reversal_of,
    taken_back,
    told_facts,
)
from services.billing.domain.fees.payer import Payer
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money
from shared.domain.two_people import refuse_same_person, refuse_unread
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


class CorrectionWaits(Refused):
    """A colleague was first: that correction is decided before another is asked for (S97)."""

    rule = "correction-waits"
    sentence = Sentence(
        "En kollega har redan begärt en rättelse av avgiften. Avgör den innan du begär en ny.",
        "A colleague has asked for a correction of this fee already. Decide on it before you ask again.",
    )


class CorrectionDecided(Refused):
    """A colleague was first to decide."""

    rule = "correction-decided"
    sentence = Sentence(
        "Rättelsen är redan avgjord. Ladda om avgiften.",
        "The correction is decided already. Read the fee again.",
    )


MOST_CORRECTIONS = 20


class CorrectedTooOften(Refused):
    """All that was asked about a fee is kept beside it (S97)."""

    rule = "corrected-too-often"
    sentence = Sentence(
        f"Rättelse av avgiften har redan begärts {MOST_CORRECTIONS} gånger. Efterge avgiften i stället.",
        f"A correction of the fee has been asked for {MOST_CORRECTIONS} times already. "
        "Waive the fee instead.",
    )


class FeeNotStanding(Refused):
    """The entry is a credit, or the charge is taken back already."""

    rule = "fee-not-standing"
    sentence = Sentence(
        "Avgiften är redan borttagen eller krediterad. Rätta den avgift som gäller.",
        "The fee is removed or credited already. Correct the fee that stands.",
    )


class NothingToCorrect(Refused):
    """The right amount is the amount that was booked."""

    rule = "nothing-to-correct"
    sentence = Sentence(
        "Beloppet är redan det du anger. Ange ett annat belopp, eller låt avgiften vara.",
        "The amount is that already. Give another amount, or leave the fee as it is.",
    )


@dataclass(frozen=True)
class Correction:
    """A proposal to put one charge right; at most one waits per charge, by whose name it goes."""

    event_id: str
    source_no: str
    fee_no: int
    patient_ref: str
    amount: Money
    reason: str
    asked_by: str
    asked_at: datetime
    state: Literal["asked", "approved", "declined"] = "asked"
    decided_by: str | None = None
    decided_at: datetime | None = None
    earlier: tuple["Correction", ...] = ()
    """Proposals about the same charge that were declined."""


def ask_correction(
    correction: Correction | None, charge: Fee, credit: Fee | None, *, asked: Correction
) -> Decision[Correction | None, Fee, Fee | None]:
    """Ask for another amount, 0 kr to take the fee back (S97).

    Raises CorrectionWaits, CorrectedTooOften, FeeNotStanding and NothingToCorrect.
    """
    if correction and correction.state == "asked":
        raise CorrectionWaits(withdrawal_no=charge.source_no)
    _refuse_too_often(correction, charge)
    _refuse_unless_standing(charge, credit)
    if asked.amount == charge.entry.amount:
        raise NothingToCorrect(withdrawal_no=charge.source_no)
    earlier = (*correction.earlier, replace(correction, earlier=())) if correction else ()
    return replace(asked, earlier=earlier), charge, credit, [_waits(asked)]


def approve_correction(
    correction: Correction,
    account: Account,
    booked_: Booked,
    payer: Payer | None,
    *,
    amount: Money,
    by: str,
    at: datetime,
    caps: Caps = NO_CAPS,
) -> Decision[Correction, Account, Booked, Payer | None]:
    """Take the charge back and book the right one; `booked_` is the charge, its credit, the new charge (S97).

    `amount` is what the second person read. Raises CorrectionDecided, SamePerson, AnotherProposal,
    FeeNotStanding and OverTheCap.
    """
    _refuse_decided(correction)
    refuse_same_person(asked_by=correction.asked_by, by=by)
    refuse_unread(proposed=correction.amount, read=amount)
    charge, credit, _ = booked_
    if charge is None:
        raise LookupError(f"no charge {correction.event_id}")
    _refuse_unless_standing(charge, credit)
    reversal = reversal_of(
        charge.entry, on=local_day(at), at=at, why="corrected", because=correction.event_id
    )
    entry = _right(charge.entry, correction, at=at)
    payer = counted(given_back(payer, [charge.event_id]), entry, caps=caps)
    charge, credit = taken_back(charge, credit, payer, reversal=reversal, at=at)
    right = booked(entry, payer, at=at)
    corrected = replace(account, corrected=(*account.corrected, correction.fee_no))
    decided = replace(correction, state="approved", decided_by=by, decided_at=at)
    facts: list[Fact] = [*told_facts((credit, right)), _decided(correction, "approved")]
    return decided, corrected, (charge, credit, right), payer, facts


def move_correction(correction: Correction, *, into_ref: str) -> Decision[Correction]:
    """Let a proposal hang on the patient that two turned out to be (S65, S68)."""
    if correction.patient_ref == into_ref:
        return correction, []
    return replace(correction, patient_ref=into_ref), []


def decline_correction(correction: Correction, *, by: str, at: datetime) -> Decision[Correction]:
    """Leave the fee as it is; the one who asked may also take the proposal back (S97)."""
    _refuse_decided(correction)
    declined = replace(correction, state="declined", decided_by=by, decided_at=at)
    return declined, [_decided(correction, "declined")]


def corrected_id(correction: Correction) -> str:
    """Name the charge that an approved correction books (S97)."""
    return event_id_of(correction.source_no, correction.fee_no + CORRECTED, kind="charge")


def _right(entry: Entry, correction: Correction, *, at: datetime) -> Entry:
    return replace(
        entry,
        event_id=corrected_id(correction),
        fee_no=entry.fee_no + CORRECTED,
        patient_ref=correction.patient_ref,
        amount=correction.amount,
        before_cap=None,
        occurred_at=at,
        why="corrected",
        because=correction.event_id,
    )


def _refuse_too_often(correction: Correction | None, charge: Fee) -> None:
    """Raise CorrectedTooOften; each approved correction is a charge of its own, with a higher number."""
    asked = len(correction.earlier) + 1 if correction else 0
    if max(asked, charge.entry.fee_no // CORRECTED) >= MOST_CORRECTIONS:
        raise CorrectedTooOften(withdrawal_no=charge.source_no)


def _refuse_unless_standing(charge: Fee, credit: Fee | None) -> None:
    if charge.entry.kind == "credit" or credit or charge.stage in ("removed", "credited"):
        raise FeeNotStanding(withdrawal_no=charge.source_no)


def _refuse_decided(correction: Correction) -> None:
    if correction.state != "asked":
        raise CorrectionDecided(withdrawal_no=correction.source_no, state=correction.state)


def _waits(correction: Correction) -> TaskRaised:
    return TaskRaised(
        task_id=f"fee-correction:{correction.event_id}",
        kind="fee_correction_waits",
        role="economist",
        patient_ref=correction.patient_ref,
        subject_no=correction.source_no,
        reason="correction-asked-for",
    )


def _decided(correction: Correction, how: str) -> TaskResolved:
    return TaskResolved(task_id=f"fee-correction:{correction.event_id}", how=how)
