"""The demo's peers as programs of their own, on a real broker."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import pytest
from pydantic import BaseModel

from shared.partners import FeeAcknowledged, Reply
from tests.conftest import Rabbitmq
from tests.demo.orders import FEE, ORDER
from tools.demo.journal import read

pytestmark = pytest.mark.connected

WITHIN_SECONDS = 15.0


@asynccontextmanager
async def peer(name: str, rabbitmq: Rabbitmq, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a peer until the block ends; it says one line when it is ready."""
    environment = {
        "RABBITMQ_PARTNERS_URL": rabbitmq.partners_url,
        "SESAM_DISTRIBUTORS": '["demo-a", "demo-b"]',
        "SESAM_PEER_LOG_DIR": str(folder),
        "SESAM_PEER_DELAY_SECONDS": "0.05",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tools.demo.{name}",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), WITHIN_SECONDS)
        assert line.startswith(f"{name}: ready".encode())
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), WITHIN_SECONDS)


class Listener:
    """Hears what the peer answers, and says what it is asked."""

    def __init__(self, channel: aio_pika.abc.AbstractChannel, queue: aio_pika.abc.AbstractQueue) -> None:
        self._channel = channel
        self._queue = queue
        self.heard: list[bytes] = []

    async def say(self, exchange: str, routing_key: str, body: BaseModel | bytes) -> None:
        target = await self._channel.get_exchange(exchange)
        raw = body if isinstance(body, bytes) else body.model_dump_json().encode()
        await target.publish(aio_pika.Message(raw), routing_key, mandatory=True)

    async def hear(self, count: int) -> Sequence[bytes]:
        deadline = asyncio.get_running_loop().time() + WITHIN_SECONDS
        while len(self.heard) < count:
            message = await self._queue.get(no_ack=True, fail=False)
            if message is not None:
                self.heard.append(message.body)
            else:
                assert asyncio.get_running_loop().time() < deadline, self.heard
                await asyncio.sleep(0.02)
        return self.heard


@asynccontextmanager
async def listener(rabbitmq: Rabbitmq, exchange: str) -> AsyncIterator[Listener]:
    connection = await aio_pika.connect(rabbitmq.partners_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, "#")
        yield Listener(channel, queue)


async def until(holds: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + WITHIN_SECONDS
    while not holds():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)


def is_delivered(book: Path) -> bool:
    """Tell whether it was delivered; a book that was just opened says nothing yet."""
    return any(entry.get("step") == "delivered" for entry in read(book))


async def test_an_order_on_the_bus_is_answered_until_it_is_delivered(
    rabbitmq: Rabbitmq, tmp_path: Path
) -> None:
    async with listener(rabbitmq, "distributors.replies") as outside, peer("distributor", rabbitmq, tmp_path):
        await outside.say("distributors.orders", "distributor.demo-a.orders", ORDER)

        heard = await outside.hear(4)

    types = [Reply.model_validate({"reply": json.loads(body)}).reply.type for body in heard]
    assert types == ["order.ack.v1", "order.response.v1", "order.despatched.v1", "order.delivered.v1"]


async def test_the_same_order_twice_is_one_order(rabbitmq: Rabbitmq, tmp_path: Path) -> None:
    async with listener(rabbitmq, "distributors.replies") as outside, peer("distributor", rabbitmq, tmp_path):
        await outside.say("distributors.orders", "distributor.demo-a.orders", ORDER)
        await outside.say("distributors.orders", "distributor.demo-a.orders", ORDER)

        await until(lambda: is_delivered(tmp_path / "distributor.jsonl"))

    book = [entry["what"] for entry in read(tmp_path / "distributor.jsonl")]
    assert (book.count("asked"), book.count("asked-again"), book.count("answered")) == (1, 1, 4)


async def test_a_distributor_killed_in_the_middle_goes_on_where_it_was(
    rabbitmq: Rabbitmq, tmp_path: Path
) -> None:
    async with listener(rabbitmq, "distributors.replies") as outside:
        async with peer("distributor", rabbitmq, tmp_path) as killed:
            await outside.say("distributors.orders", "distributor.demo-b.orders", ORDER)
            await outside.hear(1)
            killed.kill()
            await killed.wait()
        async with peer("distributor", rabbitmq, tmp_path):
            await until(lambda: is_delivered(tmp_path / "distributor.jsonl"))

    steps = [entry["step"] for entry in read(tmp_path / "distributor.jsonl") if entry["what"] == "answered"]
    assert steps == ["ack", "response", "despatched", "delivered"]


async def test_an_order_that_cannot_be_read_is_noted_and_the_next_one_is_served(
    rabbitmq: Rabbitmq, tmp_path: Path
) -> None:
    async with listener(rabbitmq, "distributors.replies") as outside, peer("distributor", rabbitmq, tmp_path):
        await outside.say("distributors.orders", "distributor.demo-a.orders", b"{")
        await outside.say("distributors.orders", "distributor.demo-a.orders", ORDER)

        await outside.hear(4)

    assert read(tmp_path / "distributor.jsonl")[0]["what"] == "unreadable"


async def test_a_fee_on_the_bus_is_accepted_and_invoiced(rabbitmq: Rabbitmq, tmp_path: Path) -> None:
    async with listener(rabbitmq, "invoicing.acks") as outside, peer("invoicing", rabbitmq, tmp_path):
        await outside.say("invoicing", "invoicing.fees", FEE)

        heard = await outside.hear(2)

    assert [FeeAcknowledged.model_validate_json(body).status for body in heard] == ["accepted", "invoiced"]


async def test_a_peer_that_is_told_to_stop_ends_well(rabbitmq: Rabbitmq, tmp_path: Path) -> None:
    async with peer("invoicing", rabbitmq, tmp_path) as stopped:
        stopped.send_signal(signal.SIGTERM)

        code = await asyncio.wait_for(stopped.wait(), WITHIN_SECONDS)

    assert code == 0
