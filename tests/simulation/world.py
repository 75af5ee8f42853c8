"""Five services, a bus, a clock and the partners: what happens next is decided by whoever holds the world."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import aio_pika
import httpx

from services import SERVICES
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Unknown
from shared import fault
from shared.messaging.relay import Relay
from shared.messaging.topology import published_topics
from shared.repository.codec import Document
from shared.repository.writes import Writes
from tests.simulation.bus import Bus, Delivery, Wire
from tests.simulation.disk import Connection, Disk
from tests.simulation.loop import LOOP
from tests.simulation.outside import Distributor, Invoicing, Sms
from tests.simulation.process import MAY_PASS, Process, Trap, spawn
from tests.simulation.programs import CLOCK, PROGRAMS, Outside, Program, empty_folder
from tests.support import A_MONDAY_MORNING, bearer, claims, test_seals

FOREVER = 1e12
PARTNER_QUEUES = {"distributors.replies": "ordering", "invoicing.acks": "billing"}
Task = asyncio.Task[Any]


@dataclass(eq=False)
class Running:
    """A process with its program and its relay."""

    process: Process
    program: Program
    connection: Connection
    relay: Relay
    sweeping: Task | None = None
    jobs: dict[str, Task] = field(default_factory=dict)


@dataclass
class World:
    """One run; `disks` are what everything begins with."""

    disks: dict[str, Disk]
    running: list[Running] = field(default_factory=list)
    started: int = 0
    commits: int = 0
    silenced: dict[str, int] = field(default_factory=dict)
    """When a patient became somebody who may not be told, in the order of all commits."""
    phones: dict[str, str] = field(default_factory=dict)
    messages: list[Sms] = field(default_factory=list)
    gateway_outcomes: list[Outcome] = field(default_factory=list)
    due: tuple[str, ...] = ("notification", "billing")
    """The services whose jobs are run while the world comes to rest."""
    newest_first: bool = False
    """What was published last is delivered first."""
    troubles: list[str] = field(default_factory=list)
    """What must never happen, and did."""

    def __post_init__(self) -> None:
        empty_folder()
        CLOCK.set(A_MONDAY_MORNING)
        Outside.world = self
        fault._armed[:] = [Trap()]
        self._patches = patch("shared.messaging.relay.monotonic", LOOP.time)
        self._patches.start()
        self.bus = Bus(self._to_partners)
        self.distributor = Distributor(CLOCK, self._from_partner)
        self.invoicing = Invoicing(CLOCK, self._from_partner)
        for service in SERVICES:
            self.disks[service].seen.append(self.note_commit)
            self.start(service)
        self.bus.queues = self._bindings()

    def start(self, service: str) -> Running:
        """Start a replica, as its process does: the relay runs, and sweeps once."""
        self.started += 1
        process = Process(service, self.started, failures=self.troubles)
        connection = Connection(self.disks[service], process)
        program = PROGRAMS.take(service)
        program.start(connection, process)
        wire = Wire(self.bus, process)
        relay = Relay(connection, test_seals(), CLOCK, events=wire, partners=wire)  # type: ignore[arg-type]
        program.repository.on_commit(relay.wake)
        running = Running(process, program, connection, relay)
        self.running.append(running)
        spawn(process, self._begin(running), "start")
        spawn(process, relay.run(), "relay")
        LOOP.run_until_idle()
        self.sweep(running)
        return running

    async def _begin(self, running: Running) -> None:
        for prepare in running.program.assembled.before_start:
            await prepare()

    def sweep(self, running: Running) -> None:
        """Let the relay look for orphans once."""
        if running.sweeping is not None:
            running.sweeping.cancel()
        running.sweeping = spawn(running.process, running.relay.sweep(FOREVER), "sweep")
        LOOP.run_until_idle()

    def kill(self, running: Running) -> None:
        running.process.kill()
        self.bury()

    def bury(self) -> None:
        """Clear away who died: the broker gives what they held to others."""
        LOOP.run_until_idle()
        for each in [each for each in self.running if not each.process.alive]:
            self.bus.lose(each.process)
            self.running.remove(each)
            PROGRAMS.give_back(each.program)

    def end(self) -> None:
        for each in self.running:
            each.process.kill()
        self.bury()
        fault._armed.clear()
        self._patches.stop()

    def of(self, service: str) -> list[Running]:
        """The replicas that live, those that stand still too."""
        return [each for each in self.running if each.process.service == service]

    def free(self, service: str) -> list[Running]:
        return [each for each in self.of(service) if each.process.is_free]

    def settle(self) -> None:
        LOOP.run_until_idle()
        self.bury()

    def advance(self, seconds: float) -> None:
        CLOCK.move(seconds=seconds)
        LOOP.advance(seconds)
        self.bury()

    def deliver(self, envelope: Delivery, running: Running) -> Task:
        """Give a message to a replica, and go on until it waits for something."""
        hear = running.program.consumers[envelope.queue]
        message = self.bus.hand_over(envelope, running.process)
        task = spawn(running.process, hear(message), f"hear {envelope.queue}")
        self.settle()
        return task

    def deliver_all(self) -> None:
        """Deliver what waits to whoever is free, until nobody says anything new."""
        for _ in range(10_000):
            waiting = self.bus.waiting[::-1] if self.newest_first else self.bus.waiting
            able = ((each, self.free(each.queue.partition(".")[0])) for each in waiting)
            found = next(((each, free[0]) for each, free in able if free), None)
            if found is None:
                return
            self.deliver(*found)
        raise AssertionError("the bus never becomes quiet")

    def request(
        self,
        running: Running,
        role: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        **changes: Any,
    ) -> Task:
        """Ask a replica something; the task is cancelled, or Killed, when the connection breaks."""
        headers = bearer(claims(role, at=CLOCK.now(), **changes))
        if key:
            headers["Idempotency-Key"] = key
        asked = running.program.client.request(method, path, json=body, headers=headers)
        return spawn(running.process, asked, f"{method} {path}")

    def answer(self, service: str, role: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Ask, wait for the answer and demand that it is well."""
        task = self.request(self.free(service)[0], role, method, path, body, **more)
        LOOP.run_until_idle()
        answer = answered(task)
        assert answer is not None, f"{path}: no answer"
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def job(self, running: Running, name: str) -> Task:
        """Do a job once; the next time comes only when this one is over."""
        (job,) = [each for each in running.program.assembled.jobs if each.name == name]
        if name not in running.jobs or running.jobs[name].done():
            running.jobs[name] = spawn(running.process, job.run(), name)
            self.settle()
        return running.jobs[name]

    def run_jobs(self, service: str) -> None:
        for running in self.free(service)[:1]:
            for job in running.program.assembled.jobs:
                if running.process.is_free:
                    self.job(running, job.name)

    async def asked(self, asker: Process, service: str, method: str, path: str, json: Any) -> Any:
        """Let a service ask another one over its door."""
        await asker.gate("ask")
        free = self.free(service)
        if not free:
            raise httpx.ConnectError(f"no {service}")
        headers = bearer(claims(f"service_{asker.service}", at=CLOCK.now(), care_units=[]))
        asked = free[0].program.client.request(method, path, json=json, headers=headers)
        task = spawn(free[0].process, asked, path)
        await asyncio.wait([task])
        answer = answered(task)
        if answer is None:
            raise httpx.ReadError(f"{service} died")
        answer.raise_for_status()
        for about in (json or {}).get("people", ()):
            asker.answers[about["patient_ref"]] = self.commits
        await asker.gate("answer")
        return answer.json()

    async def sms(self, sender: Process, message_id: str, *, to: str) -> Outcome:
        """Take a message, or not, and perhaps say nothing of it."""
        await sender.gate("sms")
        outcome = self.gateway_outcomes.pop(0) if self.gateway_outcomes else Accepted(f"s{message_id}")
        if not isinstance(outcome, NotSent):
            self._note_sms(sender, message_id, to)
        await sender.gate("sms answer")
        return outcome if isinstance(outcome, Accepted | NotSent) else Unknown()

    def _note_sms(self, sender: Process, message_id: str, to: str) -> None:
        patient_ref = self.phones[to]
        sms = Sms(message_id, to, sender.answers.get(patient_ref, 0))
        if any(each.message_id == message_id for each in self.messages):
            self.troubles.append(f"I17 {message_id}: sent twice")
        if not sms.asked or self.silenced.get(patient_ref, FOREVER) < sms.asked:
            self.troubles.append(f"I18 {message_id}: sent to somebody who may not be told")
        self.messages.append(sms)

    def note_commit(self, writes: Writes) -> None:
        self.commits += 1
        for (name, each), (_, kept) in writes.states.items():
            if name == "patients":
                status = kept.state.status
                if status.protected or status.opted_out or status.deceased_on:
                    self.silenced.setdefault(each, self.commits)
                else:
                    self.silenced.pop(each, None)

    def _to_partners(self, row: Document, body: bytes) -> bool:
        if row["exchange"] == "invoicing":
            self.invoicing.receive(body)
        else:
            self.distributor.receive(row, body)
        return True

    def _from_partner(self, exchange: str, key: str, message: aio_pika.Message) -> None:
        queue = f"{PARTNER_QUEUES[exchange]}.hears.{exchange}.in_order"
        self.bus.put(queue, message, (exchange, key))

    def _bindings(self) -> dict[str, tuple[str, ...]]:
        queues: dict[str, list[str]] = {topic: [] for topic in published_topics()}
        for running in self.running:
            for subscription in running.program.assembled.subscriptions.all:
                if subscription.partner_exchange is None:
                    queues.setdefault(subscription.topic, []).append(subscription.queue)
        return {topic: tuple(sorted(found)) for topic, found in queues.items()}


def answered(task: Task) -> httpx.Response | None:
    """Give the answer of a request; None while it is under way, and when it broke off."""
    if not task.done() or task.cancelled():
        return None
    failure = task.exception()
    if isinstance(failure, MAY_PASS):
        return None
    if failure is not None:
        raise failure
    answer: httpx.Response = task.result()
    return answer
