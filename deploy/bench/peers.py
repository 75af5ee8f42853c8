"""The bench's own distributor, invoicing and SMS gateway: they answer at once and note when."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import aiormq
import orjson
import uvicorn
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

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
        self._serving: asyncio.Task[None] | None = None
        self._server: uvicorn.Server | None = None
        self._connection: Any = None

    async def start(self) -> None:
        self._connection = await aiormq.connect(self._url)
        channel = await self._connection.channel(publisher_confirms=True)
        await channel.basic_qos(prefetch_count=200)
        for distributor in DISTRIBUTORS:
            await channel.basic_consume(f"distributor.{distributor}.orders", self._on_order)
        await channel.basic_consume("invoicing.fees", self._on_fee)
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

    async def _on_order(self, message: DeliveredMessage) -> None:
        order_no = orjson.loads(message.body)["order_no"]
        self.orders[order_no] = time.perf_counter()
        channel = message.channel
        await channel.basic_ack(message.delivery_tag or 0)
        body, properties = despatched(order_no)
        await channel.basic_publish(
            body, exchange="distributors.replies", routing_key="reply.bench", properties=properties
        )

    async def _on_fee(self, message: DeliveredMessage) -> None:
        self.fees[orjson.loads(message.body)["source"]["uttag"]] = time.perf_counter()
        await message.channel.basic_ack(message.delivery_tag or 0)

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


def despatched(order_no: str) -> tuple[bytes, Basic.Properties]:
    """Write the reply that makes the notice to the patient due."""
    body = {
        "type": "order.despatched.v1",
        "message_id": str(uuid.uuid4()),
        "order_no": order_no,
        "at": datetime.now(UTC).isoformat(),  # noqa: TID251  the partner has a clock of its own
    }
    return orjson.dumps(body), Basic.Properties(message_id=body["message_id"], delivery_mode=2)


def _field(form: str, name: str) -> str:
    return parse_qs(form).get(name, [""])[0]
