"""What billing does when it hears a fact."""

from functools import partial

from services.billing.domain.account import Account, Reversal
from services.billing.domain.acknowledgement import Acknowledgement
from services.billing.domain.ledger import Entry, event_id_of
from services.billing.domain.payer import Identity, Payer
from services.billing.domain.withdrawal import Outcome, Withdrawal, came_to, was_sent
from services.billing.repository import Corrections, Ledger, Withdrawals
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.person_id import OIDS
from shared.domain.tariff import Priced
from shared.events.ordering import (
    FeePriced,
    OrderAnnulled,
    OrderDelivered,
    OrderSent,
    OrderUndeliverable,
    WithdrawalAnnulled,
    WithdrawalSent,
)
from shared.events.partners import FeeAcknowledged
from shared.events.prescription import PatientChanged, PatientsMerged
from shared.hearing import Ears
from shared.repository import Cause

OID_OF = {str(number_type): oid for number_type, oid in OIDS.items()}


def handlers(
    ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals, clock: Clock, *, cost_centre: str
) -> Ears:
    ears = Ears("billing")
    _hear_patients(ears, ledger, corrections, withdrawals)
    _hear_withdrawals(ears, ledger, withdrawals, cost_centre=cost_centre)
    _hear_orders(ears, withdrawals, clock)
    _hear_invoicing(ears, ledger)
    return ears


def _hear_patients(ears: Ears, ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals) -> None:
    @ears.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        identity = Identity(OID_OF[event.number_type], event.number) if event.number else None
        await ledger.know(Payer(event.patient_ref, event.version, identity), cause=cause)

    @ears.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        await ledger.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await corrections.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await withdrawals.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)


def _hear_withdrawals(ears: Ears, ledger: Ledger, withdrawals: Withdrawals, *, cost_centre: str) -> None:
    @ears.on(WithdrawalSent)
    async def on_withdrawal_sent(event: WithdrawalSent, cause: Cause) -> None:
        entries = [_entry(event, fee, cost_centre) for fee in event.fees]
        await ledger.charge(Account(event.withdrawal_no, event.patient_ref), entries, cause=cause)
        await withdrawals.note_sent(_withdrawal(event), cause=cause.part("row"))

    @ears.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        reversals = tuple(Reversal(fee_no, event.annulled_on) for fee_no in dict.fromkeys(event.fee_nos))
        account = Account(event.withdrawal_no, event.patient_ref, reversals=reversals)
        await ledger.reverse(account, cause=cause)
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, event.annulled_on)
        await withdrawals.note_annulled(opened, event.fee_nos, cause=cause.part("row"))


def _hear_orders(ears: Ears, withdrawals: Withdrawals, clock: Clock) -> None:
    @ears.on(OrderSent)
    async def on_order_sent(event: OrderSent, cause: Cause) -> None:
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, event.sent_on)
        await withdrawals.note_order(opened, event.order_no, was_sent, cause=cause)

    @ears.on(OrderDelivered)
    async def on_order_delivered(event: OrderDelivered, cause: Cause) -> None:
        await _over(event, "delivered", cause)

    @ears.on(OrderUndeliverable)
    async def on_order_undeliverable(event: OrderUndeliverable, cause: Cause) -> None:
        await _over(event, "undeliverable", cause)

    @ears.on(OrderAnnulled)
    async def on_order_annulled(event: OrderAnnulled, cause: Cause) -> None:
        await _over(event, "annulled", cause)

    async def _over(
        event: OrderDelivered | OrderUndeliverable | OrderAnnulled, outcome: Outcome, cause: Cause
    ) -> None:
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, clock.today())
        change = partial(came_to, outcome=outcome)
        await withdrawals.note_order(opened, event.order_no, change, cause=cause)


def _hear_invoicing(ears: Ears, ledger: Ledger) -> None:
    @ears.on_partner("invoicing.acks", FeeAcknowledged)
    async def on_fee_acknowledged(event: FeeAcknowledged, cause: Cause) -> None:
        heard = Acknowledgement(
            event_id=event.event_id,
            status=event.status,
            at=event.at,
            code=event.code,
            invoice_no=event.invoice_no,
            invoice_date=event.invoice_date,
        )
        await ledger.acknowledge(heard, cause=cause)


def _withdrawal(event: WithdrawalSent) -> Withdrawal:
    lines = tuple(
        Priced(line.line_id, line.article_no, line.prescription_type, line.packages, Money(line.cost))
        for line in event.lines
        if line.prescription_type is not None and line.cost is not None
    )
    return Withdrawal(
        withdrawal_no=event.withdrawal_no,
        patient_ref=event.patient_ref,
        day=event.sent_on,
        heard=True,
        order_nos=event.order_nos,
        fees=event.fees,
        conditions=event.conditions,
        lines=lines if len(lines) == len(event.lines) else None,
    )


def _entry(event: WithdrawalSent, fee: FeePriced, cost_centre: str) -> Entry:
    return Entry(
        event_id=event_id_of(event.withdrawal_no, fee.fee_no, kind="charge"),
        kind="charge",
        reverses=None,
        withdrawal_no=event.withdrawal_no,
        fee_no=fee.fee_no,
        patient_ref=event.patient_ref,
        fee_code=fee.fee_code,
        text=fee.text,
        amount=Money(fee.amount),
        reason=fee.reason,
        tariff=fee.tariff,
        occurred_at=event.sent_at,
        due_on=event.sent_on,
        cost_centre=cost_centre,
        product_area=event.product_area,
        care_unit=event.care_unit,
        prescription_type=fee.prescription_type,
        order_nos=event.order_nos,
        article_nos=tuple(line.article_no for line in event.lines if line.line_id in fee.line_ids),
    )
