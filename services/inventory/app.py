"""Puts the inventory service together."""

from fastapi import FastAPI

from services.inventory.api import (
    articles,
    collecting,
    corrections,
    device_articles,
    devices,
    goods,
    holders,
    losses,
    not_fetched,
    parcels,
    picking,
    places,
    planned,
    register,
    renumbering,
    returns,
    scans,
    stock,
    stocktakes,
    supplies,
)
from services.inventory.api.maintenance import faults, jobs, plans
from services.inventory.api.purchasing import purchases
from services.inventory.api.recalls import correcting, pieces, recalling
from services.inventory.api.replenishing import levels, orders, receipts, templates
from services.inventory.api.reports import overdue, stock_reports, to_do
from services.inventory.api.swaps import routes as swap_routes
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.collecting import Collecting
from services.inventory.application.device_search import DeviceSearch
from services.inventory.application.importing import import_articles
from services.inventory.application.importing_places import import_places
from services.inventory.application.maintenance import Maintenance
from services.inventory.application.places import PlacesOfPeople
from services.inventory.application.purchasing import Purchasing, PurchasingSettings
from services.inventory.application.recalls import Recalls
from services.inventory.application.register import Register
from services.inventory.application.replenishing import Replenishing
from services.inventory.application.replenishment_orders import ReplenishmentOrders
from services.inventory.application.reports import Reports
from services.inventory.application.stock import StockList
from services.inventory.application.swaps import Swaps
from services.inventory.application.warehouse import Warehouse
from services.inventory.gateways.classes import PACKAGED, read_classes
from services.inventory.handlers import handlers
from services.inventory.policy import RULES
from services.inventory.repository.collections import BALANCES, COLLECTIONS, DEVICES
from shared.http import Router
from shared.http.access_log import access_log
from shared.repository import Deriving
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.operations import operations
from shared.service.process import serve

__all__ = ["assemble", "create_app", "import_articles", "import_places"]

REFRESH_SECONDS = 300
"""What following missed, over a broken connection, is found so soon."""

FINISH_SECONDS = 5
"""An import that is in force and was killed is finished so soon after it was found to be abandoned."""

GIVE_SECONDS = 30
"""What a process that was killed had received and not given to the orders that wait, is given so soon."""

PRICES_SECONDS = 60
"""A price holds so soon after the midnight on which it begins."""

DERIVE_SECONDS = 10
"""So often the next page of devices is looked at: the version before stores what the search does not find."""

REPLENISH_SECONDS = 10
"""What fell below its minimum is ordered so soon; what falls meanwhile goes with the same order."""

BOOK_SECONDS = 300
"""What comes on its planned day is booked so soon after midnight."""


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    catalogue = Catalogue(dependencies.repository, dependencies.clock)
    warehouse = Warehouse(dependencies.repository, dependencies.clock, dependencies.settings.working_days)
    settings = dependencies.settings
    purchasing = Purchasing(warehouse, PurchasingSettings(settings.supplier_called, settings.buyer_gln))
    replenishing = Replenishing(warehouse, purchasing)
    of_devices = Register(warehouse)
    maintenance, recalls = Maintenance(of_devices), Recalls(of_devices)
    subscriptions = handlers(warehouse, recalls, purchasing)
    return ServiceDefinition(
        name="inventory",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            *_of_goods(warehouse, catalogue),
            *_of_devices(of_devices),
            *_of_upkeep(maintenance, recalls),
            to_do.routes(replenishing, maintenance),
            *_of_replenishing(replenishing),
            access_log("inventory", dependencies.repository),
            operations("inventory", dependencies, subscriptions),
        ],
        subscriptions=subscriptions,
        jobs=[*_jobs(catalogue, warehouse, replenishing), *_upkeep_jobs(maintenance, recalls)],
        before_start=[catalogue.refresh_search],
    )


def _jobs(catalogue: Catalogue, warehouse: Warehouse, replenishing: Replenishing) -> list[Job]:
    """Give what is done again and again."""
    devices_again, balances_again = (
        Deriving(warehouse.repository, DEVICES),
        Deriving(warehouse.repository, BALANCES),
    )
    return [
        Job("refresh search", every_seconds=REFRESH_SECONDS, run=catalogue.refresh_search),
        Job("give to waiting orders", every_seconds=GIVE_SECONDS, run=warehouse.give_everywhere),
        Job("make devices findable", every_seconds=DERIVE_SECONDS, run=devices_again.run),
        Job("make balances findable", every_seconds=DERIVE_SECONDS, run=balances_again.run),
        Job("replenish storerooms", every_seconds=REPLENISH_SECONDS, run=replenishing.replenish_everywhere),
        Job("book what has arrived", every_seconds=BOOK_SECONDS, run=replenishing.book_arrived),
        Job("publish replenishments", every_seconds=BOOK_SECONDS, run=replenishing.publish_unsearched),
        Job("stop what waits in vain", every_seconds=BOOK_SECONDS, run=replenishing.stop_what_waits),
        Job("watch purchases", every_seconds=BOOK_SECONDS, run=replenishing.purchasing.watch_all),
        Job("look at joint deliveries", every_seconds=BOOK_SECONDS, run=replenishing.look_at_joint),
        Job("begin prices", every_seconds=PRICES_SECONDS, run=catalogue.begin_prices),
        Job("finish imports", every_seconds=FINISH_SECONDS, run=catalogue.imports.finish_abandoned),
    ]


def _of_goods(warehouse: Warehouse, catalogue: Catalogue) -> list[Router]:
    """Give the routes about articles, storerooms and what lies in them and is sent from them."""
    of_people = PlacesOfPeople(warehouse.repository)
    search = DeviceSearch(catalogue, of_people, warehouse.repository)
    return [
        articles.routes(catalogue),
        device_articles.routes(catalogue, search, read_classes(PACKAGED)),
        places.routes(of_people),
        stock.routes(StockList(warehouse, catalogue, of_people)),
        stock_reports.routes(Reports(warehouse, of_people)),
        goods.routes(warehouse),
        corrections.routes(warehouse),
        stocktakes.routes(warehouse),
        supplies.routes(warehouse),
        planned.routes(warehouse),
        picking.routes(warehouse),
        parcels.routes(warehouse),
        not_fetched.routes(warehouse),
        returns.routes(warehouse),
        losses.routes(warehouse),
        collecting.routes(Collecting(warehouse)),
    ]


def _of_devices(register_of_devices: Register) -> list[Router]:
    """Give the routes about tracked devices, and about who has what."""
    return [
        register.routes(register_of_devices),
        devices.routes(register_of_devices),
        holders.routes(register_of_devices),
        scans.routes(register_of_devices),
        renumbering.routes(register_of_devices),
    ]


def _of_replenishing(replenishing: Replenishing) -> list[Router]:
    """Give the routes that keep storerooms full."""
    ordered = ReplenishmentOrders(replenishing)
    return [
        levels.routes(replenishing),
        orders.routes(ordered),
        receipts.routes(replenishing),
        templates.routes(ordered),
        purchases.routes(replenishing.purchasing),
    ]


def _of_upkeep(maintenance: Maintenance, recalls: Recalls) -> list[Router]:
    """Give the routes about devices that are maintained, and goods that are recalled."""
    return [
        plans.routes(maintenance),
        jobs.routes(maintenance),
        faults.routes(maintenance),
        overdue.routes(maintenance),
        swap_routes(Swaps(maintenance)),
        recalling.routes(recalls),
        pieces.routes(recalls),
        correcting.routes(recalls),
    ]


def _upkeep_jobs(maintenance: Maintenance, recalls: Recalls) -> list[Job]:
    return [
        Job("count due days", every_seconds=GIVE_SECONDS, run=maintenance.count_due_days),
        Job("follow recalls", every_seconds=GIVE_SECONDS, run=recalls.follow_all),
    ]


def create_app() -> FastAPI:
    return serve("inventory", assemble)
