"""Handlers for the facts that billing consumes, by what they are about."""

from services.billing.application.compensations import Compensations
from services.billing.application.corrections import Corrections
from services.billing.application.device_fees import DeviceFees
from services.billing.application.ledger import Ledger
from services.billing.application.withdrawals import Withdrawals
from services.billing.handlers.articles import on_articles
from services.billing.handlers.device_orders import on_device_orders
from services.billing.handlers.devices import on_collection_orders, on_devices, on_hand_outs, on_losses
from services.billing.handlers.invoicing import on_invoicing
from services.billing.handlers.patients import on_patients
from services.billing.handlers.withdrawals import on_orders, on_withdrawals
from shared.clock import Clock
from shared.messaging.consuming import Subscriptions
from shared.repository import Repository


def handlers(
    ledger: Ledger,
    corrections: Corrections,
    withdrawals: Withdrawals,
    device_fees: DeviceFees,
    clock: Clock,
    *,
    compensations: Compensations,
    repository: Repository,
    cost_centre: str,
) -> Subscriptions:
    subscriptions = Subscriptions("billing")
    on_patients(subscriptions, ledger, corrections, withdrawals)
    on_withdrawals(subscriptions, ledger, withdrawals, cost_centre=cost_centre)
    on_orders(subscriptions, withdrawals, clock)
    on_articles(subscriptions, repository)
    on_hand_outs(subscriptions, device_fees, cost_centre=cost_centre)
    on_devices(subscriptions, device_fees)
    on_collection_orders(subscriptions, device_fees)
    on_losses(subscriptions, compensations)
    on_device_orders(subscriptions, device_fees, cost_centre=cost_centre)
    on_invoicing(subscriptions, ledger)
    return subscriptions
