"""What people can ask of billing: tariffs, fees, the day's files."""

from services.billing.api.batches import batch_routes
from services.billing.api.fees import fee_routes
from services.billing.api.tariffs import tariff_routes

__all__ = ["batch_routes", "fee_routes", "tariff_routes"]
