"""Routes about devices: baskets, orders, hand-outs, corrected fees, attached files and prints."""

from services.ordering.api import reports, to_do
from services.ordering.api.devices import (
    aids,
    assortment_requests,
    attachments,
    baskets,
    fee_corrections,
    hand_outs,
    hand_overs,
    orders,
    pick_lists,
    prints,
    swaps,
)
from services.ordering.application.aids import Aids
from services.ordering.application.assortment_requests import AssortmentRequests
from services.ordering.application.attachments import Attachments
from services.ordering.application.collecting import Collecting
from services.ordering.application.desk import Desk
from services.ordering.application.devices import DeviceDesk
from services.ordering.application.reports import OrderReports
from services.ordering.application.to_do import ToDo
from shared.http import Router

OF_ORDERS = (baskets, orders, fee_corrections, prints, pick_lists, swaps)


def routes(desk: DeviceDesk, foods: Desk, files: Attachments, collecting: Collecting) -> list[Router]:
    return [
        hand_outs.routes(desk, collecting),
        hand_overs.routes(desk, collecting),
        *(each.routes(desk) for each in OF_ORDERS),
        attachments.routes(files),
        aids.routes(Aids(foods, desk)),
        reports.routes(OrderReports(desk)),
        to_do.routes(ToDo(desk)),
        assortment_requests.routes(AssortmentRequests(desk)),
    ]
