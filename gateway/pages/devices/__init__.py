"""Pages about devices: a patient's, orders, hand-outs, what comes back, stores, upkeep, the catalogue."""

from gateway.pages.devices import (
    all_orders,
    arriving,
    basket,
    catalogue,
    collecting,
    handing_out,
    labels,
    orders,
    patient,
    recalls,
    receiving,
    replenishing,
    returning,
    scanning,
    stock,
    stocktaking,
    templates,
    upkeep,
    warehouse,
)
from gateway.visit import Pages

ROOMS = (
    patient,
    basket,
    all_orders,
    orders,
    handing_out,
    returning,
    arriving,
    collecting,
    scanning,
    labels,
    stock,
    receiving,
    replenishing,
    templates,
    stocktaking,
    warehouse,
    upkeep,
    recalls,
    catalogue,
)


def register(pages: Pages) -> None:
    for each in ROOMS:
        each.register(pages)
