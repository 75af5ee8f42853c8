"""The bench's simulated distributor, invoicing and SMS gateway: they answer at once and note the time."""

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs

import aiormq
import orjson
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from shared.distributors import orders_queue, reply_key
from tools.embedded.ports import ADDRESS


class Peers:
    """Note the moment of every order, fee and message, by the withdrawal or order they belong to."""

    def __init__(self, partners_url: str, sms_port: int, distributors: Sequence[str]) -> None:
        self._url = partners_url
        self._port = sms_port
        self._distributors = distributors
        self.orders: dict[str, float] = {}
        self.fees: dict[str, float] = {}
        self.messages: dict[str, float] = {}
        self._gateway: asyncio.Server | None = None
        self._connection: Any = None

    async def start(self) -> None:
        self._connection = await aiormq.connect(self._url)
        channel = await self._connection.channel(publisher_confirms=True)
        await channel.basic_qos(prefetch_count=200)
        for distributor in self._distributors:
            await channel.basic_consume(orders_queue(distributor), self._on_order)
        await channel.basic_consume("invoicing.fees", self._on_fee)
        loop = asyncio.get_running_loop()
        self._gateway = await loop.create_server(lambda: Gateway(self._on_message), ADDRESS, self._port)

    async def stop(self) -> None:
        if self._gateway:
            self._gateway.close()
        await self._connection.close()

    async def _on_order(self, message: DeliveredMessage) -> None:
        order = orjson.loads(message.body)
        order_no = order["order_no"]
        self.orders[order_no] = time.perf_counter()
        channel = message.channel
        await channel.basic_ack(message.delivery_tag or 0, wait=False)
        body, properties = despatched(order_no)
        await channel.basic_publish(
            body,
            exchange="distributors.replies",
            routing_key=reply_key(order["distributor"]),
            properties=properties,
        )

    async def _on_fee(self, message: DeliveredMessage) -> None:
        self.fees[orjson.loads(message.body)["source"]["uttag"]] = time.perf_counter()
        await message.channel.basic_ack(message.delivery_tag or 0, wait=False)

    def _on_message(self, reference: str) -> None:
        self.messages[reference.rpartition(":")[2]] = time.perf_counter()


class Gateway(asyncio.Protocol):
    """Takes an SMS in the gateway's form, with as little HTTP as it needs; its reference names the order."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._come = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._come += data
        while (form := self._whole_form()) is not None and self._transport:
            self._note(parse_qs(form)["reference"][0])
            answer = orjson.dumps({"id": uuid.uuid4().hex, "status": "created"})
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            self._transport.write(head.encode() + answer)

    def _whole_form(self) -> str | None:
        head, _, rest = self._come.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(None, 1)
        if not length or len(rest) < int(length[0]):
            return None
        self._come = rest[int(length[0]) :]
        return rest[: int(length[0])].decode()


def despatched(order_no: str) -> tuple[bytes, Basic.Properties]:
    """Write the reply that makes the notice to the patient due."""
    body = {
        "type": "order.despatched.v1",
        "message_id": str(uuid.uuid4()),
        "order_no": order_no,
        "at": datetime.now(UTC).isoformat(),  # noqa: TID251  the partner has a clock of its own
    }
    return orjson.dumps(body), Basic.Properties(message_id=body["message_id"], delivery_mode=2)
