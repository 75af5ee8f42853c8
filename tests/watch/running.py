"""The five services and their peers as processes on real servers, through one withdrawal and one kill -9."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from pymongo import MongoClient

from shared.clock import SystemClock
from shared.domain.days import STOCKHOLM
from tests.servers import of_worker
from tests.watch.canaries import canaries
from tests.watch.main_job import look_around, mistakes, prescribe, register, withdraw
from tools.commands.clock import write as write_clock
from tools.demo.tokens import Tokens
from tools.embedded.place import Place
from tools.embedded.ports import ADDRESS, is_free
from tools.embedded.processes import Supervisor
from tools.embedded.run import LOAD, is_ready, prepare, programs

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
CANARY = canaries()[6]
PORTS = 8
START_SECONDS = 90.0
PATIENCE_SECONDS = 120.0
MORNING = day_time(10)


@dataclass
class Evidence:
    """What one withdrawal left behind."""

    spans: list[dict[str, Any]]
    logs: str
    lines: list[dict[str, Any]]
    metrics: str
    kept: str
    errors: str
    urls: str
    peers: Mapping[str, str]
    killed_at: int
    """In nanoseconds, as spans tell their time."""


@dataclass
class System:
    """One run in a folder of its own; the worker's virtual hosts, and databases under its prefix."""

    folder: Path
    prefix: str
    place: Place
    environment: dict[str, str]
    supervisor: Supervisor
    pids: dict[str, int] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=30, trust_env=False))

    async def ask(
        self, role: str, service: str, path: str, body: Any = None, *, method: str = "POST"
    ) -> httpx.Response:
        token = await Tokens(self.http, self.environment["SESAM_ISSUER_URL"]).of(role)
        headers = {"Authorization": f"Bearer {token}", "traceparent": PARENT, "Idempotency-Key": str(uuid4())}
        url = f"http://{ADDRESS}:{self.place.service_ports[service]}{path}"
        answer = await self.http.request(method, url, json=body, headers=headers)
        self.urls.append(str(answer.request.url))
        if answer.is_error:
            self.errors.append(answer.text)
        return answer

    async def settle(self) -> None:
        """Nothing to do: the flow waits for what it needs."""

    async def until(self, what: str, holds: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not await asyncio.to_thread(holds):
            assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s; logs in {self.folder}"
            await asyncio.sleep(0.05)

    def start(self, name: str, *, again: bool = False) -> None:
        (program,) = [each for each in programs(self.place) if each.name == name]
        log_name = f"{name}-again" if again else name
        told = replace(program, name=log_name, environment={**program.environment, **self.environment})
        self.pids[name] = self.supervisor.start(told)

    def file(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def spans(self) -> list[dict[str, Any]]:
        files = sorted((self.folder / "traces").glob("*.jsonl"))
        whole = [line for file in files for line in file.read_text().splitlines() if line.endswith("}")]
        return [json.loads(line) for line in whole]

    def kept(self) -> str:
        """Give every document of the five databases."""
        with closing(MongoClient[dict[str, Any]](self.environment["MONGODB_URL"])) as client:
            names = [each for each in client.list_database_names() if each.startswith(self.prefix)]
            return "\n".join(
                str(document)
                for name in names
                for collection in client[name].list_collection_names()
                for document in client[name][collection].find()
            )

    def drop(self) -> None:
        with closing(MongoClient[dict[str, Any]](self.environment["MONGODB_URL"])) as client:
            for name in client.list_database_names():
                if name.startswith(self.prefix):
                    client.drop_database(name)


def free_base() -> int:
    first = 32_000 + os.getpid() % 100 * 20
    for base in range(first, first + 8_000, 20):
        if all(is_free(port) for port in range(base, base + PORTS)):
            return base
    raise OSError("no free ports in a row")


def system_in(folder: Path, worker: str) -> System:
    place = Place(folder, free_base())
    prepare(place)
    events, partners = of_worker(os.environ["RABBITMQ_URL"], worker)
    prefix = f"t{worker}{uuid4().hex[:8]}"
    environment = {
        **place.environment(),
        "RABBITMQ_URL": events,
        "RABBITMQ_PARTNERS_URL": partners,
        "SESAM_DISTRIBUTOR_URLS": json.dumps(dict.fromkeys(place.distributors, partners)),
        "SESAM_DATABASE_PREFIX": prefix,
        "SESAM_PEER_DELAY_SECONDS": "1.5",
        "SESAM_AUDIT_SIGN_SECONDS": "0.5",
        "SESAM_REGISTER_URL": "",  # no register knows a canary: it is registered by hand
    }
    by_day(place.folder / "clock.json")
    return System(folder, prefix, place, environment, Supervisor(folder / "logs"))


def by_day(clock_file: Path) -> None:
    """Set the clock to the coming morning: at night no patient is told anything."""
    now = SystemClock().now()
    morning = datetime.combine(now.astimezone(STOCKHOLM).date() + timedelta(days=1), MORNING, STOCKHOLM)
    write_clock(clock_file, morning - now)


async def one_withdrawal(system: System) -> Evidence:
    """Play the main job with one kill, and gather what it left behind."""
    async with system.http:
        return await _played(system)


async def _played(system: System) -> Evidence:
    """Kill ordering when the withdrawal is sent, and wait for all that must come of it."""
    names = [each.name for each in programs(system.place) if each.name != "register"]
    for name in names:
        system.start(name)
    ports = [port for name, port in system.place.http_ports.items() if name != "register"]
    await system.until("ready", lambda: all(is_ready(port) for port in ports), seconds=START_SECONDS)
    await load(system)
    patient_ref = await register(system, CANARY)
    line_id = await prescribe(system, patient_ref)
    await until_withdrawable(system, patient_ref, line_id)
    confirmation = await withdraw(system, patient_ref, line_id, CANARY)
    await system.until("the span", lambda: any(each["name"] == "send_withdrawal" for each in system.spans()))
    os.kill(system.pids["ordering"], signal.SIGKILL)
    killed_at = time.time_ns()
    system.start("ordering", again=True)
    number, order_no = confirmation["withdrawal_no"], confirmation["order_nos"][0]
    await system.until("the message", lambda: order_no in system.file("peers/sms.jsonl"))
    await system.until("the fee", lambda: number in system.file("peers/invoicing.jsonl"))
    await until_delivered(system, number)
    await look_around(system, patient_ref, confirmation, CANARY)
    for service, path, body in mistakes(CANARY):
        await system.ask("customer_service", service, path, body)
    return await gathered(system, killed_at)


async def load(system: System) -> None:
    """Load the demo's catalogue and tariff, as the embedded run does."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", LOAD],
        env={**os.environ, **system.environment},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def until_withdrawable(system: System, patient_ref: str, line_id: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = await system.ask("customer_service", "ordering", f"/allowances/{patient_ref}", method="GET")
        lines = answer.json().get("lines", []) if answer.is_success else []
        if any(each["line_id"] == line_id and each["allowed"] for each in lines):
            return
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.1)


async def until_delivered(system: System, withdrawal_no: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        path = f"/withdrawals/{withdrawal_no}"
        answer = await system.ask("customer_service", "ordering", path, method="GET")
        if answer.is_success and answer.json()["state"] == "delivered":
            return
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.1)


async def gathered(system: System, killed_at: int) -> Evidence:
    await asyncio.sleep(1.5)  # the last spans and heads are written within half a second
    ports = system.place.service_ports.values()
    metrics = [(await system.http.get(f"http://{ADDRESS}:{port}/metrics")).text for port in ports]
    services = [name for name in system.pids if name in system.place.service_ports] + ["ordering-again"]
    logs = "\n".join(system.file(f"logs/{name}.log") for name in services)
    peers = {name: system.file(f"peers/{name}.jsonl") for name in ("distributor", "sms", "invoicing")}
    return Evidence(
        spans=system.spans(),
        logs=logs,
        lines=[json.loads(line) for line in logs.splitlines() if line.startswith("{")],
        metrics="\n".join(metrics),
        kept=system.kept(),
        errors="\n".join(system.errors),
        urls="\n".join(system.urls),
        peers=peers,
        killed_at=killed_at,
    )
