"""Handlers for the facts that billing consumes."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from services.billing.application.corrections import Corrections
from services.billing.application.ledger import Ledger
from services.billing.application.loans import Loans
from services.billing.application.withdrawals import Withdrawals
from services.billing.domain.account import Account, Due, Repriced, Reversal
from services.billing.domain.acknowledgement import Acknowledgement
from services.billing.domain.ledger import Entry, event_id_of
from services.billing.domain.loan import (
    CollectionOrder,
    Exchange,
    HandedOut,
    Loan,
    Place,
    Return,
    falls_due_on,
    note_collection,
    note_exchange,
    note_handed_out,
    note_return,
)
from services.billing.domain.payer import Guardian, Identity, Payer
from services.billing.domain.withdrawal import Outcome, Withdrawal, came_to, note_repriced, was_sent
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.person_id import OIDS
from shared.domain.tariff import Priced
from shared.events.fact import known_or
from shared.events.inventory import (
    DeviceExchanged,
    DeviceHandedOut,
    DeviceReturned,
)
from shared.events.ordering import (
    FeePriced,
    OrderAnnulled,
    OrderDelivered,
    OrderSent,
    OrderUndeliverable,
    WithdrawalAnnulled,
    WithdrawalRepriced,
    WithdrawalSent,
)
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderRegistered,
    DeviceFee,
    DeviceOnLoan,
)
from shared.events.prescription import PatientChanged, PatientsMerged
from shared.messaging.consuming import Subscriptions
from shared.partners import FeeAcknowledged
from shared.repository import Cause

OID_OF = {str(number_type): oid for number_type, oid in OIDS.items()}


def handlers(
    ledger: Ledger,
    corrections: Corrections,
    withdrawals: Withdrawals,
    loans: Loans,
    clock: Clock,
    *,
    cost_centre: str,
) -> Subscriptions:
    subscriptions = Subscriptions("billing")
    _on_patients(subscriptions, ledger, corrections, withdrawals)
    _on_withdrawals(subscriptions, ledger, withdrawals, cost_centre=cost_centre)
    _on_orders(subscriptions, withdrawals, clock)
    _on_devices(subscriptions, loans, cost_centre=cost_centre)
    _on_collection_orders(subscriptions, loans)
    _on_invoicing(subscriptions, ledger)
    return subscriptions


def _on_patients(
    subscriptions: Subscriptions, ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals
) -> None:
    @subscriptions.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        await ledger.know(_payer(event), cause=cause)

    @subscriptions.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        await ledger.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await corrections.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)
        await withdrawals.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)


def _on_withdrawals(
    subscriptions: Subscriptions, ledger: Ledger, withdrawals: Withdrawals, *, cost_centre: str
) -> None:
    @subscriptions.on(WithdrawalSent)
    async def on_withdrawal_sent(event: WithdrawalSent, cause: Cause) -> None:
        entries = [_entry(event, fee, cost_centre) for fee in event.fees]
        # Side by side, so that both share a transaction; each happens once by its own cause.
        await asyncio.gather(
            ledger.charge(Account(event.withdrawal_no, event.patient_ref), entries, cause=cause),
            withdrawals.note_sent(_withdrawal(event), cause=cause.part("row")),
        )

    @subscriptions.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        reversals = tuple(Reversal(fee_no, event.annulled_on) for fee_no in dict.fromkeys(event.fee_nos))
        account = Account(event.withdrawal_no, event.patient_ref, reversals=reversals)
        await ledger.reverse(account, cause=cause)
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, event.annulled_on)
        await withdrawals.note_annulled(opened, event.fee_nos, cause=cause.part("row"))

    @subscriptions.on(WithdrawalRepriced)
    async def on_withdrawal_repriced(event: WithdrawalRepriced, cause: Cause) -> None:
        dues = tuple(Due(each.fee_no, Money(each.amount), Money(each.priced)) for each in event.fees)
        repriced = Repriced(event.revision, event.repriced_on, dues)
        await ledger.reprice(Account(event.withdrawal_no, event.patient_ref, repriced=repriced), cause=cause)
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, event.repriced_on)
        rule = partial(
            note_repriced, opened=opened, revision=event.revision, fees=event.fees, lines=event.lines
        )
        await withdrawals.note(event.withdrawal_no, rule, cause=cause.part("row"))


def _on_orders(subscriptions: Subscriptions, withdrawals: Withdrawals, clock: Clock) -> None:
    @subscriptions.on(OrderSent)
    async def on_order_sent(event: OrderSent, cause: Cause) -> None:
        if event.withdrawal_no is None:
            return  # billing adds up what withdrawals say; an order of devices has none
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, event.sent_on)
        change = partial(was_sent, rest_on=event.sent_on if event.is_rest else None)
        await withdrawals.note_order(opened, event.order_no, change, cause=cause)

    @subscriptions.on(OrderDelivered)
    async def on_order_delivered(event: OrderDelivered, cause: Cause) -> None:
        await _over(event, "delivered", cause)

    @subscriptions.on(OrderUndeliverable)
    async def on_order_undeliverable(event: OrderUndeliverable, cause: Cause) -> None:
        await _over(event, "undeliverable", cause)

    @subscriptions.on(OrderAnnulled)
    async def on_order_annulled(event: OrderAnnulled, cause: Cause) -> None:
        await _over(event, "annulled", cause)

    async def _over(
        event: OrderDelivered | OrderUndeliverable | OrderAnnulled, outcome: Outcome, cause: Cause
    ) -> None:
        if event.withdrawal_no is None:
            return  # as when it was sent
        opened = Withdrawal(event.withdrawal_no, event.patient_ref, clock.today())
        change = partial(came_to, outcome=outcome)
        await withdrawals.note_order(opened, event.order_no, change, cause=cause)


def _on_devices(subscriptions: Subscriptions, loans: Loans, *, cost_centre: str) -> None:
    @subscriptions.on(DeviceHandedOut)
    async def on_device_handed_out(event: DeviceHandedOut, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        entry = _device_entry(event, event.fee, cost_centre) if event.fee else None
        handed_out = HandedOut(event.device_no, event.handed_out_on, entry)
        rule = partial(note_handed_out, opened=opened, handed_out=handed_out)
        await loans.note(event.loan_id, rule, cause=cause)

    @subscriptions.on(DeviceExchanged)
    async def on_device_exchanged(event: DeviceExchanged, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        exchange = Exchange(event.device_no, event.in_place_of, event.exchanged_on)
        await loans.note(event.loan_id, partial(note_exchange, opened=opened, exchange=exchange), cause=cause)

    @subscriptions.on(DeviceReturned)
    async def on_device_returned(event: DeviceReturned, cause: Cause) -> None:
        opened = Loan(event.loan_id, event.patient_ref)
        returned = Return(event.device_no, event.returned_on)
        await loans.note(event.loan_id, partial(note_return, opened=opened, returned=returned), cause=cause)


def _on_collection_orders(subscriptions: Subscriptions, loans: Loans) -> None:
    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        # Of a place that only a newer version knows, the fetching counts, as of the patient's home.
        place: Place = known_or(event.place, "home")
        heard = partial(CollectionOrder, event.collection_no, place=place, registered_on=event.registered_on)
        await _note(event.devices, event.patient_ref, heard, cause)

    @subscriptions.on(CollectionOrderClosed)
    async def on_collection_order_closed(event: CollectionOrderClosed, cause: Cause) -> None:
        closed = partial(CollectionOrder, event.collection_no, closed_on=event.closed_on)
        await _note(event.devices, event.patient_ref, partial(closed, how="fetched"), cause)
        # What was not there is not collected: its loan and its fee continue, as after an annulment (Q48).
        await _note(event.not_collected, event.patient_ref, partial(closed, how="annulled"), cause)

    @subscriptions.on(CollectionOrderAnnulled)
    async def on_collection_order_annulled(event: CollectionOrderAnnulled, cause: Cause) -> None:
        heard = partial(CollectionOrder, event.collection_no, how="annulled", closed_on=event.annulled_on)
        await _note(event.devices, event.patient_ref, heard, cause)

    async def _note(
        devices: Iterable[DeviceOnLoan], patient_ref: str, heard: Callable[..., CollectionOrder], cause: Cause
    ) -> None:
        for each in devices:
            opened = Loan(each.loan_id, patient_ref)
            rule = partial(note_collection, opened=opened, heard=heard(device_no=each.device_no))
            await loans.note(each.loan_id, rule, cause=cause.part(each.device_no))


def _on_invoicing(subscriptions: Subscriptions, ledger: Ledger) -> None:
    @subscriptions.on_partner("invoicing.acks", FeeAcknowledged)
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


def _payer(event: PatientChanged) -> Payer:
    return Payer(
        patient_ref=event.patient_ref,
        version=event.version,
        identity=Identity(OID_OF[event.number_type], event.number) if event.number else None,
        protected=event.protected,
        born=event.born,
        guardians=tuple(
            Guardian(each.guardian_ref, each.valid_from, each.valid_through) for each in event.guardians
        ),
    )


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
        source_no=event.withdrawal_no,
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


def _device_entry(event: DeviceHandedOut, fee: DeviceFee, cost_centre: str) -> Entry:
    return Entry(
        event_id=event_id_of(event.order_no, fee.fee_no, kind="charge"),
        kind="charge",
        reverses=None,
        source_no=event.order_no,
        fee_no=fee.fee_no,
        patient_ref=event.patient_ref,
        fee_code=fee.fee_code,
        text=fee.text,
        amount=Money(fee.amount),
        reason="product",
        tariff=fee.tariff,
        occurred_at=event.handed_out_at,
        due_on=falls_due_on(event.handed_out_on, deferred_days=fee.deferred_days),
        cost_centre=cost_centre,
        product_area=event.product_area,
        care_unit=event.care_unit,
        order_nos=(event.order_no,),
        article_nos=(event.article_no,),
        loan_id=event.loan_id,
    )
