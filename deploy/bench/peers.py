"""The bench's own distributor, invoicing and SMS gateway: they answer at once and note when."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import aio_pika
import orjson
import uvicorn
from aio_pika.abc import AbstractIncomingMessage

from deploy.local.ports import ADDRESS

DISTRIBUTORS = ("demo-a", "demo-b")


class Peers:
    """Note the moment of every order, fee and message, by the withdrawal or order they belong to."""

    def __init__(self, partners_url: str, sms_port: int) -> None:
        self._url = partners_url
        self._port = sms_port
        self.orders: dict[str, float] = {}
        self.fees: dict[str, float] = {}
        self.messages: dict[str, float] = {}
        self._replies: Any = None
        self._serving: asyncio.Task[None] | None = None
        self._server: uvicorn.Server | None = None
        self._connection: Any = None

    async def start(self) -> None:
        self._connection = await aio_pika.connect(self._url)
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=200)
        self._replies = await channel.get_exchange("distributors.replies", ensure=False)
        for distributor in DISTRIBUTORS:
            queue = await channel.get_queue(f"distributor.{distributor}.orders", ensure=False)
            await queue.consume(self._on_order)
        fees = await channel.get_queue("invoicing.fees", ensure=False)
        await fees.consume(self._on_fee)
        config = uvicorn.Config(
            self._gateway,
            host=ADDRESS,
            port=self._port,
            interface="asgi3",
            log_level="error",
            access_log=False,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())

    async def stop(self) -> None:
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving
        await self._connection.close()

    async def _on_order(self, message: AbstractIncomingMessage) -> None:
        order = orjson.loads(message.body)
        self.orders[order["order_no"]] = time.perf_counter()
        await message.ack()
        await self._replies.publish(despatched(order["order_no"]), "reply.bench")

    async def _on_fee(self, message: AbstractIncomingMessage) -> None:
        self.fees[orjson.loads(message.body)["source"]["uttag"]] = time.perf_counter()
        await message.ack()

    async def _gateway(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        """Take an SMS in the gateway's form; the reference names the order."""
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        reference = dict(scope["headers"]).get(b"reference", b"").decode() or _field(
            body.decode(), "reference"
        )
        self.messages[reference.rpartition(":")[2]] = time.perf_counter()
        answer = json.dumps({"id": uuid.uuid4().hex, "status": "created"}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def despatched(order_no: str) -> aio_pika.Message:
    """Write the reply that makes the notice to the patient due."""
    body = {
        "type": "order.despatched.v1",
        "message_id": str(uuid.uuid4()),
        "order_no": order_no,
        "at": datetime.now(UTC).isoformat(),  # noqa: TID251  the partner has a clock of its own
    }
    return aio_pika.Message(
        orjson.dumps(body), message_id=body["message_id"], delivery_mode=aio_pika.DeliveryMode.PERSISTENT
    )


def _field(form: str, name: str) -> str:
    return parse_qs(form).get(name, [""])[0]
