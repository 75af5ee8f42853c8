"""What every run begins with: two patients, two prescriptions each, and what everybody has heard of it."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from services import SERVICES
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from tests.simulation.disk import Disk
from tests.simulation.loop import LOOP
from tests.simulation.process import spawn
from tests.simulation.programs import CLOCK
from tests.simulation.world import World
from tests.watch.canaries import Canary, canaries
from tools.demo.load import CATALOGUE

TARIFF = CATALOGUE.with_name("tariff.json")
DRINK, FLAVOUR, OTHER_FLAVOUR, BREAD = "900001", "900002", "900003", "900024"
ARTICLES = (DRINK, FLAVOUR, OTHER_FLAVOUR, BREAD)
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
    """The few articles of the demo's catalogue that are used here."""
    head, *lines = CATALOGUE.read_bytes().decode("utf-8-sig").splitlines()
    kept = [line for line in lines if line.split(";")[0] in ARTICLES]
    place = head.split(";").index("status")
    for number, line in enumerate(kept):
        cells = line.split(";")
        if cells[0] == discontinued:
            cells[place] = "discontinued"
        kept[number] = ";".join(cells)
    return "\n".join([head, *kept, ""]).encode()


def import_catalogue(world: World, content: bytes) -> None:
    """Import as the command does, in a process of inventory."""
    running = world.free("inventory")[0]
    catalogue = Catalogue(running.program.repository, CLOCK)
    work = import_into(
        catalogue, read_catalogue(content), dry_run=False, skip_bad=False, entry=entry_of(content)
    )
    spawn(running.process, work, "import")
    world.settle()


@cache
def seeded() -> Seeded:
    world = World({service: Disk({}) for service in SERVICES})
    for running in world.running:
        spawn(running.process, running.connection.prepare(running.program.assembled.collections), "prepare")
    LOOP.run_until_idle()
    import_catalogue(world, catalogue())
    _publish_tariff(world)
    world.deliver_all()
    patients = tuple(_patient(world, each) for each in canaries()[:2])
    world.deliver_all()
    disks = {}
    for service in SERVICES:
        documents = {name: rows for name, rows in world.disks[service].documents.items() if name not in MARKS}
        disks[service] = Disk(documents, world.disks[service])
    assert not world.troubles, world.troubles
    world.end()
    return Seeded(disks, patients, catalogue())


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
