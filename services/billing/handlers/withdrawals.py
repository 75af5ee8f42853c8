"""Handlers for the facts about withdrawals and their orders."""

import asyncio
from functools import partial

from services.billing.application.ledger import Ledger
from services.billing.application.withdrawals import Withdrawals
from services.billing.domain.fees.account import Account, Due, Repriced, Reversal
from services.billing.domain.fees.ledger import Entry, event_id_of
from services.billing.domain.fees.withdrawal import Outcome, Withdrawal, came_to, note_repriced, was_sent
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.tariff import Priced
from shared.events.fees import FeePriced
from shared.events.ordering import (
    OrderAnnulled,
    OrderDelivered,
    OrderSent,
    OrderUndeliverable,
    WithdrawalAnnulled,
    WithdrawalRepriced,
    WithdrawalSent,
)
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_withdrawals(
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


def on_orders(subscriptions: Subscriptions, withdrawals: Withdrawals, clock: Clock) -> None:
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
