"""Puts the inventory service together."""

from fastapi import FastAPI

from services.inventory.api import (
    articles,
    corrections,
    devices,
    goods,
    not_fetched,
    parcels,
    picking,
    places,
    planned,
    renumbering,
    returns,
    supplies,
)
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import import_articles
from services.inventory.application.importing_places import import_places
from services.inventory.application.places import PlacesOfPeople
from services.inventory.application.warehouse import Warehouse
from services.inventory.handlers import handlers
from services.inventory.policy import RULES
from services.inventory.repository.collections import COLLECTIONS
from shared.http.access_log import access_log
from shared.service.definition import Dependencies, Job, ServiceDefinition
from shared.service.process import serve

__all__ = ["assemble", "create_app", "import_articles", "import_places"]

REFRESH_SECONDS = 300
"""What following missed, over a broken connection, is found so soon."""

FINISH_SECONDS = 5
"""An import that is in force and was killed is finished so soon after it was found to be abandoned."""

GIVE_SECONDS = 30
"""What a process that was killed had received and not given to the orders that wait, is given so soon."""


def assemble(dependencies: Dependencies) -> ServiceDefinition:
    catalogue = Catalogue(dependencies.repository, dependencies.clock)
    warehouse = Warehouse(dependencies.repository, dependencies.clock)
    return ServiceDefinition(
        name="inventory",
        collections=COLLECTIONS,
        policy=RULES,
        note_refused=dependencies.repository.note_refused,
        routers=[
            articles.routes(catalogue),
            places.routes(PlacesOfPeople(dependencies.repository)),
            goods.routes(warehouse),
            corrections.routes(warehouse),
            supplies.routes(warehouse),
            planned.routes(warehouse),
            devices.routes(warehouse),
            picking.routes(warehouse),
            parcels.routes(warehouse),
            not_fetched.routes(warehouse),
            renumbering.routes(warehouse),
            returns.routes(warehouse),
            access_log("inventory", dependencies.repository),
        ],
        subscriptions=handlers(warehouse),
        jobs=[
            Job("refresh search", every_seconds=REFRESH_SECONDS, run=catalogue.refresh_search),
            Job("give to waiting orders", every_seconds=GIVE_SECONDS, run=warehouse.give_everywhere),
            Job("finish imports", every_seconds=FINISH_SECONDS, run=catalogue.imports.finish_abandoned),
        ],
        before_start=[catalogue.refresh_search],
    )


def create_app() -> FastAPI:
    return serve("inventory", assemble)
