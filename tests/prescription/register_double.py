"""The demo's population register inside a test, with its switches."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.prescription.app import assemble_with
from services.prescription.gateways.register import HttpRegister
from shared.clock import FixedClock
from shared.events.prescription import PatientChanged
from tests.support import A_MONDAY_MORNING, InMemory, in_memory
from tools.demo import register as double
from tools.demo.settings import DemoSettings

ADULT, CHILD, PROTECTED, HOMELESS = "199007052393", "201707022388", "195309192382", "194710162381"
AWAY, DEAD, UNSURE, ONLY = "199907032388", "189807039814", "191006269805", "199007062384"
OLD, NEW = "191500722390", "190507039816"
RESERVE_TO_BE = "200901222398"
NOBODYS = "202003152390"
"""An official test number that the double has no file of."""


@dataclass
class Registered:
    """Prescription in memory, asking the double as it asks the region's register."""

    service: InMemory
    http: httpx.AsyncClient
    folder: Path

    async def say(self, key: str, to: str, **more: str) -> None:
        """Let the register say something else of a person from now on."""
        answer = await self.http.put(f"/persons/{key}/switch", json={"to": to, **more})
        assert answer.status_code == 204, answer.text

    def behave(self, mode: str) -> None:
        (self.folder / "register.control.json").write_text(f'{{"mode": "{mode}", "delay_seconds": 5}}')

    async def find(self, number: str, role: str = "dietitian", **claims: Any) -> httpx.Response:
        headers = self.service.token(role, **claims)
        return await self.service.client.post("/patients/find", json={"number": number}, headers=headers)

    async def found(self, number: str, role: str = "dietitian") -> dict[str, Any]:
        answer = await self.find(number, role)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def post(self, path: str, body: Any, role: str = "customer_service") -> httpx.Response:
        return await self.service.client.post(path, json=body, headers=self.service.once(role))

    async def refused(self, number: str, role: str = "dietitian") -> str:
        answer = await self.find(number, role)
        assert answer.status_code == 422, answer.text
        return str(answer.json()["rule"])


Start = Callable[[], Awaitable[Registered]]


async def start(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Registered:
    monkeypatch.setenv("SESAM_PEER_LOG_DIR", str(folder))
    monkeypatch.setenv("SESAM_MODE", "embedded")
    assert DemoSettings().peer_log_dir == folder
    clock = FixedClock(A_MONDAY_MORNING)
    transport = httpx.ASGITransport(app=double.create_app())
    http = httpx.AsyncClient(transport=transport, base_url="http://register.test")
    register = HttpRegister(http, "http://register.test", clock=clock, test_persons=True)
    service = await in_memory("prescription", partial(assemble_with, register), clock=clock, **settings)
    return Registered(service, http, folder)


def told(register: Registered) -> list[PatientChanged]:
    return list(register.service.told_of(PatientChanged))
