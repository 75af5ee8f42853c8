"""So many messages may be with a gateway at once, and fewer while it is in trouble (Q24, N7)."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from services.notification.domain.health import AT_ONCE, Health
from services.notification.domain.message import CHAIN, Channel
from services.notification.gateways.gates import Gates
from shared.clock import FixedClock
from tests.notification.in_memory import AT


@dataclass
class Gateway:
    """Keeps each message that comes in until it is let go; `most` is how many it had at once."""

    gates: Gates
    there: int = 0
    most: int = 0
    turned_away: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, channel: Channel = "sms") -> None:
        async with self.gates.place(channel) as has_place:
            if not has_place:
                self.turned_away += 1
                return
            self.there += 1
            self.most = max(self.most, self.there)
            await self.go.wait()
            self.there -= 1


@dataclass
class Healths:
    sms: Health | None = None

    def __call__(self) -> dict[Channel, Health | None]:
        return {each: self.sms if each == "sms" else None for each in CHAIN}


async def begun(gateway: Gateway, count: int, channel: Channel = "sms") -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(gateway.send(channel)) for _ in range(count)]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


async def test_the_others_wait_for_a_place_and_each_gets_one() -> None:
    gateway = Gateway(Gates(Healths(), FixedClock(AT)))

    tasks = await begun(gateway, 3 * AT_ONCE)
    at_first = gateway.there
    gateway.go.set()
    await asyncio.gather(*tasks)

    assert (at_first, gateway.most, gateway.turned_away) == (AT_ONCE, AT_ONCE, 0)


async def test_each_channel_has_places_of_its_own() -> None:
    gateway = Gateway(Gates(Healths(), FixedClock(AT)))

    tasks = [*await begun(gateway, AT_ONCE), *await begun(gateway, AT_ONCE, "email")]
    together = gateway.there
    gateway.go.set()
    await asyncio.gather(*tasks)

    assert together == 2 * AT_ONCE


async def test_while_a_gateway_is_in_doubt_one_at_a_time_is_with_it() -> None:
    healths = Healths()
    gateway = Gateway(Gates(healths, FixedClock(AT)))
    tasks = await begun(gateway, 2 * AT_ONCE)

    healths.sms = Health("sms", in_a_row=1)
    gateway.most = 0
    gateway.go.set()
    for _ in range(20):
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)

    assert gateway.most <= 1


async def test_who_waits_while_the_gateway_begins_to_rest_is_turned_away() -> None:
    healths = Healths()
    gateway = Gateway(Gates(healths, FixedClock(AT)))
    tasks = await begun(gateway, 2 * AT_ONCE)

    healths.sms = Health("sms", in_a_row=3, rests_until=AT + timedelta(minutes=5), is_troubled=True)
    gateway.go.set()
    await asyncio.gather(*tasks)

    assert gateway.turned_away == AT_ONCE


async def test_who_gives_up_waiting_or_fails_takes_no_place_along() -> None:
    gateway = Gateway(Gates(Healths(), FixedClock(AT)))
    tasks = await begun(gateway, AT_ONCE + 1)

    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    gateway.there = 0
    others = await begun(gateway, AT_ONCE)
    there = gateway.there
    gateway.go.set()
    await asyncio.gather(*others)

    assert there == AT_ONCE
