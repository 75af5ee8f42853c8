"""The floor: bare PyMongo and aiormq with the same durable writes and messages, in one process."""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

import aiormq
import orjson
from aiormq.abc import AbstractChannel, DeliveredMessage
from pymongo import AsyncMongoClient, UpdateOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from tools.bench.template import Document, Step, Template

BATCH = 32
AT_ONCE = 4
ONE_BY_ONE = {"batch": 1, "at_once": 64}
"""A transaction and a message for each order, 64 at once: what a team would write first."""
WRITTEN_WITHIN_SECONDS = 120
MAJORITY = WriteConcern(w="majority", j=True)
SNAPSHOT = ReadConcern("snapshot")
PERSISTENT = aiormq.spec.Basic.Properties(delivery_mode=2, content_type="application/json")
SENT, ORDER_SENT = "ordering.withdrawal_sent.v1", "ordering.order_sent.v1"
ORDERS, FEES, REPLIES = (
    "distributor.demo-a.orders",
    "invoicing.fees",
    "ordering.hears.distributors.replies.in_order",
)
DESPATCHED = "notification.hears.ordering.order_despatched.v1"
PRESCRIPTION, BILLING = f"prescription.hears.{SENT}", (f"billing.hears.{SENT}", f"billing.hears.{ORDER_SENT}")
OF_PARTNERS = (ORDERS, FEES, REPLIES)
QUEUES = (PRESCRIPTION, *BILLING, DESPATCHED, *OF_PARTNERS)


class Floor:
    """Every order goes through the same transactions, messages and queues as in the system."""

    queues: ClassVar[Sequence[str]] = QUEUES

    def __init__(
        self, client: AsyncMongoClient[Document], *, prefix: str, events: str, partners: str
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._urls = {False: events, True: partners}
        self._channels: dict[bool, AbstractChannel] = {}
        self._heard: dict[str, asyncio.Queue[bytes]] = {}
        self._connections: list[Any] = []
        self._marking: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        for partner, url in self._urls.items():
            connection = await aiormq.connect(url)
            self._connections.append(connection)
            self._channels[partner] = await connection.channel(publisher_confirms=True)
        for queue in self.queues:
            await self._listen(queue)

    async def prepare(self, template: Template) -> None:
        """Make the collections and go round once: a first transaction on a new one is another thing."""
        for step in template.steps.values():
            database = self._database(step)
            there = await database.list_collection_names()
            for name in dict.fromkeys(each.collection for each in step.writes):
                if name not in there:
                    await database.create_collection(name)
        await self.run(template, orders=BATCH)

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()

    async def run(
        self, template: Template, *, orders: int, batch: int = BATCH, at_once: int = AT_ONCE
    ) -> float:
        """Write so many orders; give the seconds to the last message, as the system is measured.

        `batch` orders share a transaction, and `at_once` batches are under way at the same moment.
        """
        fresh = await self._begun(template, orders)
        free = asyncio.Semaphore(at_once)

        async def one(together: Sequence[str]) -> float:
            async with free:
                await self._until_message(template, together)
                told = time.perf_counter()
                await self._step(template["ended"], together)
                return told

        batches = [fresh[start : start + batch] for start in range(0, orders, batch)]
        began = time.perf_counter()
        async with asyncio.timeout(WRITTEN_WITHIN_SECONDS):
            told = await asyncio.gather(*map(one, batches))
        await self._marked()
        return max(told) - began

    async def paced(self, template: Template, *, orders: int, per_second: float) -> list[float]:
        """Write orders one by one at an even pace; give how many milliseconds each took to its message."""
        fresh = await self._begun(template, orders)
        began = time.perf_counter()

        async def one(order: str) -> float:
            sent = time.perf_counter()
            await self._until_message(template, [order])
            milliseconds = (time.perf_counter() - sent) * 1000
            await self._step(template["ended"], [order])
            return milliseconds

        writing: list[asyncio.Task[float]] = []
        for number, order in enumerate(fresh):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            writing.append(asyncio.create_task(one(order)))
        async with asyncio.timeout(WRITTEN_WITHIN_SECONDS):
            seen = list(await asyncio.gather(*writing))
        await self._marked()
        return seen

    async def _marked(self) -> None:
        await asyncio.gather(*self._marking)
        self._marking.clear()

    async def _begun(self, template: Template, orders: int) -> list[str]:
        """Name so many orders, and put there what was there before the one that they repeat."""
        fresh = [uuid.uuid4().hex for _ in range(orders)]
        for service, collection, document in template.there:
            rows = [{**document, "_id": _of(document["_id"], order)} for order in fresh]
            await self._client[f"{self._prefix}_{service}"][collection].insert_many(rows)
        return fresh

    async def _until_message(self, template: Template, batch: Sequence[str]) -> None:
        """Let the fee and the message come side by side, as in the system."""
        await self._step(template["sent"], batch)
        await asyncio.gather(self._used_and_booked(template, batch), self._despatched(template, batch))

    async def _used_and_booked(self, template: Template, batch: Sequence[str]) -> None:
        await asyncio.gather(*(self._take(queue, len(batch)) for queue in (PRESCRIPTION, *BILLING)))
        await asyncio.gather(*(self._step(template[name], batch) for name in ("prescription", "billing")))
        await self._take(FEES, len(batch))

    async def _despatched(self, template: Template, batch: Sequence[str]) -> None:
        await self._take(ORDERS, len(batch))
        await self._reply(len(batch))
        await self._take(REPLIES, len(batch))
        await self._step(template["despatched"], batch)
        await self._take(DESPATCHED, len(batch))
        for name in ("lots kept", "notified", "claimed"):
            await self._step(template[name], batch)

    async def _step(self, step: Step, batch: Sequence[str]) -> None:
        """One transaction for the batch, then its messages with confirms; marked beside what follows."""
        database = self._database(step)
        made, changed = _operations(step, batch)
        async with (
            self._client.start_session() as session,
            await session.start_transaction(SNAPSHOT, MAJORITY),
        ):
            for name, rows in made.items():
                await database[name].insert_many(rows, session=session)
            for name, operations in changed.items():
                await database[name].bulk_write(operations, ordered=False, session=session)
        if outbox := made.get("outbox"):
            await asyncio.gather(*(self._publish(row) for row in outbox))
            self._marking.append(asyncio.create_task(self._mark(database, [row["_id"] for row in outbox])))

    async def _mark(self, database: Any, ids: list[str]) -> None:
        """Mark what was published, beside what follows."""
        await database["outbox"].update_many({"_id": {"$in": ids}}, {"$set": {"published_at": "now"}})

    def _database(self, step: Step) -> Any:
        return self._client[f"{self._prefix}_{step.service}"]

    async def _publish(self, row: Document) -> None:
        channel = self._channels[row["partner"]]
        await channel.basic_publish(
            str(row["body"]).encode(),
            exchange=row["exchange"],
            routing_key=row["routing_key"],
            properties=PERSISTENT,
            mandatory=True,
        )

    async def _reply(self, size: int) -> None:
        """The partner's own message; not counted as ours, but it travels as in the system."""
        body = orjson.dumps({"type": "order.despatched.v1", "message_id": str(uuid.uuid4())})
        channel = self._channels[True]
        await asyncio.gather(
            *(
                channel.basic_publish(
                    body, exchange="distributors.replies", routing_key="reply.bench", properties=PERSISTENT
                )
                for _ in range(size)
            )
        )

    async def _listen(self, queue: str) -> None:
        channel = await self._connections[int(queue in OF_PARTNERS)].channel()
        await channel.basic_qos(prefetch_count=BATCH * AT_ONCE)
        heard = self._heard.setdefault(queue, asyncio.Queue())

        async def take(message: DeliveredMessage) -> None:
            orjson.loads(message.body)
            heard.put_nowait(message.body)
            await channel.basic_ack(message.delivery_tag or 0, wait=False)

        await channel.basic_consume(queue, take)

    async def _take(self, queue: str, size: int) -> None:
        for _ in range(size):
            await self._heard[queue].get()


def _operations(
    step: Step, batch: Sequence[str]
) -> tuple[dict[str, list[Document]], dict[str, list[UpdateOne]]]:
    """Give what is made and what is changed, by collection."""
    made: dict[str, list[Document]] = defaultdict(list)
    changed: dict[str, list[UpdateOne]] = defaultdict(list)
    for order in batch:
        for each in step.writes:
            document_id = _of(each.document_id, order)
            if each.kind == "made":
                made[each.collection].append({**each.fields, "_id": document_id})
            else:
                changed[each.collection].append(UpdateOne({"_id": document_id}, {"$set": each.fields}))
    return made, changed


def _of(document_id: str, order: str) -> str:
    return f"{document_id}|{order}"
