"""The fee ledger: entries that are never changed, and the way each has come since (S46, Q9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from services.billing.domain.payer import Identity, Payer
from shared.domain.days import STOCKHOLM
from shared.domain.money import NOTHING, Money
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.fact import Fact
from shared.events.partners import FeeEvent, FeePatient, FeeSource
from shared.events.tasks import TaskRaised

LEDGER = UUID("7b1f6d0e-6f0c-5f4e-9a53-3f2d6f3b9c01")

Kind = Literal["charge", "credit"]
Stage = Literal["held", "told", "accepted", "rejected", "invoiced", "credited", "nothing_due"]


@dataclass(frozen=True)
class Entry:
    """What was booked; immutable for ever. The amount is never negative: the kind gives its direction."""

    event_id: str
    kind: Kind
    reverses: str | None
    withdrawal_no: str
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


@dataclass(frozen=True)
class Step:
    """One step of an entry's way; `note` is a batch, a code or an invoice number."""

    what: Stage | Literal["batched"]
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Fee:
    """An entry with its way so far; `payer` is whom invoicing was told, as it was then."""

    event_id: str
    patient_ref: str
    withdrawal_no: str
    entry: Entry
    stage: Stage
    progress: tuple[Step, ...]
    payer: Identity | None = None
    told_at: datetime | None = None
    batch: str | None = None

    @property
    def signed(self) -> Money:
        """Give the amount as it counts in a sum: a credit takes away."""
        return self.entry.amount if self.entry.kind == "charge" else -self.entry.amount

    def came_to(self, stage: Stage, *, at: datetime, note: str | None = None) -> "Fee":
        return replace(self, stage=stage, progress=(*self.progress, Step(stage, at, note)))

    def put_in(self, batch_id: str, *, at: datetime) -> "Fee":
        return replace(self, batch=batch_id, progress=(*self.progress, Step("batched", at, batch_id)))


def event_id_of(withdrawal_no: str, fee_no: int, *, kind: Kind) -> str:
    """Name an entry by what it is for, so that the same fee can never be booked twice (S46)."""
    return str(uuid5(LEDGER, f"{withdrawal_no}:{fee_no}:{kind}"))


def reversal_of(entry: Entry, *, on: date, at: datetime) -> Entry:
    """Give the credit entry that takes back a whole charge (Q9)."""
    return replace(
        entry,
        event_id=event_id_of(entry.withdrawal_no, entry.fee_no, kind="credit"),
        kind="credit",
        reverses=entry.event_id,
        occurred_at=at,
        due_on=on,
    )


def booked(entry: Entry, payer: Payer | None, *, at: datetime) -> Fee:
    """Book an entry and tell it at once; it is held while nobody knows the payer's number (S46, Q9).

    An entry of 0 kr stands in the ledger, but invoicing has nothing to do with it.
    """
    fee = Fee(entry.event_id, entry.patient_ref, entry.withdrawal_no, entry, stage="held", progress=())
    if entry.amount == NOTHING:
        return fee.came_to("nothing_due", at=at)
    if payer is None or payer.identity is None:
        return fee.came_to("held", at=at)
    return told(fee, payer.identity, at=at)


def told(fee: Fee, identity: Identity, *, at: datetime) -> Fee:
    """Tell invoicing, naming the payer as he or she is known now (S46)."""
    return replace(fee, payer=identity, told_at=at).came_to("told", at=at)


def told_facts(fees: Iterable[Fee | None], payer: Payer | None) -> list[Fact]:
    """Give what the booking of these entries tells: to the house, to invoicing, to a person (S46)."""
    present = [fee for fee in fees if fee]
    facts: list[Fact] = []
    for fee in present:
        facts += [_of_house(fee), event_of(fee)] if fee.stage == "told" else []
    if payer and payer.identity is None and any(fee.stage == "held" for fee in present):
        facts.append(_without_number(present[0]))
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
        source=FeeSource(uttag=entry.withdrawal_no),
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
            withdrawal_no=entry.withdrawal_no,
            patient_ref=entry.patient_ref,
            fee_code=entry.fee_code,
            amount=entry.amount.amount,
            due_on=entry.due_on,
        )
    return FeeCredited(
        event_id=entry.event_id,
        reverses=entry.reverses,
        withdrawal_no=entry.withdrawal_no,
        patient_ref=entry.patient_ref,
        fee_code=entry.fee_code,
        amount=entry.amount.amount,
        due_on=entry.due_on,
    )


def _without_number(fee: Fee) -> TaskRaised:
    return TaskRaised(
        task_id=f"fee-without-number:{fee.patient_ref}",
        kind="fee_without_number",
        role="economist",
        patient_ref=fee.patient_ref,
        subject_no=fee.withdrawal_no,
        reason="Invoicing cannot be told of the fee: the patient's number is not known. Bill it by hand.",
    )
