"""Prescription in memory, with its catalogue heard and people registered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.prescription.app import assemble
from shared.events.inventory import ArticleChanged
from tests.prescription.register_double import Registered, start
from tests.support import InMemory, in_memory

ADULT, CHILD, STRANGER = "199007052393", "201407032380", "199307022393"
UNIT, OTHER_UNIT = "DEMO-101", "DEMO-102"

ADDRESS = {"line1": "Provvägen 3", "line2": "lgh 1201", "postal_code": "211 20", "city": "MALMÖ"}
SUMMER = {
    "label": "Sommarstugan",
    "address": {"line1": "Provstigen 1", "postal_code": "23010", "city": "SKANÖR"},
}
FORM: dict[str, Any] = {
    "number": ADULT,
    "name": "Test Testsson",
    "address": ADDRESS,
    "phone": "070-1740605",
    "protected": False,
}
LINE: dict[str, Any] = {"article_no": "900001", "per_day": 2, "days": 30, "withdrawals": 12}

DRINK = ArticleChanged(
    article_no="900001",
    version=1,
    name="Demodryck choklad",
    product_area="foods",
    subgroup="supplement",
    distributor="demo",
    supplier_article_no="DX-1001",
    pieces_per_package=4,
    piece="flaska",
    package_price=Decimal("96.00"),
    warn_above_packages=60,
)

Register = Callable[..., Awaitable[str]]
Form = dict[str, Any]


def form(patient_ref: str, **changes: Any) -> Form:
    return {
        "patient_ref": patient_ref,
        "prescription_type": "energy_nutrition",
        "care_unit": UNIT,
        "lines": [LINE],
        **changes,
    }


@pytest.fixture
async def service() -> InMemory:
    service = await in_memory("prescription", assemble)
    await service.hear(DRINK)
    return service


@pytest.fixture
def register(service: InMemory) -> Register:
    """Register a person as customer service does, and give the patient's reference."""

    async def register(**changes: Any) -> str:
        answer = await service.client.post(
            "/patients", json={**FORM, **changes}, headers=service.once("customer_service")
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["patient_ref"])

    return register


@pytest.fixture
async def adult(register: Register) -> str:
    return await register()


@pytest.fixture
async def prescribed(service: InMemory, adult: str) -> dict[str, Any]:
    """Give a saved prescription of two withdrawals for an adult."""
    body = form(adult, lines=[{**LINE, "withdrawals": 2}])
    answer = await service.client.post("/prescriptions", json=body, headers=service.once("dietitian"))
    assert answer.status_code == 201, answer.text
    saved: dict[str, Any] = answer.json()
    return saved


@pytest.fixture
async def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Registered]:
    """Give prescription in memory, which asks the population register's double."""
    registered = await start(tmp_path, monkeypatch)
    await registered.service.hear(DRINK)
    yield registered
    await registered.http.aclose()


def day(text: str) -> date:
    return date.fromisoformat(text)


async def person_of(service: InMemory, patient_ref: str, **claims: Any) -> dict[str, Any]:
    answer = await service.client.get(
        f"/patients/{patient_ref}", headers=service.token("customer_service", **claims)
    )
    person: dict[str, Any] = answer.json()["person"]
    return person


async def post(service: InMemory, path: str, body: Any, role: str, **claims: Any) -> httpx.Response:
    return await service.client.post(path, json=body, headers=service.once(role, **claims))
