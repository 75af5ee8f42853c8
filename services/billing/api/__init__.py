"""The HTTP routes of billing: tariffs, fees, corrections, compensations, waivers, files, reconciliations."""

from services.billing.api.batches import batch_routes
from services.billing.api.compensations import compensation_routes
from services.billing.api.corrections import correction_routes
from services.billing.api.fees import fee_routes
from services.billing.api.reconciliations import reconciliation_routes
from services.billing.api.tariffs import tariff_routes
from services.billing.api.waivers import waiver_routes

__all__ = [
    "batch_routes",
    "compensation_routes",
    "correction_routes",
    "fee_routes",
    "reconciliation_routes",
    "tariff_routes",
    "waiver_routes",
]
