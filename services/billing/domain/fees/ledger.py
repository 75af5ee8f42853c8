"""The fee ledger: entries that never change, and the stage of each (S46, Q9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid5

from services.billing.domain.fees.payer import Identity, Payer
from shared.domain.days import STOCKHOLM, local_day
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import FeeEvent, FeePatient, FeeSource

LEDGER = UUID("7b1f6d0e-6f0c-5f4e-9a53-3f2d6f3b9c01")

Kind = Literal["charge", "credit"]
Stage = Literal[
    "deferred", "held", "told", "accepted", "rejected", "invoiced", "credited", "nothing_due", "removed"
]
Why = Literal["annulled", "waived", "corrected", "returned"]
NO_NUMBER = "no-number"
COMPENSATION = "compensation"
"""The reason of a fee for a device that was stolen, lost or damaged: of its own kind (Q57)."""


@dataclass(frozen=True)
class Entry:
    """What was booked; immutable for ever. The amount is never negative: the kind gives its direction."""

    event_id: str
    kind: Kind
    reverses: str | None
    source_no: str
    """The withdrawal's number; of a device's fee its order's, of a compensation its report's (Q16, Q57)."""
    fee_no: int
    patient_ref: str
    fee_code: str
    text: str
    amount: Money
    reason: str
    tariff: str
    occurred_at: datetime
    due_on: date
    cost_centre: str
    product_area: str
    care_unit: str
    prescription_type: str | None = None
    order_nos: tuple[str, ...] = ()
    article_nos: tuple[str, ...] = ()
    why: Why | None = None
    """Why a credit, or a charge that corrects another, was booked."""
    because: str | None = None
    """The waiver or the correction that two people decided."""
    before_cap: Money | None = None
    """What the tariff's rule gave, where the patient's cap took something off (T5)."""
    loan_id: str | None = None
    """The loan of the device that is paid for: it decides whether the fee ever falls due (Q10)."""
    line_no: int | None = None
    """The line of an order of devices that is paid for."""

    @property
    def is_of_devices(self) -> bool:
        return self.line_no is not None or self.loan_id is not None or self.is_compensation

    @property
    def is_compensation(self) -> bool:
        return self.reason == COMPENSATION


@dataclass(frozen=True)
class Step:
    """One step of an entry's way; `note` is a batch, a code or an invoice number."""

    what: Stage | Literal["batched"]
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Hold:
    """Why somebody holds a fee back."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Fee:
    """An entry with its history; `payer` is as it was sent to invoicing."""

    event_id: str
    patient_ref: str
    source_no: str
    entry: Entry
    stage: Stage
    progress: tuple[Step, ...]
    payer: Identity | None = None
    told_at: datetime | None = None
    batch: str | None = None
    hold: Hold | None = None
    """Held back by hand: not sent to invoicing until it is released."""

    @property
    def signed(self) -> Money:
        """Give the amount as it counts in a sum: a credit takes away, what was removed is nothing."""
        if self.stage == "removed":
            return NOTHING
        return self.entry.amount if self.entry.kind == "charge" else -self.entry.amount

    def came_to(self, stage: Stage, *, at: datetime, note: str | None = None) -> "Fee":
        return replace(self, stage=stage, progress=(*self.progress, Step(stage, at, note)))

    def put_in(self, batch_id: str, *, at: datetime) -> "Fee":
        return replace(self, batch=batch_id, progress=(*self.progress, Step("batched", at, batch_id)))


def event_id_of(source_no: str, fee_no: int, *, kind: Kind) -> str:
    """Name an entry by what it is for, so that the same fee can never be booked twice (S46)."""
    return str(uuid5(LEDGER, f"{source_no}:{fee_no}:{kind}"))


def reversal_of(
    entry: Entry, *, on: date, at: datetime, why: Why = "annulled", because: str | None = None
) -> Entry:
    """Give the credit entry that takes back a whole charge (Q9)."""
    return replace(
        entry,
        event_id=event_id_of(entry.source_no, entry.fee_no, kind="credit"),
        kind="credit",
        reverses=entry.event_id,
        occurred_at=at,
        due_on=on,
        why=why,
        because=because,
        before_cap=None,
    )


def booked(entry: Entry, payer: Payer | None, *, at: datetime) -> Fee:
    """Book an entry and send it when it is due; hold it until then, and until the number is known (S46, Q9).

    An entry of 0 kr stands in the ledger, but invoicing has nothing to do with it. A device's fee is deferred
    until its order lets it fall due (Q10).
    """
    fee = Fee(entry.event_id, entry.patient_ref, entry.source_no, entry, stage="held", progress=())
    if entry.amount == NOTHING:
        return fee.came_to("nothing_due", at=at)
    if entry.is_of_devices and entry.kind == "charge" and not entry.is_compensation:
        return fee.came_to("deferred", at=at)
    known = released(fee, payer, at=at)
    return known if known is not fee else fee.came_to("held", at=at)


def released(fee: Fee, payer: Payer | None, *, at: datetime) -> Fee:
    """Tell a held entry once its day has come and its payer has a number; else hold it on (S46)."""
    if fee.stage != "held" or fee.hold or fee.entry.due_on > local_day(at):
        return fee
    if payer is None or not payer.is_known:
        return fee
    if payer.identity is None:
        known = any(step.note == NO_NUMBER for step in fee.progress)
        return fee if known else fee.came_to("held", at=at, note=NO_NUMBER)
    return sent_to_invoicing(fee, payer.identity, at=at)


def taken_back(
    charge: Fee, credit: Fee | None, payer: Payer | None, *, reversal: Entry, at: datetime
) -> tuple[Fee, Fee | None]:
    """Remove a charge that invoicing does not have, else credit it by a new entry; either way once (Q9)."""
    if credit or charge.stage == "removed":
        return charge, credit
    if charge.stage in ("deferred", "held", "rejected"):
        return charge.came_to("removed", at=at, note=reversal.because or reversal.why), None
    # who pays now: two patients may have turned out to be one since the charge was booked
    return charge, booked(replace(reversal, patient_ref=charge.patient_ref), payer, at=at)


def sent_to_invoicing(fee: Fee, identity: Identity, *, at: datetime) -> Fee:
    """Tell invoicing, naming the payer as he or she is known now (S46)."""
    return replace(fee, payer=identity, told_at=at).came_to("told", at=at)


def told_facts(fees: Iterable[Fee | None]) -> list[Fact]:
    """Give the facts, messages to invoicing and tasks that follow from booking these entries (S46)."""
    present = [fee for fee in fees if fee]
    facts: list[Fact] = []
    for fee in present:
        facts += [_of_house(fee), event_of(fee)] if fee.stage == "told" else []
    waiting = [fee for fee in present if fee.stage == "held" and _lacks_number(fee)]
    return [*facts, _without_number(waiting[0])] if waiting else facts


def facts_of_release(fee: Fee, before: Fee) -> list[Fact]:
    """Give what follows from releasing a held entry; the number that came ends its task (S46)."""
    facts = told_facts([fee])
    if fee.stage == "told" and _lacks_number(before):
        facts.append(TaskResolved(task_id=_task_id(fee), how="number-known"))
    return facts


def event_of(fee: Fee) -> FeeEvent:
    """Write the entry as the outside contract has it, with the payer's number still sealed (S46)."""
    if fee.payer is None:
        raise ValueError(f"entry {fee.event_id} has no payer yet")
    entry = fee.entry
    return FeeEvent(
        event_id=entry.event_id,
        kind=entry.kind,
        reverses=entry.reverses,
        occurred_at=entry.occurred_at.astimezone(STOCKHOLM),
        bill_not_before=entry.due_on,
        patient=FeePatient(id_type=fee.payer.id_type, id=fee.payer.number),
        source=FeeSource(system="devices" if entry.is_of_devices else "lmn", uttag=entry.source_no),
        fee_code=entry.fee_code,
        text=entry.text,
        amount=entry.amount.amount,
        cost_centre=entry.cost_centre,
        tariff=entry.tariff,
        reason=entry.reason,
    )


def net(fees: Sequence[Fee]) -> Money:
    """Sum charges minus credits."""
    return sum((fee.signed for fee in fees), NOTHING)


def _of_house(fee: Fee) -> FeeCharged | FeeCredited:
    entry = fee.entry
    if entry.reverses is None:
        return FeeCharged(
            event_id=entry.event_id,
            withdrawal_no=entry.source_no,
            patient_ref=entry.patient_ref,
            fee_code=entry.fee_code,
            amount=entry.amount.amount,
            due_on=entry.due_on,
            taken_off=(entry.before_cap - entry.amount).amount if entry.before_cap else Decimal(0),
        )
    return FeeCredited(
        event_id=entry.event_id,
        reverses=entry.reverses,
        withdrawal_no=entry.source_no,
        patient_ref=entry.patient_ref,
        fee_code=entry.fee_code,
        amount=entry.amount.amount,
        due_on=entry.due_on,
        why=entry.why or "annulled",
    )


def _lacks_number(fee: Fee) -> bool:
    return any(step.note == NO_NUMBER for step in fee.progress)


def _task_id(fee: Fee) -> str:
    return f"fee-without-number:{fee.patient_ref}"


def _without_number(fee: Fee) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(fee),
        kind="fee_without_number",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.source_no,
        reason="number-not-known",
    )
