"""Five services in memory, with everything that they tell, write and keep caught."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import bson
import httpx

from services import SERVICES
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from shared.clock import FixedClock
from shared.events.fees import TypeFee
from shared.messaging.envelope import Message
from shared.partners import FeeAcknowledged, Order, Reply
from shared.repository.memory.backend import Memory
from shared.tracing import TRACING
from tests.ordering.examples import TARIFF
from tests.support import A_MONDAY_MORNING, InMemory, deliver_all, in_memory
from tools.demo.load import CATALOGUE
from tools.demo.replies import reply
from tools.demo.reply_plans import DELIVERED

A_FEE = TypeFee(
    prescription_type="energy_nutrition",
    basis="withdrawal",
    amount=Decimal(120),
    fee_code="T-1",
    text="Avgift",
)


@dataclass
class RunningBus:
    """Five services with one clock, and the answers and addresses that went over their doors."""

    services: Mapping[str, InMemory]
    clock: FixedClock
    folder: Path
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def ask(
        self, role: str, service: str, path: str, body: Any = None, *, method: str = "POST"
    ) -> httpx.Response:
        self.clock.move(seconds=1)
        its = self.services[service]
        headers = its.once(role) if method != "GET" else its.token(role)
        answer = await its.client.request(method, path, json=body, headers=headers)
        self.urls.append(str(answer.request.url))
        if answer.is_error:
            self.errors.append(answer.text)
        return answer

    async def settle(self) -> None:
        await deliver_all(list(self.services.values()))

    async def converse(self) -> None:
        """Let the distributor answer, the gateway take the message, and invoicing book the fee."""
        ordering = self.services["ordering"]
        for message in ordering.partner_messages():
            order = Order.model_validate(message)
            for step in DELIVERED:
                await ordering.hear(Reply(reply=reply(step, order, at=self.clock.now())))
        await self.settle()
        await self.services["notification"].run_jobs()
        await self.settle()
        for fee in self.services["billing"].partner_messages():
            heard = FeeAcknowledged(event_id=fee["event_id"], status="accepted", at=self.clock.now())
            await self.services["billing"].hear(heard)
        await self.settle()

    async def park(self, queue: str, body: str) -> None:
        """Let a delivery come that nobody can read."""
        service = self.services[queue.partition(".")[0]]
        (subscription,) = [each for each in service.assembled.subscriptions.all if each.queue == queue]
        await service.dispatcher().dispatch(
            subscription, Message(body=body.encode(), message_id=str(uuid.uuid4()))
        )

    def kept(self, *collections: str) -> str:
        """Give what lies in the databases, all of it or some collections."""
        texts = []
        for service in self.services.values():
            memory = service.repository.backend
            assert isinstance(memory, Memory)
            for name, documents in memory._documents.items():
                if not collections or name in collections:
                    texts += [str(bson.decode(each)) for each in documents.values()]
        return "\n".join(texts)

    def told(self) -> str:
        return "\n".join(str(row["body"]) for each in self.services.values() for row in each.rows)

    def partner_messages(self, service: str) -> str:
        return str(self.services[service].partner_messages())

    async def metrics(self) -> str:
        return "\n".join([(await each.client.get("/metrics")).text for each in self.services.values()])


async def build(folder: Path) -> RunningBus:
    clock = FixedClock(A_MONDAY_MORNING)
    services: dict[str, InMemory] = {}
    ask = partial(_ask, services)
    for name in SERVICES:
        services[name] = await in_memory(
            name,
            import_module(f"services.{name}.app").assemble,
            clock=clock,
            ask=ask,
            sms_adapter="file",
            sms_file=folder / "sms.jsonl",
            export_dir=folder / "invoicing",
        )
    running_bus = RunningBus(services, clock, folder)
    catalogue, content = Catalogue(services["inventory"].repository, clock), CATALOGUE.read_bytes()
    await import_into(
        catalogue, read_catalogue(content), dry_run=False, skip_bad=False, entry=entry_of(content)
    )
    await services["ordering"].hear(TARIFF.model_copy(update={"types": (*TARIFF.types, A_FEE)}))
    await running_bus.settle()
    return running_bus


async def _ask(
    services: Mapping[str, InMemory], service: str, method: str, path: str, *, json: Any = None
) -> Any:
    """Ask as notification does, over the door."""
    its = services[service]
    headers = its.token("service_notification", care_units=[])
    answer = await its.client.request(method, path, json=json, headers=headers)
    answer.raise_for_status()
    return answer.json()


@contextmanager
def everything_traced(folder: Path) -> Iterator[None]:
    """Keep every span until the block ends."""
    TRACING.set_up("in-memory", sample=1.0, folder=folder)
    try:
        yield
    finally:
        TRACING.close()
        TRACING.set_up("in-memory", sample=0.0, folder=None)
