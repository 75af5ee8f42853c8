"""The gateway in memory: a browser, the demo's issuer for signing in, and services that answer as told."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from gateway.app import assembled
from gateway.sessions.kept import Sessions
from gateway.web.opened_by import OPENED_BY
from services import SERVICES
from services.inventory import policy as inventory
from services.ordering import policy as ordering
from shared.auth.compact import read
from shared.clock import FixedClock
from shared.http.asking import KEY
from tests.gateway.assembling import gateway_in, issuer_in
from tests.gateway.memory import MemoryDocuments
from tests.support import A_MONDAY_MORNING
from tools.demo.issuer import Issuer, routes
from tools.demo.people import PEOPLE

GATEWAY = "https://gateway.test"
ISSUER = "https://issuer.test"
Told = Callable[[httpx.Request], httpx.Response | Any]
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class World(httpx.AsyncBaseTransport):
    """All that is outside of the gateway. `answers` holds, by service, method and path, what it says."""

    folder: Path
    clock: FixedClock
    answers: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    asked: list[tuple[str, str, str, Any]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    issuer: FastAPI = field(init=False)
    gateway: FastAPI = field(init=False)
    signing: Issuer = field(init=False)
    sessions: Sessions = field(init=False)
    refused_me: bool = False
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)

    def __post_init__(self) -> None:
        urls = {"gateway_url": GATEWAY, "issuer_url": ISSUER}
        self.signing = issuer_in(self.folder, self.clock, **urls)
        self.issuer = routes(self.signing)
        gateway = gateway_in(self.folder, self.clock, self, self.documents, **urls)
        self.sessions = gateway.sessions
        self.gateway = assembled(gateway)
        both = Both(self.issuer, self.gateway)
        self.signing.sign_ins.client = lambda: httpx.AsyncClient(transport=both)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the issuer, or as a service; nobody else is there."""
        host = request.url.host
        if host == "issuer.test" and "issuer" not in self.down:
            return await httpx.ASGITransport(self.issuer).handle_async_request(request)
        if host not in SERVICES or host in self.down:
            raise httpx.ConnectError("nobody", request=request)
        return self._said(host, request)

    def _said(self, service: str, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        self.asked.append((service, request.method, request.url.path, body))
        key = request.headers.get("idempotency-key")
        if key is not None and not KEY.fullmatch(key):
            return httpx.Response(400, json={"rule": "key-malformed", "detail": f"not a key: {key}"})
        if request.url.path == "/me" and self.refused_me:
            return httpx.Response(403, json={"rule": "forbidden", "detail": "Din behörighet räcker inte."})
        if request.url.path == "/me":
            return httpx.Response(200, json=self.me(request.headers["authorization"]))
        answer = self.answers.get((service, request.method, request.url.path))
        if answer is None:
            problem = {"rule": "not-found", "detail": "Det du söker finns inte. Kontrollera numret."}
            return httpx.Response(404, json=problem)
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def me(self, authorization: str) -> Mapping[str, Any]:
        """Say who a token is for, as prescription does; everybody may use every page here."""
        claims = read(authorization.removeprefix("Bearer ")).claims
        person = next(each for each in PEOPLE.values() if each.sub == claims["sub"])
        return {
            "name": person.name,
            "sub": person.sub,
            "roles": list(person.roles),
            "care_units": list(person.care_units),
            "patient_ref": claims.get("patient_ref"),
            "guardian_of": claims.get("guardian_of", []),
            "product_areas": list(person.product_areas),
            "may": MAY,
        }


MAY = [
    *inventory.RULES,
    *ordering.RULES,
    "prescription.find_patient",
    "prescription.search_patients",
    "prescription.get_own_prescribing",
    "notification.list_tasks",
    "notification.count_tasks",
]
MAY += sorted(set(OPENED_BY.values()))


class Surfer:
    """Keeps cookies and follows redirects between the gateway and the issuer, as browsers do."""

    def __init__(self, *, issuer: FastAPI, gateway: FastAPI) -> None:
        both = Both(issuer, gateway)
        self.http = httpx.AsyncClient(transport=both, base_url=GATEWAY, follow_redirects=True)

    async def signed_in(self, person: str = "dietitian", *, to: str = "/") -> httpx.Response:
        """Go the whole way: our address, the issuer's page, the chosen person, back to us."""
        chosen = await self.http.get("/sign-in", params={"to": to})
        fields = dict(chosen.request.url.params)
        answer = await self.http.post(f"{ISSUER}/authorize", data={**fields, "person": person})
        assert answer.url.host == urlsplit(GATEWAY).hostname
        return answer

    async def form_token(self) -> str:
        found = FORM_TOKEN.search((await self.http.get("/help")).text)
        assert found
        return found[1]

    async def send(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of our pages."""
        fields = {"form_token": await self.form_token(), **fields}
        return await self.http.post(path, data=fields, headers={"Origin": GATEWAY})

    @property
    def session_cookie(self) -> str | None:
        return self.http.cookies.get("__Host-session", domain="gateway.test")


class Browser(Surfer):
    """A browser whose services answer as a test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(issuer=world.issuer, gateway=world.gateway)


class Both(httpx.AsyncBaseTransport):
    """The two addresses that a browser knows."""

    def __init__(self, issuer: FastAPI, gateway: FastAPI) -> None:
        self._issuer, self._gateway = issuer, gateway

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._issuer if request.url.host == "issuer.test" else self._gateway
        return await httpx.ASGITransport(app).handle_async_request(request)


def world_in(folder: Path) -> World:
    return World(folder, FixedClock(A_MONDAY_MORNING))


@asynccontextmanager
async def visiting(folder: Path) -> AsyncIterator[Browser]:
    browser = Browser(world_in(folder))
    async with browser.http:
        yield browser
