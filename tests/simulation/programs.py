"""The five services as they are delivered, assembled once and started as often as anybody likes."""

import asyncio
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from fastapi import FastAPI

from services.notification.application.asking import Reachability
from services.notification.application.sending import MOST_CLAIMED, Sending
from services.notification.domain.message import CHAIN
from services.notification.domain.outcomes import Outcome
from services.notification.gateways.gates import Gates
from shared.auth.tokens import Verifier
from shared.clock import FixedClock
from shared.http.rates import Rates
from shared.messaging.broker import broker_of
from shared.messaging.consuming import Dispatcher, Subscription
from shared.repository import Collection, Remembered, Repository
from shared.repository.audit.chain import Chain
from shared.repository.memory.backend import Memory
from shared.service.definition import Dependencies, ServiceDefinition
from shared.service.readiness import Readiness
from shared.service.web import application
from shared.settings import Settings
from tests.simulation.disk import Connection
from tests.simulation.process import Process, here
from tests.support import A_MONDAY_MORNING, AUDIENCE, ISSUER, _test_keys, test_seals

CLOCK = FixedClock(A_MONDAY_MORNING)
FOLDER = Path(tempfile.mkdtemp(prefix="simulated"))
"""Where the day's files go; emptied for each run."""


class Outside:
    """What every program calls when it leaves its process; a run of the world puts itself in here."""

    world: Any = None


class Gateway:
    """Stands for the SMS gateway in every program."""

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome:  # noqa: ARG002
        outcome: Outcome = await Outside.world.sms(here(), message_id, to=to)
        return outcome


async def ask(service: str, method: str, path: str, *, json: Any = None) -> Any:
    return await Outside.world.asked(here(), service, method, path, json)


class Restartable(Repository):
    """A repository that is as new after each start of its process."""

    def __init__(self, service: str) -> None:
        self._memories: list[tuple[Remembered[Any], Collection[Any]]] = []
        super().__init__(Memory(), service=service, clock=CLOCK, chain=Chain(service, b""))

    def remembered(self, collection: Collection[Any]) -> Remembered[Any]:
        memory = super().remembered(collection)
        self._memories.append((memory, collection))
        return memory

    def start(self, connection: Connection, writer: str) -> None:
        chain = Chain(writer, test_seals().audit_keys(self.service)[0])
        super().__init__(connection, service=self.service, clock=CLOCK, chain=chain)
        for memory, collection in self._memories:
            memory.__dict__ = super().remembered(collection).__dict__


class Program:
    """One service's code with all its doors, subscriptions and jobs."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.repository = Restartable(service)
        settings = Settings(
            mode="embedded", issuer_url=ISSUER, export_dir=FOLDER, email_dir=FOLDER / "email",
            letter_dir=FOLDER / "letters", requests_per_minute=10**9,
        )  # fmt: skip
        parts = Dependencies(self.repository, CLOCK, test_seals(), settings, ask)
        module = import_module(f"services.{service}.app")
        with patch("services.notification.app._gateway", lambda _: Gateway()):
            self.assembled: ServiceDefinition = module.assemble(parts)
        self.app = self._doors(settings)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://service.test"
        )
        self.dispatcher = Dispatcher(self.repository, CLOCK, test_seals())
        self.consumers = {
            subscription.queue: self._hearer(subscription)
            for subscription in self.assembled.subscriptions.all
        }

    def _doors(self, settings: Settings) -> FastAPI:
        verifier = Verifier(_test_keys, issuer=ISSUER, audience=AUDIENCE, clock=CLOCK)
        return application(
            self.assembled, verifier, Readiness(), rates=Rates(settings), hashes=self.repository.hashes
        )

    def _hearer(self, subscription: Subscription) -> Callable[[Any], Awaitable[None]]:
        """Give what FastStream calls for each delivery: the real thing, with its acknowledgement."""
        broker = broker_of("amqp://nowhere", [subscription], self.dispatcher, prefetch=64)
        (subscriber,) = broker.subscribers
        hear: Callable[[Any], Awaitable[None]] = subscriber.calls[0].handler._original_call
        return hear

    def start(self, connection: Connection, process: Process) -> None:
        self.repository.start(connection, f"{process.name}-{CLOCK.now():%Y%m%dT%H%M%S}")
        self.dispatcher.counts.clear()
        self._forget()

    def _forget(self) -> None:
        """Let nothing that a job remembered in its process outlive it."""
        for job in self.assembled.jobs:
            job.wake.clear()
            remembering = getattr(job.run, "__self__", job)
            for each in (remembering, *vars(remembering).values()):
                if each is remembering or isinstance(each, Gates | Reachability):
                    _clear(each)
                if isinstance(each, Reachability):
                    _clear(each._batcher)
            if isinstance(remembering, Sending):
                remembering._look_at, remembering._is_stopping = 0.0, False
                remembering._claims = {each: asyncio.Semaphore(MOST_CLAIMED) for each in CHAIN}


def _clear(remembering: object) -> None:
    for kept in vars(remembering).values():
        if isinstance(kept, dict | list | set):
            kept.clear()


class Programs:
    """Assembling takes longer than a whole run: programs are used again."""

    def __init__(self) -> None:
        self._idle: dict[str, list[Program]] = defaultdict(list)

    def take(self, service: str) -> Program:
        return self._idle[service].pop() if self._idle[service] else Program(service)

    def give_back(self, program: Program) -> None:
        self._idle[program.service].append(program)


PROGRAMS = Programs()


def empty_folder() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
