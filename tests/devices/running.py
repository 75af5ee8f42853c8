"""Five services in memory that know the demo's places, devices, prescribers and tariff."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.application.importing_places import import_places_into
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.places_file import read_places
from services.prescription.application.importing_prescribers import import_prescribers_into
from services.prescription.domain.rules.prescribers_file import read_prescribers
from shared.events.billing import TariffPublished
from shared.service.file_import import import_entry
from tests.ordering.examples import TARIFF as TARIFF_BEFORE
from tests.watch.canaries import canaries
from tests.watch.five_in_memory import RunningBus, build
from tests.watch.main_job import register, well
from tools.demo.load import DEVICES, PLACES, TARIFF

NURSE = "SE2321000131-P000000000011"
PRESCRIBERS = f"""\
prescriber;name;profession;care_unit;product_areas;valid_from
{NURSE};Disa Demo;nurse;DEMO-101;cpap;2026-01-01
"""
AREAS = ["cpap", "respiration", "inhalation"]
Body = dict[str, Any]


@dataclass
class Clinic:
    """The sleep clinic of the demo, with its storeroom, the warehouse and a patient."""

    bus: RunningBus
    patient_ref: str

    async def ask(
        self, who: str, service: str, path: str, body: Body | None = None, method: str = "POST"
    ) -> httpx.Response:
        """Ask as one of the clinic's or the warehouse's people."""
        self.bus.clock.move(seconds=1)
        its = self.bus.services[service]
        claims = PEOPLE[who]
        headers = its.token(**claims) if method == "GET" else its.once(**claims)
        return await its.client.request(method, path, json=body, headers=headers)

    async def done(
        self, who: str, service: str, path: str, body: Body | None = None, method: str = "POST"
    ) -> Any:
        body = body if body is not None or method == "GET" else {}
        asking = asyncio.create_task(self.ask(who, service, path, body, method))
        while not asking.done():  # a hand-out waits for what inventory says of it
            await self.bus.settle()
            await asyncio.sleep(0.001)
        found = await well(await asking)
        await self.bus.settle()
        return found

    async def got(self, who: str, service: str, path: str) -> Any:
        return await self.done(who, service, path, method="GET")

    async def receive(self, storeroom_no: str, article_no: str, **goods: Any) -> None:
        """Receive goods, as whoever keeps the place."""
        who = "keeper" if storeroom_no == "DEMO-W1" else "nurse"
        await self.done(
            who,
            "inventory",
            "/goods/receive",
            {"storeroom_no": storeroom_no, "article_no": article_no, **goods},
        )


PEOPLE: dict[str, dict[str, Any]] = {
    "nurse": {
        "role": "prescriber",
        "sub": NURSE,
        "name": "Disa Demo",
        "profession": "nurse",
        "product_areas": AREAS,
    },
    "secretary": {"role": "order_placer", "sub": "secretary-1", "name": "Sara Demo", "product_areas": AREAS},
    "colleague": {"role": "order_placer", "sub": "secretary-2", "name": "Kim Demo", "product_areas": AREAS},
    "keeper": {"role": "store_keeper", "care_units": ["DEMO-W1"], "product_areas": AREAS},
    "economist": {"role": "economist", "product_areas": AREAS},
    "clerk": {"role": "customer_service", "product_areas": [*AREAS, "foods"]},
}


async def clinic(folder: Path) -> Clinic:
    bus = await build(folder)
    await equip(bus, PRESCRIBERS.encode())
    return Clinic(bus, await register(bus, canaries()[0]))


async def equip(bus: RunningBus, people: bytes) -> None:
    """Import the demo's places and devices, these prescribers, and a tariff with fees of devices."""
    inventory, prescription = bus.services["inventory"].repository, bus.services["prescription"].repository
    places = PLACES.read_bytes()
    entry = import_entry(places, action="inventory.import_places")
    assert await import_places_into(inventory, read_places(places), dry_run=False, entry=entry) == 0
    catalogue, devices = Catalogue(inventory, bus.clock), DEVICES.read_bytes()
    await import_into(
        catalogue, read_catalogue(devices), dry_run=False, skip_bad=False, entry=entry_of(devices)
    )
    entry = import_entry(people, action="prescription.import_prescribers")
    assert (
        await import_prescribers_into(prescription, read_prescribers(people), dry_run=False, entry=entry) == 0
    )
    tariff = json.loads(TARIFF.read_text())
    with_devices = TariffPublished.model_validate(
        TARIFF_BEFORE.model_dump() | {"version": 99, "device_fees": tariff["device_fees"]}
    )
    await bus.services["ordering"].hear(with_devices)
    await bus.settle()
