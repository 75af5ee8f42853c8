"""The whole system in one process behind real addresses: five services, the gateway and the demo's issuer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from gateway.app import assembled
from services import SERVICES
from shared.auth.compact import read
from tests.gateway.assembling import gateway_in, issuer_in
from tests.gateway.memory import MemoryDocuments
from tests.support import AUDIENCE, ISSUER, bearer
from tests.watch.five_in_memory import RunningBus, build
from tools.demo.issuer import Issuer, OwnPatient, routes
from tools.demo.people import PEOPLE
from tools.embedded.ports import ADDRESS, free_ports

PATIENT = {
    "number": "199007052393",
    "protected": False,
    "name": "Test Testsson",
    "phone": "070-1740605",
    "address": {"line1": "Provvägen 3", "postal_code": "21120", "city": "MALMÖ"},
}
NUMBER = "19900705-2393"


@dataclass
class Site(httpx.AsyncBaseTransport):
    """What the gateway reaches, and where people reach the gateway."""

    bus: RunningBus
    gateway_url: str
    issuer_url: str
    issuer: httpx.ASGITransport | None = None
    signing: Issuer | None = None
    down: set[str] = field(default_factory=set)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the issuer or as a service; what a service publishes comes to the others at once."""
        if str(request.url).startswith(self.issuer_url):
            assert self.issuer
            return await self.issuer.handle_async_request(request)
        service = request.url.host
        if service not in SERVICES or service in self.down:
            raise httpx.ConnectError("nobody", request=request)
        self.bus.clock.move(seconds=1)
        headers = {**dict(request.headers), **self._as_ours(request.headers["authorization"])}
        asking = asyncio.create_task(
            self.bus.services[service].client.request(
                request.method, request.url.raw_path.decode(), content=request.content, headers=headers
            )
        )
        while not asking.done() and request.method != "GET":
            await self.bus.settle()  # a hand-out waits for what inventory says of it
            await asyncio.sleep(0.001)
        answer = await asking
        await self.bus.settle()
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    def _as_ours(self, authorization: str) -> dict[str, str]:
        """Sign the issuer's claims with the key that services in memory trust."""
        claims = read(authorization.removeprefix("Bearer ")).claims
        signed = bearer({**claims, "iss": ISSUER, "aud": AUDIENCE})
        return {name.lower(): value for name, value in signed.items()}

    def is_patient(self, person: str, patient_ref: str, *children: str) -> None:
        """Let a citizen of the demo be this patient, and act for these children."""
        assert self.signing
        self.signing.note_patient(PEOPLE[person], OwnPatient(patient_ref=patient_ref, guardian_of=children))

    async def registered(self, **changes: Any) -> str:
        form = {**PATIENT, **changes}
        answer = await self.bus.ask("customer_service", "prescription", "/patients", form)
        await self.bus.settle()
        return str(answer.json()["patient_ref"])


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Site]:
    """Answer at addresses of this machine until the block ends."""
    gateway_port, issuer_port = free_ports(2)
    site = Site(await build(folder), f"http://{ADDRESS}:{gateway_port}", f"http://{ADDRESS}:{issuer_port}")
    urls = {"gateway_url": site.gateway_url, "issuer_url": site.issuer_url}
    site.signing = issuer_in(folder, site.bus.clock, **urls)
    issuer = routes(site.signing)
    site.issuer = httpx.ASGITransport(issuer)
    gateway = assembled(gateway_in(folder, site.bus.clock, site, MemoryDocuments(), **urls))
    async with served(gateway, gateway_port), served(issuer, issuer_port):
        yield site


@asynccontextmanager
async def served(app: Any, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(app, host=ADDRESS, port=port, log_config=None, lifespan="off", ws="none")
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await task
