"""The floor: bare PyMongo and aiormq doing the same durable writes and publishes, in batches, one process."""

import asyncio
import time
import uuid
from collections.abc import Iterable
from typing import Any

import aiormq
import orjson
from aiormq.abc import AbstractChannel, DeliveredMessage
from pymongo import AsyncMongoClient, ReplaceOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from deploy.bench.template import Document, Step, Template

BATCH = 32
AT_ONCE = 4
MAJORITY = WriteConcern(w="majority", j=True)
SNAPSHOT = ReadConcern("snapshot")
PERSISTENT = aiormq.spec.Basic.Properties(delivery_mode=2, content_type="application/json")
INSERTED = ("inbox", "outbox", "audit")


class Floor:
    """Every order goes through the same transactions, messages and queues as in the system."""

    def __init__(
        self, client: AsyncMongoClient[Document], *, prefix: str, events: str, partners: str
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._urls = {False: events, True: partners}
        self._channels: dict[bool, AbstractChannel] = {}
        self._heard: dict[str, asyncio.Queue[bytes]] = {}
        self._connections: list[Any] = []

    async def open(self, queues: Iterable[tuple[bool, str]]) -> None:
        for partner, url in self._urls.items():
            connection = await aiormq.connect(url)
            self._connections.append(connection)
            self._channels[partner] = await connection.channel(publisher_confirms=True)
        for partner, queue in queues:
            await self._listen(partner, queue)

    async def prepare(self, template: Template) -> None:
        """Make the collections and go round once: a first transaction on a new one is another thing."""
        for step in template.steps:
            database = self._client[f"{self._prefix}_{step.service}"]
            there = await database.list_collection_names()
            wanted = dict.fromkeys([*(name for name, _ in step.rows), "outbox"])
            for name in wanted:
                if name not in there:
                    await database.create_collection(name)
        await self.run(template, orders=BATCH)

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()

    async def run(self, template: Template, *, orders: int) -> float:
        """Write so many orders; give the seconds it took."""
        began = time.perf_counter()
        free = asyncio.Semaphore(AT_ONCE)

        async def one(size: int) -> None:
            async with free:
                await self._batch(template, size)

        sizes = [BATCH] * (orders // BATCH) + ([orders % BATCH] if orders % BATCH else [])
        await asyncio.gather(*(one(size) for size in sizes))
        return time.perf_counter() - began

    async def paced(self, template: Template, *, orders: int, per_second: float) -> list[float]:
        """Write orders one by one at an even pace; give how many milliseconds each took to its message."""
        began = time.perf_counter()

        async def one() -> float:
            sent = time.perf_counter()
            await self._until_message(template, 1)
            milliseconds = (time.perf_counter() - sent) * 1000
            await self._step(template.ended, 1)
            return milliseconds

        writing: list[asyncio.Task[float]] = []
        for number in range(orders):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            writing.append(asyncio.create_task(one()))
        return list(await asyncio.gather(*writing))

    async def _batch(self, template: Template, size: int) -> None:
        await self._until_message(template, size)
        await self._step(template.ended, size)

    async def _until_message(self, template: Template, size: int) -> None:
        await self._step(template.sent, size)
        await asyncio.gather(self._take("prescription", size), self._take("billing", size))
        await asyncio.gather(self._step(template.prescription, size), self._step(template.billing, size))
        await asyncio.gather(self._take("orders", size), self._take("fees", size))
        await self._reply(size)
        await self._take("replies", size)
        await self._step(template.despatched, size)
        await self._take("notification", size)
        for step in (template.notified, template.claimed):
            await self._step(step, size)

    async def _step(self, step: Step, size: int) -> None:
        """One transaction for the batch, then its messages with confirms, then one mark."""
        outbox = [_fresh(row) for _ in range(size) for row in step.outbox]
        database = self._client[f"{self._prefix}_{step.service}"]
        async with (
            self._client.start_session() as session,
            await session.start_transaction(SNAPSHOT, MAJORITY),
        ):
            for name, rows in {**_by_collection(step, size), "outbox": outbox}.items():
                if name in INSERTED and rows:
                    await database[name].insert_many(rows, session=session)
                elif rows:
                    operations = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
                    await database[name].bulk_write(operations, session=session)
        if outbox:
            await asyncio.gather(*(self._publish(row) for row in outbox))
            ids = [row["_id"] for row in outbox]
            await database["outbox"].update_many({"_id": {"$in": ids}}, {"$set": {"published_at": "now"}})

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

    async def _listen(self, partner: bool, queue: str) -> None:
        channel = await self._connections[int(partner)].channel()
        await channel.basic_qos(prefetch_count=BATCH * AT_ONCE)
        heard = self._heard.setdefault(PLACES[queue], asyncio.Queue())

        async def take(message: DeliveredMessage) -> None:
            orjson.loads(message.body)
            heard.put_nowait(message.body)
            await channel.basic_ack(message.delivery_tag or 0)

        await channel.basic_consume(queue, take)

    async def _take(self, place: str, size: int) -> None:
        for _ in range(size):
            await self._heard[place].get()


PLACES = {
    "prescription.hears.ordering.withdrawal_sent.v1": "prescription",
    "billing.hears.ordering.withdrawal_sent.v1": "billing",
    "notification.hears.ordering.order_despatched.v1": "notification",
    "ordering.hears.distributors.replies": "replies",
    "distributor.demo-a.orders": "orders",
    "invoicing.fees": "fees",
}
QUEUES = [(queue.startswith(("distributor.", "invoicing.")) or "replies" in queue, queue) for queue in PLACES]


def _by_collection(step: Step, size: int) -> dict[str, list[Document]]:
    rows: dict[str, list[Document]] = {}
    for name, document in step.rows:
        rows.setdefault(name, []).extend(_fresh(document) for _ in range(size))
    return rows


def _fresh(document: Document) -> Document:
    return {**document, "_id": f"{document['_id']}|{uuid.uuid4().hex}"}
