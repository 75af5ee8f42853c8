"""Measures orders of devices up to reservation and pick list, over many articles and for one (Q36).

The floor repeats what one order wrote; there each order has a balance of its own, as if nobody shared one.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from types import MappingProxyType
from typing import Any, ClassVar

import aiormq
import httpx
import orjson
from aiormq.abc import DeliveredMessage
from pymongo import AsyncMongoClient

from shared.events.inventory_goods import DeviceOrderReserved
from shared.repository.outbox import EVENTS_EXCHANGE
from tools.bench import seed
from tools.bench.bench import floor_of, set_to_daytime
from tools.bench.desk import Desk
from tools.bench.floor import Floor
from tools.bench.system import RunningSystem, running
from tools.bench.template import Document, Reader, Template
from tools.demo.people import PEOPLE
from tools.demo.tokens import Tokens

SECRETARY, PRESCRIBER, KEEPER = "secretary", "sleep_nurse", "warehouse_keeper"
ARTICLES = tuple(f"9103{number:02d}" for number in range(6))
"""Counted masks: what is on a shelf is one balance for each."""
PIECES = 9_999
WARM_UP = 32
CLERKS_AT_ONCE = 64
ARRIVES_WITHIN_SECONDS = 120
SENT, RESERVED = (
    "inventory.hears.ordering.device_order_sent.v1",
    f"ordering.hears.{DeviceOrderReserved.topic}",
)
BILLING = "billing.hears.ordering.device_order_sent.v1"
STEPS = MappingProxyType(
    {
        "sent": "ordering.send_device_basket|",
        "reserved": f"{SENT}|",
        "billing": f"{BILLING}|",
        "ended": f"{RESERVED}|",
    }
)
ORDER_NO = re.compile(rb'order_no[\\": ]+(B[0-9]{4}-[0-9]+-[0-9])')


class DeviceFloor(Floor):
    """An order is written, reserved and noted; billing keeps it beside."""

    queues: ClassVar[Sequence[str]] = (SENT, RESERVED, BILLING)

    async def _until_message(self, template: Template, batch: Sequence[str]) -> None:
        await self._step(template["sent"], batch)
        await asyncio.gather(self._noted(template, batch), self._reserved(template, batch))

    async def _noted(self, template: Template, batch: Sequence[str]) -> None:
        await self._take(BILLING, len(batch))
        await self._step(template["billing"], batch)

    async def _reserved(self, template: Template, batch: Sequence[str]) -> None:
        await self._take(SENT, len(batch))
        await self._step(template["reserved"], batch)
        await self._take(RESERVED, len(batch))


@dataclass
class DeviceFigures:
    """Orders per second, by turn."""

    many: list[float] = field(default_factory=list)
    one: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    cpu_ms: list[Mapping[str, float]] = field(default_factory=list)
    """Of an order of one of many articles, by process."""

    @property
    def last(self) -> str:
        return ", ".join(f"{values[-1]:.0f}" for values in (self.many, self.floor, self.one))

    def lines(self) -> Sequence[str]:
        """Say it for people; a ratio is the median of those of the turns."""
        rows: Mapping[str, list[float]] = {
            f"orders of {len(ARTICLES)} articles": self.many,
            f"{CLERKS_AT_ONCE} clerks order one article": self.one,
            "floor, a balance for each order": self.floor,
        }
        figures = [
            f"{name:<34}{median(values):8.1f} a second   turns {' '.join(f'{each:.0f}' for each in values)}"
            for name, values in rows.items()
        ]
        ratios = [
            f"{name:<34}{ratio(values, self.floor):8.2f}"
            for name, values in (("ratio, many articles", self.many), ("ratio, one article", self.one))
        ]
        spent = {name: median(turn[name] for turn in self.cpu_ms) for name in self.cpu_ms[0]}
        each = ", ".join(f"{name} {value:.1f}" for name, value in spent.items() if value)
        return [*figures, *ratios, f"{'CPU ms for an order':<34}{sum(spent.values()):8.1f}   {each}"]


def ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ours, floor, strict=True))


class Listener:
    """Notes the moment when an order's reservation is published: it stands on the pick list then."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self.reserved: dict[str, float] = {}

    async def start(self) -> None:
        self._connection = await aiormq.connect(self._url)
        channel = await self._connection.channel()
        declared = await channel.queue_declare("", exclusive=True)
        await channel.queue_bind(declared.queue, EVENTS_EXCHANGE, routing_key=DeviceOrderReserved.topic)
        await channel.basic_consume(declared.queue, self._take, no_ack=True)

    async def stop(self) -> None:
        await self._connection.close()

    async def _take(self, message: DeliveredMessage) -> None:
        now = time.perf_counter()
        for found in ORDER_NO.findall(message.body):
            self.reserved.setdefault(found.decode(), now)


class Secretaries:
    """People who send baskets that are filled already."""

    def __init__(self, tokens: Tokens, ordering_url: str, listener: Listener) -> None:
        self._tokens = tokens
        self._listener = listener
        self._free: asyncio.Queue[Desk] = asyncio.Queue()
        for _ in range(CLERKS_AT_ONCE):
            self._free.put_nowait(Desk(ordering_url))

    async def send(self, patient_ref: str) -> str:
        token = await self._tokens.of(SECRETARY)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"send-{patient_ref}"}
        desk = await self._free.get()
        answer = orjson.loads(await desk.post(f"/device-baskets/{patient_ref}/send", headers))
        self._free.put_nowait(desk)
        return str(answer["orders"][0]["order_no"])

    async def burst(self, baskets: Sequence[str]) -> float:
        """Send all; give orders per second until the last one is reserved."""
        began, reserved = time.perf_counter(), self._listener.reserved
        orders = await asyncio.gather(*map(self.send, baskets))
        async with asyncio.timeout(ARRIVES_WITHIN_SECONDS):
            while not all(each in reserved for each in orders):  # noqa: ASYNC110  looked at now and then
                await asyncio.sleep(0.02)
        return len(orders) / (max(reserved[each] for each in orders) - began)

    async def close(self) -> None:
        while not self._free.empty():
            await self._free.get_nowait().close()


def measure(turns: int, orders: int, say: Callable[[str], None]) -> DeviceFigures:
    """Start a system of its own, measure, stop it."""
    with running() as system:
        set_to_daytime(system)
        return asyncio.run(_measure(system, turns, orders, say))


async def _measure(
    system: RunningSystem, turns: int, orders: int, say: Callable[[str], None]
) -> DeviceFigures:
    environment = system.environment()
    listener = Listener(environment["RABBITMQ_URL"])
    await listener.start()
    client: AsyncMongoClient[Document] = AsyncMongoClient(environment["MONGODB_URL"])
    limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as http:
        tokens = Tokens(http, environment["SESAM_ISSUER_URL"])
        shop, count = Shop(system, tokens, http), WARM_UP + 1 + 2 * turns * orders
        await shop.fill_shelves()
        say(f"filling {count} baskets ...")
        shop.patients = await seed.patients(system, count=count)
        secretaries = Secretaries(tokens, environment["SESAM_ORDERING_URL"], listener)
        figures = await _turns(system, client, shop, secretaries, size=(turns, orders), say=say)
        await secretaries.close()
    await listener.stop()
    await client.close()
    return figures


async def _turns(
    system: RunningSystem,
    client: AsyncMongoClient[Document],
    shop: "Shop",
    secretaries: Secretaries,
    *,
    size: tuple[int, int],
    say: Callable[[str], None],
) -> DeviceFigures:
    (turns, orders), figures = size, DeviceFigures()
    many = [await shop.baskets(orders, ARTICLES) for _ in range(turns)]
    one = [await shop.baskets(orders, ARTICLES[:1]) for _ in range(turns)]
    await secretaries.burst(await shop.baskets(WARM_UP, ARTICLES))
    reader = Reader(client, system.environment()["SESAM_DATABASE_PREFIX"], steps=STEPS, causes={})
    alone = await shop.baskets(1, ARTICLES)
    since = await reader.rest()
    await secretaries.burst(alone)
    await reader.rest()
    template = await reader.template(since=since)
    floor = await floor_of(system, client, DeviceFloor)
    await floor.prepare(template)
    for of_many, of_one in zip(many, one, strict=True):
        before = system.cpu_ms()
        figures.many.append(await secretaries.burst(of_many))
        figures.cpu_ms.append(
            {name: (spent - before[name]) / orders for name, spent in system.cpu_ms().items()}
        )
        figures.floor.append(orders / await floor.run(template, orders=orders))
        figures.one.append(await secretaries.burst(of_one))
        say(f"orders of many articles, floor, of one: {figures.last}")
    await floor.close()
    return figures


class Shop:
    """Fills shelves and baskets, over HTTP as people do."""

    def __init__(self, system: RunningSystem, tokens: Tokens, http: httpx.AsyncClient) -> None:
        self._urls = system.environment()
        self._tokens = tokens
        self._http = http
        self._at_once = asyncio.Semaphore(seed.AT_ONCE)
        self.patients: list[str] = []
        """Those who have no basket yet."""

    async def fill_shelves(self) -> None:
        for article_no in ARTICLES:
            form = {"storeroom_no": "DEMO-W1", "article_no": article_no, "quantity": PIECES}
            await self._ask(KEEPER, "INVENTORY", "POST", "/goods/receive", form)

    async def baskets(self, count: int, articles: Sequence[str]) -> list[str]:
        """Fill so many baskets with a piece each; give the patients."""
        chosen, self.patients = self.patients[:count], self.patients[count:]
        both = zip(chosen, cycle(articles), strict=False)
        await asyncio.gather(*(self._basket(patient_ref, article_no) for patient_ref, article_no in both))
        return chosen

    async def _basket(self, patient_ref: str, article_no: str) -> None:
        path = f"/device-baskets/{patient_ref}"
        head = {"care_unit": "DEMO-101", "prescriber": PEOPLE[PRESCRIBER].sub}
        line = {"article_no": article_no, "source": "warehouse"}
        async with self._at_once:
            await self._ask(SECRETARY, "ORDERING", "PUT", path, head)
            await self._ask(SECRETARY, "ORDERING", "POST", f"{path}/lines", line)
            await self._until_known(path)

    async def _until_known(self, path: str) -> None:
        """Wait until ordering knows the patient, and nothing speaks against sending."""
        async with asyncio.timeout(seed.HEARD_WITHIN_SECONDS):
            while (await self._ask(SECRETARY, "ORDERING", "GET", path))["reasons"]:  # noqa: ASYNC110  over HTTP
                await asyncio.sleep(0.1)

    async def _ask(self, person: str, service: str, method: str, path: str, form: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {await self._tokens.of(person)}"}
        if method != "GET":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        url = f"{self._urls[f'SESAM_{service}_URL']}{path}"
        answer = await self._http.request(method, url, json=form, headers=headers)
        answer.raise_for_status()
        return answer.json()
