"""Runs one bench: system and floor in turn, three times, then orders at an even pace."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from pymongo import AsyncMongoClient

from shared.clock import SystemClock
from shared.domain.days import STOCKHOLM
from tools.bench import seed
from tools.bench.figures import Figures
from tools.bench.floor import ONE_BY_ONE, Floor
from tools.bench.load import Clerks, all_seen, last_moment
from tools.bench.peers import Peers
from tools.bench.system import FLOOR_EVENTS, FLOOR_PARTNERS, RunningSystem, running
from tools.bench.template import Document, Reader, Template
from tools.demo.tokens import Tokens
from tools.embedded import rabbitmq

WARM_UP = 32
CLERKS_AT_ONCE = 64


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    turns: int = 3
    orders: int = 1024
    """In each turn: so many that filling and draining weigh little."""
    paced_orders: int = 600
    per_second: float = 60.0

    @property
    def drafts(self) -> int:
        return WARM_UP + 1 + self.turns * self.orders + self.paced_orders


def measure(size: Size, say: Callable[[str], None]) -> Figures:
    """Start a system of its own, measure, stop it."""
    with running() as system:
        set_to_daytime(system)
        return asyncio.run(_measure(system, size, say))


def set_to_daytime(system: RunningSystem) -> None:
    """Messages to patients go out between 08 and 20, so the run's clock says tomorrow at ten."""
    now = SystemClock().now().astimezone(STOCKHOLM)
    ten = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    offset = (ten - now).total_seconds()
    (system.place.folder / "clock.json").write_text(json.dumps({"offset_seconds": offset}))
    time.sleep(0.5)


async def _measure(system: RunningSystem, size: Size, say: Callable[[str], None]) -> Figures:
    environment = system.environment()
    place = system.place
    peers = Peers(environment["RABBITMQ_PARTNERS_URL"], place.sms_gateway_port, place.distributors)
    await peers.start()
    limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
    client: AsyncMongoClient[Document] = AsyncMongoClient(environment["MONGODB_URL"])
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as http:
        tokens = Tokens(http, environment["SESAM_ISSUER_URL"])
        say(f"making {size.drafts} drafts ...")
        drafts = await seed.drafts(system, tokens, http, count=size.drafts)
        clerks = Clerks(tokens, environment["SESAM_ORDERING_URL"], at_once=CLERKS_AT_ONCE)
        turn = Turn(system, peers, clerks, drafts)
        await turn.warm_up(WARM_UP)
        template = await _template(turn, Reader(client, environment["SESAM_DATABASE_PREFIX"]))
        floor = await floor_of(system, client)
        await floor.prepare(template)
        figures = Figures()
        for number in range(size.turns):
            await turn.system(size.orders, figures)
            await turn.floor(floor, template, size.orders, figures)
            say(_of_turn(number, figures))
        await asyncio.sleep(2)
        await turn.paced(size, figures)
        figures.floor_seen = await floor.paced(template, orders=size.paced_orders, per_second=size.per_second)
        figures.memory_mb = system.memory_mb()
        await floor.close()
        await clerks.close()
    await peers.stop()
    await client.close()
    return figures


def _of_turn(number: int, figures: Figures) -> str:
    return (
        f"turn {number + 1}: {figures.orders_per_second[-1]:.0f} orders/s, "
        f"floor {figures.floor_per_second[-1]:.0f}/s, "
        f"one by one {figures.plain_per_second[-1]:.0f}/s"
    )


async def _template(turn: "Turn", reader: Reader) -> Template:
    """Send one order alone, and read what was written for it."""
    since = await reader.rest()
    await turn.warm_up(1)
    await reader.rest()
    return await reader.template(since=since)


async def floor_of(
    system: RunningSystem, client: AsyncMongoClient[Document], kind: type[Floor] = Floor
) -> Floor:
    """Open a floor beside the running system."""
    port, account = system.place.node.port, system.place.operator
    floor = kind(
        client,
        prefix="floor",
        events=rabbitmq.url(port, FLOOR_EVENTS, account),
        partners=rabbitmq.url(port, FLOOR_PARTNERS, account),
    )
    await floor.open()
    return floor


class Turn:
    """Takes its drafts from the front; each is sent once."""

    def __init__(self, system: RunningSystem, peers: Peers, clerks: Clerks, drafts: list[seed.Draft]) -> None:
        self._town = system
        self._peers = peers
        self._clerks = clerks
        self._drafts = drafts

    async def warm_up(self, orders: int) -> None:
        await all_seen(self._peers, await self._clerks.burst(self._take(orders)))

    async def system(self, orders: int, figures: Figures) -> None:
        drafts = self._take(orders)
        before, began = self._town.cpu_ms(), time.perf_counter()
        sent = await self._clerks.burst(drafts)
        await all_seen(self._peers, sent)
        figures.orders_per_second.append(orders / (last_moment(self._peers, sent) - began))
        after = self._town.cpu_ms()
        figures.cpu_ms.append({name: (after[name] - before[name]) / orders for name in after})

    async def floor(self, floor: Floor, template: Template, orders: int, figures: Figures) -> None:
        figures.floor_per_second.append(orders / await floor.run(template, orders=orders))
        figures.plain_per_second.append(orders / await floor.run(template, orders=orders, **ONE_BY_ONE))

    async def paced(self, size: Size, figures: Figures) -> None:
        before = self._town.cpu_ms()
        sent = await self._clerks.paced(self._take(size.paced_orders), per_second=size.per_second)
        figures.seen.extend(await all_seen(self._peers, sent))
        after = self._town.cpu_ms()
        figures.paced_cpu_ms = {name: (after[name] - before[name]) / len(sent) for name in after}

    def _take(self, count: int) -> list[seed.Draft]:
        taken, self._drafts = self._drafts[:count], self._drafts[count:]
        return taken
