"""Two care units and two product areas, with patients and all that was made for them at the doors."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from shared.events.billing import TariffPublished
from shared.events.fees import TypeFee
from shared.events.inventory import ArticleChanged
from shared.events.tasks import TaskRaised
from tests.doors.services import all_services
from tests.support import InMemory, deliver_all

UNITS = ("DEMO-101", "DEMO-102")
AREAS = ("foods", "incontinence")
NUMBERS = {"of-101": "199007052393", "of-102": "199307022393", "of-both": "200207022385"}
WHO_BELONGS = {
    ("foods", "DEMO-101"): ("of-101", "of-both"),
    ("foods", "DEMO-102"): ("of-102", "of-both"),
    ("incontinence", "DEMO-101"): ("of-102", "of-both"),
}
TYPES = {"foods": "energy_nutrition", "incontinence": "incontinence"}
PROFESSIONS = {"foods": "dietitian", "incontinence": "nurse"}
SUBGROUPS = {"foods": "supplement", "incontinence": "absorbing_products"}
TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(
        TypeFee(
            prescription_type="energy_nutrition",
            basis="withdrawal",
            amount=Decimal(120),
            fee_code="LMN-20",
            text="Egenavgift livsmedel",
        ),
        TypeFee(
            prescription_type="incontinence",
            basis="withdrawal",
            amount=Decimal(30),
            fee_code="INK-1",
            text="Egenavgift",
        ),
    ),
    overrides=(),
)


@dataclass(frozen=True)
class Thing:
    """Something of one patient, care unit and product area; `marks` are the words that would betray it."""

    kind: str
    id: str
    care_unit: str
    product_area: str
    patient_ref: str
    marks: frozenset[str]


@dataclass
class World:
    """The services, who their patients are, and all that somebody may or may not see."""

    services: dict[str, InMemory] = field(repr=False)
    patients: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list, repr=False)

    async def post(self, service: str, path: str, body: Any, role: str, **claims: Any) -> Any:
        held = self.services[service]
        answer = await held.client.post(path, json=body, headers=held.once(role, **claims))
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json()

    async def carried(self) -> None:
        await deliver_all(list(self.services.values()))

    async def close(self) -> None:
        for service in self.services.values():
            await service.client.aclose()
            await service.repository.close()


async def the_world(folder: Path) -> World:
    world = World(await all_services(folder))
    await world.services["ordering"].hear(TARIFF)
    for area, unit in WHO_BELONGS:
        article = _article(area, unit)
        for consumer in ("prescription", "ordering"):
            await world.services[consumer].hear(article)
    for owner, number in NUMBERS.items():
        kept = await world.post("prescription", "/patients", _person(owner, number), "customer_service")
        world.patients[owner] = kept["patient_ref"]
    await world.carried()
    for (area, unit), owners in WHO_BELONGS.items():
        for owner in owners:
            await _treat(world, area, unit, owner)
    return world


async def _treat(world: World, area: str, unit: str, owner: str) -> None:
    """Prescribe, begin one withdrawal, send another, and raise a task about the patient."""
    patient_ref = world.patients[owner]
    prescriber = f"{PROFESSIONS[area]}-of-{unit}-{owner}"
    number = await _prescribe(world, patient_ref, area, unit, prescriber)
    line_id = f"{number}-1"

    def keep(kind: str, found: str, *marks: str) -> None:
        world.things.append(Thing(kind, found, unit, area, patient_ref, frozenset({found, *marks})))

    keep("prescription", number, line_id, prescriber)
    wish = {"patient_ref": patient_ref, "items": [{"line_id": line_id}]}
    draft = await world.post("ordering", "/withdrawals", wish, "customer_service")
    keep("withdrawal", draft["withdrawal_no"])
    begun = await world.post("ordering", "/withdrawals", wish, "customer_service")
    withdrawal_no = begun["withdrawal_no"]
    sent = await world.post("ordering", f"/withdrawals/{withdrawal_no}/send", None, "customer_service")
    keep("withdrawal", withdrawal_no, *sent["order_nos"])
    for order_no in sent["order_nos"]:
        keep("order", order_no)
    await world.carried()
    statement = await world.post(
        "billing", "/fees/search", {"withdrawal_no": withdrawal_no}, "customer_service"
    )
    for fee in statement["fees"]:
        keep("fee", fee["event_id"])
    assert statement["fees"]
    await _raise_task(world, unit, patient_ref, f"task-of-{area}-{unit}-{owner}")
    keep("task", f"task-of-{area}-{unit}-{owner}")


async def _prescribe(world: World, patient_ref: str, area: str, unit: str, prescriber: str) -> str:
    signed_in = {"profession": PROFESSIONS[area], "product_areas": [area], "sub": prescriber}
    form = {
        "patient_ref": patient_ref,
        "prescription_type": TYPES[area],
        "lines": [{"article_no": article_of(area, unit), "packages": 2, "days": 30, "withdrawals": 6}],
    }
    saved = await world.post(
        "prescription", "/prescriptions", form, "prescriber", care_units=[unit], **signed_in
    )
    await world.carried()
    return str(saved["prescription_no"])


async def _raise_task(world: World, unit: str, patient_ref: str, task_id: str) -> None:
    for role in ("prescriber", "order_placer"):
        task = TaskRaised(
            task_id=f"{task_id}-{role}",
            kind="look",
            role=role,
            care_unit=unit,
            patient_ref=patient_ref,
            reason="look at it",
        )
        await world.services["notification"].hear(task)


def _person(owner: str, number: str) -> dict[str, Any]:
    address = {"line1": "Provvägen 3", "postal_code": "211 20", "city": "MALMÖ"}
    return {
        "number": number,
        "name": f"Testsson {owner}",
        "address": address,
        "phone": "070-1740605",
        "protected": False,
    }


def article_of(area: str, unit: str) -> str:
    return f"{area}-article-of-{unit}".upper()


def _article(area: str, unit: str) -> ArticleChanged:
    return ArticleChanged(
        article_no=article_of(area, unit),
        version=1,
        name=f"Demovara {area} {unit}",
        product_area=area,
        subgroup=SUBGROUPS[area],
        distributor="demo-a",
        supplier_article_no="DX-1",
        pieces_per_package=4,
        package_price=Decimal("96.00"),
    )


def betrayed(answer: httpx.Response, hidden: list[Thing]) -> list[str]:
    """List the words in an answer that tell of something hidden."""
    return sorted({mark for thing in hidden for mark in thing.marks if mark in answer.text})
