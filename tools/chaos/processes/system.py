"""The system of a trial: three mongods, a broker, three partners, and five services that are killed."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from deploy.accounts import OPERATOR
from services import SERVICES
from shared.clock import SystemClock
from shared.domain.days import STOCKHOLM
from shared.fault import Order
from shared.repository import moment_text
from tools.chaos.processes import replica_set
from tools.chaos.processes.nursery import Birth, nursery
from tools.chaos.processes.started import Started
from tools.demo.flows.stage import move_clock
from tools.embedded import mongod, rabbitmq, servers
from tools.embedded.definitions import Definitions
from tools.embedded.place import EVENTS_VHOST, PARTNERS_VHOST, Place
from tools.embedded.ports import ADDRESS, answers, is_free
from tools.embedded.processes import Program
from tools.embedded.progress import step
from tools.embedded.run import (
    LOAD,
    PEERS,
    distributor_urls,
    prepare,
    programs,
    read_topology,
    supplier_urls,
)

PORTS_EACH = 32
FIRST_PORTS = range(12_000, 30_000, PORTS_EACH)
START_SECONDS = 60.0
WAIT_SECONDS = 0.05
SECOND_REPLICA = 20
LOAD_SECONDS = 120.0
MORNING = 8
BLUR = timedelta(seconds=2)
"""Until every process has seen that the clock was moved."""
PEER_DELAY_SECONDS = "0.03"
SAFE_AFTER_DECLARING_SECONDS = 2.0


class NotUp(Exception):
    """A service of a trial did not come up."""


class System:
    """Everything of one trial, in a folder of its own."""

    def __init__(self, folder: Path, *, proxied: bool = False) -> None:
        self.folder = folder
        self.place = Place(folder, free_base())
        base = self.place.port_base
        self.mongodb_ports = [self.place.mongodb_port, base + 14, base + 15]
        self.book = folder / "faults.jsonl"
        self._context = nursery()
        self.mongods: list[Started] = []
        self.servers: list[Started] = []
        self.peers: dict[str, Started] = {}
        self.services: dict[str, Started] = {}
        self.proxy_port = base + 16 if proxied else None
        self.known_ports = [base + 17, base + 18, base + 19] if proxied else self.mongodb_ports
        """Where everybody finds the mongods: behind ways that may be cut, when the trial has a proxy."""
        self.ways: list[Started] = []
        self.twice: list[tuple[str, str]] = []
        """Stretches of time that come twice, because the clock was set back."""
        self.topology: Definitions = {}
        self.began = ""

    def urls(self, account: str = OPERATOR) -> dict[str, str]:
        """Say where the servers are, as an account reaches them; a trial never uses given ones."""
        signed, port = (account, self.place.accounts[account]), self.place.node.port
        return {
            "MONGODB_URL": replica_set.url(self.known_ports, signed),
            "RABBITMQ_URL": rabbitmq.url(port, EVENTS_VHOST, signed),
            "RABBITMQ_PARTNERS_URL": rabbitmq.url(port, PARTNERS_VHOST, signed),
        }

    def _through_the_proxy(self, account: str) -> dict[str, str]:
        """Give a service the proxy for its broker, when the trial has one; peers and clerks need none."""
        if self.proxy_port is None:
            return {}
        own, other = f":{self.place.node.port}/", f":{self.proxy_port}/"
        urls = self.urls(account).items()
        return {name: url.replace(own, other) for name, url in urls if name.startswith("RABBITMQ")}

    def peer_environment(self, name: str) -> dict[str, str]:
        own = self.environment(PEERS.get(name, OPERATOR))
        partners = distributor_urls(self.place.distributors, self.urls)
        return {**own, **partners, **supplier_urls(tuple(self.place.suppliers), self.urls)}

    def environment(self, account: str = OPERATOR) -> dict[str, str]:
        return {
            **self.place.environment(account),
            **self.urls(account),
            "SESAM_PEER_DELAY_SECONDS": PEER_DELAY_SECONDS,
            "SESAM_FAULT_BOOK": str(self.book),
            "SESAM_DATABASE_PREFIX": "sesam",
            "SESAM_LOOK_UPS_PER_MINUTE": "6000",
            "SESAM_INVOICE_SHAPES": '["csv"]',
        }

    async def start(self) -> None:
        """Start everything, load the demo's tariff, catalogue and patients, and make it a morning."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.place.logs.mkdir(exist_ok=True)
        prepare(self.place)
        self.begin_in_the_morning()
        self.began = moment_text(SystemClock().now() + self.offset())
        with step("three mongods, a broker and four peers"):
            await self._start_servers()
        with step("the services"):
            self._conceive()
            for service in self.services.values():
                service.start()
            await asyncio.gather(*(self.until_ready(name) for name in self.services))
        with step("tariff, catalogue and patients"):
            await self.run("load", [sys.executable, "-c", LOAD])
        await asyncio.sleep(SAFE_AFTER_DECLARING_SECONDS)

    def stop(self) -> None:
        """Stop the services as a deploy does; servers and peers are thrown away with their folder."""
        for service in self.services.values():
            service.stop()
        for each in [*self.peers.values(), *self.servers, *self.mongods, *self.ways]:
            each.kill()

    @property
    def broker(self) -> Started:
        return self.servers[1]

    def child(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Started:
        """Prepare a program of a trial."""
        return Started(
            self._context, Birth(name, environment, self.place.logs / f"{name}.log", command=command)
        )

    def _of(self, program: Program) -> Started:
        return self.child(program.name, program.command, program.environment)

    def _way(self, number: int) -> Started:
        ports = (self.known_ports[number], self.mongodb_ports[number])
        command = [sys.executable, "-m", "tools.chaos.processes.partition", *map(str, ports)]
        return self.child(f"way-{number}", command, self.place.environment())

    async def _start_servers(self) -> None:
        mongods = replica_set.programs(self.folder, self.mongodb_ports)
        self.mongods = [self._of(replica_set.may_fail(each)) for each in mongods]
        if self.proxy_port:
            self.ways = [self._way(number) for number in range(len(mongods))]
        self.topology = read_topology(self.place)
        node = rabbitmq.programs(servers.prepare_rabbitmq(), self.place.node, self.topology)
        self.servers = [self._of(each) for each in node]
        peers = [each for each in programs(self.place) if each.name not in SERVICES]
        self.peers = {
            each.name: self.child(each.name, each.command, self.peer_environment(each.name)) for each in peers
        }
        for started in [*self.ways, *self.mongods, *self.servers, *self.peers.values()]:
            started.start()
        await asyncio.to_thread(self._await_mongods)
        await self.run("migrate", [sys.executable, "-m", "deploy.migrate", "databases"])
        await self.until_broker_ready()

    def _await_mongods(self) -> None:
        wait_until(lambda: all(map(replica_set.answers, self.mongodb_ports)), what="mongod")
        replica_set.initiate(self.mongodb_ports, known_as=self.known_ports)
        wait_until(lambda: replica_set.primary(self.mongodb_ports) is not None, what="a primary")
        primary = replica_set.primary(self.mongodb_ports) or 0
        mongod.make_operator(self.mongodb_ports[primary], *self.place.operator)

    async def until_broker_ready(self) -> None:
        deadline, port = time.monotonic() + START_SECONDS, self.place.node.port
        while not (answers(port) and await rabbitmq.has_queues(self.place.node, self.topology)):
            if time.monotonic() > deadline or not self.broker.alive:
                raise NotUp(f"the broker: see {self.place.logs}")
            await asyncio.sleep(WAIT_SECONDS)

    def _conceive(self) -> None:
        for name in self.place.service_ports:
            self.add_replica(name, 0)

    def add_replica(self, service: str, replica: int = 1) -> str:
        """Prepare one more process of a service; give the name that it goes by."""
        called = service if replica == 0 else f"{service}-{replica + 1}"
        port = self.place.service_ports[service] + SECOND_REPLICA * replica
        log = self.place.logs / f"{called}.log"
        told = {**self.environment(service), **self._through_the_proxy(service)}
        birth = Birth(called, told, log, service=service, port=port)
        self.services[called] = Started(self._context, birth)
        return called

    async def run(self, name: str, command: Sequence[str]) -> None:
        """Run a command of the operator's to its end; raises NotUp."""
        running = self.child(name, command, self.environment())
        running.start()
        code = await asyncio.to_thread(running.wait, within_seconds=LOAD_SECONDS)
        if code != 0:
            running.kill()
            raise NotUp(f"{name} ended with {code}: see {self.place.logs}/{name}.1.log")

    async def until_ready(self, name: str, *, within_seconds: float = START_SECONDS) -> bool:
        """Wait until a service is ready; False when it was killed before. Raises NotUp."""
        service = self.services[name]
        deadline = time.monotonic() + within_seconds
        async with httpx.AsyncClient(timeout=3, trust_env=False) as http:
            while time.monotonic() < deadline:
                if not service.alive:
                    if service.exit_code != -signal.SIGKILL:
                        raise NotUp(f"{name} ended with {service.exit_code}: see {self.place.logs}")
                    return False
                try:
                    if (await http.get(f"http://{ADDRESS}:{service.birth.port}/ready")).is_success:
                        return True
                except httpx.TransportError:
                    pass
                await asyncio.sleep(WAIT_SECONDS)
        raise NotUp(f"{name} was not ready within {within_seconds:.0f} s: see {self.place.logs}")

    def restart(self, name: str, orders: Sequence[Order] = (), *, bug: str | None = None) -> None:
        """Start a service that is dead, or stop it first; with what shall go wrong in it."""
        service = self.services[name]
        service.stop()
        service.told({"SESAM_FAULTS": orders_as_text(orders)}, bug=bug)
        service.start()

    def kill(self, name: str) -> None:
        self.services[name].send(signal.SIGKILL)

    def begin_in_the_morning(self) -> None:
        """Set the run's clock to the next morning, so that messages go out for hours."""
        now = SystemClock().now()
        tomorrow = now.astimezone(STOCKHOLM) + timedelta(days=1)
        wanted = datetime(tomorrow.year, tomorrow.month, tomorrow.day, MORNING, 5, tzinfo=STOCKHOLM)
        self.move_clock(wanted - now)

    def tell_peer(self, name: str, *, mode: str) -> None:
        """Change a peer's mode from now on, in one step."""
        path = self.folder / "peers" / f"{name}.control.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps({"mode": mode}))
        new.replace(path)

    def restart_all(self, orders: Mapping[str, Sequence[Order]], *, bug: str | None = None) -> None:
        """Start several services anew: they stop side by side, as in a deploy."""
        for name in orders:
            self.services[name].ask_to_stop()
        for name, armed in orders.items():
            self.restart(name, armed, bug=bug)

    def move_clock(self, by: timedelta) -> None:
        if by < timedelta(0):
            now = SystemClock().now() + self.offset()
            self.twice.append((moment_text(now + by - BLUR), moment_text(now + BLUR)))
        move_clock(self.folder / "clock.json", by=by)

    def offset(self) -> timedelta:
        """Tell how far the run's clock is ahead."""
        return timedelta(seconds=json.loads((self.folder / "clock.json").read_text())["offset_seconds"])

    def faults_met(self) -> list[Mapping[str, object]]:
        if not self.book.exists():
            return []
        return [json.loads(line) for line in self.book.read_text().splitlines()]


def orders_as_text(orders: Sequence[Order]) -> str:
    return json.dumps([each.model_dump() for each in orders])


def wait_until(holds: Callable[[], bool], *, what: str) -> None:
    """Wait in a thread; raises NotUp."""
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise NotUp(what)
        time.sleep(WAIT_SECONDS)


def free_base() -> int:
    """Find ports for a trial, outside those that the kernel hands out."""
    start = os.getpid() % len(FIRST_PORTS)
    for base in [*FIRST_PORTS[start:], *FIRST_PORTS[:start]]:
        if all(is_free(port) for port in range(base, base + PORTS_EACH)):
            return int(base)
    raise OSError(socket.EAI_AGAIN, "no free ports for a trial")


__all__ = ["SERVICES", "NotUp", "System"]
