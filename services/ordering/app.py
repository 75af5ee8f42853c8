"""Puts the ordering service together."""

from functools import partial

from fastapi import FastAPI

from services.ordering.api import (
    allowances,
    finding,
    order_search,
    orders,
    pickup_points,
    shortages,
    withdrawals,
)
from services.ordering.api.collecting import routes as collecting_routes
from services.ordering.api.devices import routes as device_routes
from services.ordering.application.attachments import Attachments
from services.ordering.application.collecting import Collecting
from services.ordering.application.desk import Desk
from services.ordering.application.devices import DeviceDesk
from services.ordering.application.order_search import OrderFinder
from services.ordering.gateways.collection_places import read_places
from services.ordering.gateways.inventory import PlannedDeliveries
from services.ordering.gateways.virus_scanner import scanner_at
from services.ordering.handlers import handlers
from services.ordering.jobs.devices import remind_of_devices
from services.ordering.jobs.waiting import on_set_aside, remind_of_drafts, watch_orders
from services.ordering.policy import RULES
from services.ordering.repository.collections import COLLECTIONS, DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.figures import figures
from services.ordering.repository.withdrawals import Ordering
from shared.http import Router
from shared.http.access_log import access_log
from shared.http.language import call_customer_service_on
from shared.messaging.consuming import Subscriptions
from shared.repository import Deriving
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.operations import operations
from shared.service.process import serve

LOOK_EVERY_SECONDS = 60
LOOK_EVERY_SECONDS_EMBEDDED = 2
"""There the clock is set to any day, and who set it need not wait."""
DERIVE_SECONDS = 10
"""So often the next page of orders is looked at: the version before stores what searches do not find."""


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    clock, seals, settings = dependencies.clock, dependencies.seals, dependencies.settings
    ordering = Ordering(dependencies.repository, settings.distributors)
    devices = DeviceOrdering(dependencies.repository)
    subscriptions = handlers(ordering, devices, clock, seals)
    call_customer_service_on(settings.customer_service_phone)
    desk = Desk(ordering, clock, seals, buyer_gln=settings.buyer_gln)
    device_desk = DeviceDesk(ordering, devices, clock, seals, PlannedDeliveries(dependencies.ask))
    collecting = Collecting(device_desk, read_places())
    files = Attachments(ordering, scanner_at(settings.virus_scanner), clock, seals)
    return ServiceDefinition(
        name="ordering",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            # Fixed paths before those with a number in them.
            *(each.routes(desk) for each in (finding, withdrawals, allowances, shortages)),
            finding.override_routes(desk),
            order_search.routes(OrderFinder(desk, device_desk)),
            pickup_points.routes(ordering),
            *_about_orders(ordering, dependencies),
            *collecting_routes(collecting),
            *device_routes(device_desk, desk, files, collecting),
            *_about_itself(dependencies, subscriptions),
        ],
        subscriptions=subscriptions,
        jobs=_jobs(ordering, devices, files, dependencies),
        when_set_aside=partial(on_set_aside, ordering, clock),
        figures=figures(ordering, clock),
    )


def _about_orders(ordering: Ordering, dependencies: Dependencies) -> list[Router]:
    clock, seals = dependencies.clock, dependencies.seals
    silent_hours = dependencies.settings.order_silent_hours
    return [
        orders.routes(ordering, seals, clock, silent_hours=silent_hours),
        orders.reply_routes(ordering, seals),
    ]


def _about_itself(dependencies: Dependencies, subscriptions: Subscriptions) -> list[Router]:
    return [
        access_log("ordering", dependencies.repository),
        operations("ordering", dependencies, subscriptions),
    ]


def _jobs(
    ordering: Ordering, devices: DeviceOrdering, files: Attachments, dependencies: Dependencies
) -> list[Job]:
    clock, settings = dependencies.clock, dependencies.settings
    remind = partial(remind_of_drafts, ordering, clock, after_hours=settings.draft_waits_hours)
    watch = partial(watch_orders, ordering, clock, after_hours=settings.order_silent_hours)
    orders_again = Deriving(dependencies.repository, DEVICE_ORDERS)
    every = LOOK_EVERY_SECONDS_EMBEDDED if settings.mode == "embedded" else LOOK_EVERY_SECONDS
    return [
        Job("remind", every_seconds=every, run=remind),
        Job("watch", every_seconds=every, run=watch),
        Job("remind of devices", every_seconds=every, run=partial(remind_of_devices, devices, clock)),
        Job("remove orphaned attachments", every_seconds=every, run=files.remove_orphans),
        Job("make orders findable", every_seconds=DERIVE_SECONDS, run=orders_again.run),
    ]


def create_app() -> FastAPI:
    return serve("ordering", assemble)
