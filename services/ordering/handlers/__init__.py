"""Handlers for the facts that ordering consumes, by what they are about."""

from services.ordering.handlers.catalogue import on_catalogue
from services.ordering.handlers.collecting import on_collections
from services.ordering.handlers.device_orders import on_device_orders
from services.ordering.handlers.devices import on_devices
from services.ordering.handlers.swaps import on_swaps
from services.ordering.handlers.withdrawals import on_distributors, on_prescription
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.withdrawals import Ordering
from shared.clock import Clock
from shared.messaging.consuming import Subscriptions
from shared.sealed import Seals


def handlers(ordering: Ordering, devices: DeviceOrdering, clock: Clock, seals: Seals) -> Subscriptions:
    subscriptions = Subscriptions("ordering")
    on_prescription(subscriptions, ordering, devices, clock, seals)
    on_catalogue(subscriptions, ordering, clock)
    on_distributors(subscriptions, ordering, clock, seals)
    on_devices(subscriptions, devices.repository)
    on_device_orders(subscriptions, devices, clock)
    on_collections(subscriptions, devices.repository)
    on_swaps(subscriptions, devices.repository)
    return subscriptions
