"""Routes about devices: baskets, orders, hand-outs, corrected fees and prints."""

from services.ordering.api.devices import baskets, fee_corrections, hand_outs, orders, prints
from services.ordering.application.devices import DeviceDesk
from shared.http import Router


def routes(desk: DeviceDesk) -> list[Router]:
    return [each.routes(desk) for each in (hand_outs, baskets, orders, fee_corrections, prints)]
