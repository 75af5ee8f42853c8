"""What every run begins with: two patients, two prescriptions each, and what everybody has heard of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services import SERVICES
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.application.importing_places import import_places_into
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.places_file import read_places
from services.prescription.application.importing_prescribers import import_prescribers_into
from services.prescription.domain.rules.prescribers_file import read_prescribers
from shared.service.file_import import import_entry
from tests.simulation.disk import Disk
from tests.simulation.loop import LOOP
from tests.simulation.process import spawn
from tests.simulation.programs import CLOCK
from tests.simulation.resting import calm
from tests.simulation.world import World
from tests.watch.canaries import Canary, canaries
from tools.demo.load import CATALOGUE, DEVICES, PLACES

TARIFF = CATALOGUE.with_name("tariff.json")
DRINK, FLAVOUR, OTHER_FLAVOUR, BREAD = "900001", "900002", "900003", "900024"
ARTICLES = (DRINK, FLAVOUR, OTHER_FLAVOUR, BREAD)
CPAP, HOSE, FILTER, MASK, BATTERY = "910001", "910100", "910101", "910301", "910202"
DEVICE_ARTICLES = (CPAP, HOSE, FILTER, MASK, BATTERY, "910102", "910103")
"""A CPAP with its components, of which hose and filter are standard; a counted mask; a tracked battery."""
PRESCRIBER = "SE2321000131-P000000000011"
PRESCRIBERS = f"""\
prescriber;name;profession;care_unit;product_areas;valid_from
{PRESCRIBER};Disa Demo;nurse;DEMO-101;cpap;2026-01-01
"""
WITHDRAWALS = 2
"""Of each line: so few that they are used up."""
MARKS = ("inbox", "outbox", "audit")


@dataclass(frozen=True)
class Patient:
    """A patient, and the prescribed lines by what is prescribed."""

    ref: str
    phone: str
    drink: str
    drink_again: str
    """The same article in another prescription (Q11)."""


@dataclass(frozen=True)
class Seeded:
    """The five databases before anything happens."""

    disks: dict[str, Disk]
    patients: tuple[Patient, ...]
    catalogue: bytes

    def world(self) -> World:
        disks = {name: Disk(disk.documents, disk) for name, disk in self.disks.items()}
        world = World(disks)
        world.phones = {each.phone: each.ref for each in self.patients}
        return world


def catalogue(*, discontinued: str | None = None) -> bytes:
    """The few foods of the demo's catalogue that are used here."""
    head, *kept = _rows(CATALOGUE, ARTICLES)
    place = head.split(";").index("status")
    for number, line in enumerate(kept):
        cells = line.split(";")
        if cells[0] == discontinued:
            cells[place] = "discontinued"
        kept[number] = ";".join(cells)
    return "\n".join([head, *kept, ""]).encode()


def _rows(path: Path, articles: Sequence[str]) -> list[str]:
    """Give the head of a catalogue, and the rows of some articles."""
    head, *lines = path.read_bytes().decode("utf-8-sig").splitlines()
    return [head, *(line for line in lines if line.split(";")[0] in articles)]


def import_catalogue(world: World, content: bytes) -> None:
    """Import as the command does, in a process of inventory."""
    running = world.free("inventory")[0]
    catalogue = Catalogue(running.program.repository, CLOCK)
    work = import_into(
        catalogue, read_catalogue(content), dry_run=False, skip_bad=False, entry=entry_of(content)
    )
    spawn(running.process, work, "import")
    world.settle()


def _import_devices(world: World) -> None:
    """Import the demo's places, a prescriber and the few devices that are used here."""
    inventory, prescription = (world.free(each)[0] for each in ("inventory", "prescription"))
    places, people = PLACES.read_bytes(), PRESCRIBERS.encode()
    entry = import_entry(places, action="inventory.import_places")
    work = import_places_into(inventory.program.repository, read_places(places), dry_run=False, entry=entry)
    spawn(inventory.process, work, "import places")
    entry = import_entry(people, action="prescription.import_prescribers")
    listed = import_prescribers_into(
        prescription.program.repository, read_prescribers(people), dry_run=False, entry=entry
    )
    spawn(prescription.process, listed, "import prescribers")
    world.settle()
    import_catalogue(world, "\n".join([*_rows(DEVICES, DEVICE_ARTICLES), ""]).encode())


@cache
def seeded() -> Seeded:
    world = World({service: Disk({}) for service in SERVICES})
    for running in world.running:
        spawn(running.process, running.connection.prepare(running.program.assembled.collections), "prepare")
    LOOP.run_until_idle()
    calm(world)  # what the first start publishes, such as the rules of devices, found no queues
    import_catalogue(world, catalogue())
    _import_devices(world)
    _publish_tariff(world)
    world.deliver_all()
    patients = tuple(_patient(world, each) for each in canaries()[:2])
    world.deliver_all()
    return Seeded(ended(world), patients, catalogue())


def ended(world: World) -> dict[str, Disk]:
    """End a world, and give what its services have stored: others begin with it."""
    disks = {}
    for service in SERVICES:
        documents = {name: rows for name, rows in world.disks[service].documents.items() if name not in MARKS}
        disks[service] = Disk(documents, world.disks[service])
    assert not world.troubles, world.troubles
    world.end()
    return disks


def _publish_tariff(world: World) -> None:
    tariff = json.loads(TARIFF.read_text())
    drafted = world.answer("billing", "economist", "POST", "/tariffs/drafts", tariff, key="draft-the-tariff")
    path = f"/tariffs/drafts/{drafted['draft_id']}/publish"
    world.answer("billing", "economist", "POST", path, {}, key="publish-the-tariff", sub="economist-2")


def _patient(world: World, canary: Canary) -> Patient:
    form = dict(canary.form)
    answer = world.answer("prescription", "customer_service", "POST", "/patients", form, key=canary.number)
    ref = str(answer["patient_ref"])
    lines = [_line(world, ref, number) for number in (1, 2)]
    return Patient(ref, canary.phone, lines[0], lines[1])


def _line(world: World, patient_ref: str, number: int) -> str:
    line: dict[str, Any] = {"article_no": DRINK, "packages": 2, "days": 30, "withdrawals": WITHDRAWALS}
    form = {
        "patient_ref": patient_ref, "prescription_type": "energy_nutrition", "care_unit": "DEMO-101",
        "lines": [line],
    }  # fmt: skip
    key = f"prescribe-{patient_ref}-{number}"
    answer = world.answer("prescription", "dietitian", "POST", "/prescriptions", form, key=key)
    return str(answer["lines"][0]["line_id"])
