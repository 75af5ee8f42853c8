"""What an outside partner says takes effect in its order, once; nothing that it sends takes others along."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from pamqp.commands import Basic

from tests.conftest import Rabbitmq
from tests.shared.bus import until
from tests.shared.frames import THE_BROKER_REFUSES, UNREADABLE_PROPERTIES, Raw
from tests.shared.partner import Diary, Partner, Said, partner

pytestmark = pytest.mark.connected

GOOD = 30
THINGS = "abcdef"
UNREADABLE = [row for name, row in UNREADABLE_PROPERTIES.items() if name not in THE_BROKER_REFUSES]


@pytest.fixture
async def outside(rabbitmq: Rabbitmq, mongodb_url: str, database_prefix: str) -> AsyncIterator[Partner]:
    async with partner(rabbitmq.partners_url, mongodb_url, database_prefix, replicas=2) as outside:
        yield outside


async def test_a_message_that_the_client_cannot_read_is_parked_alone_with_its_reason(
    outside: Partner,
) -> None:
    (consumer, _) = outside.replicas
    for number, (name, written) in enumerate(UNREADABLE):
        body = json.dumps({"thing": "bad", "number": number}).encode()
        await outside.say(body, properties=Raw({name: written}))
    for number in range(GOOD):
        await outside.tell(number)
    await consumer.start()

    async def done() -> bool:
        heard, parked = await consumer.diary(), await consumer.parked()
        return len(heard.numbers) == GOOD and len(parked) == len(UNREADABLE)

    await until(done)
    parked = await consumer.parked()
    assert {each.reason.rpartition(": ")[2] for each in parked} == {name for name, _ in UNREADABLE}
    assert (await consumer.diary("bad")).numbers == ()


async def test_what_is_about_one_thing_takes_effect_in_the_order_it_was_said(outside: Partner) -> None:
    for number in range(40):
        for thing in THINGS:
            await outside.tell(number, thing=thing)
    await asyncio.gather(*(each.start() for each in outside.replicas))

    async def all_heard() -> bool:
        return all([len((await outside.replicas[0].diary(each)).numbers) == 40 for each in THINGS])

    await until(all_heard, within_seconds=30)
    for thing in THINGS:
        assert (await outside.replicas[0].diary(thing)).numbers == tuple(range(40))


async def test_the_order_outlives_a_replica_that_dies_with_messages_in_hand(outside: Partner) -> None:
    first, second = outside.replicas
    for number in range(40):
        for thing in THINGS:
            await outside.tell(number, thing=thing)
    await first.start()
    await second.start()

    async def begun() -> bool:
        return len((await first.diary()).numbers) >= 5

    await until(begun)
    assert first.broker
    await first.broker._connection.transport.connection.close(OSError("killed"))  # type: ignore[union-attr]

    async def all_heard() -> bool:
        return all([len((await first.diary(each)).numbers) == 40 for each in THINGS])

    await until(all_heard, within_seconds=30)
    for thing in THINGS:
        assert (await first.diary(thing)).numbers == tuple(range(40))


async def test_another_message_under_a_known_id_is_kept_as_a_contradiction(outside: Partner) -> None:
    (consumer, _) = outside.replicas
    await consumer.start()
    await outside.tell(1, thing="a", id_="1")
    await outside.tell(1, thing="a", id_="1")
    await outside.tell(2, thing="b", id_="1")
    await outside.tell(2, thing="b", id_="1")
    await outside.tell(3, thing="c", id_="1", key="another.partner")
    await outside.tell(9, thing="last")

    async def heard() -> bool:
        return bool((await consumer.diary("last")).numbers and (await consumer.diary("b")).odd)

    await until(heard)
    await asyncio.sleep(0.3)
    assert [await consumer.diary(each) for each in "abc"] == [
        Diary("a", numbers=(1,)), Diary("b", odd=(2,)), Diary("c", numbers=(3,)),
    ]  # fmt: skip


async def test_without_an_amqp_id_the_bodys_own_tells_messages_apart(outside: Partner) -> None:
    (consumer, _) = outside.replicas
    await consumer.start()
    same = {"thing": "a", "number": 1, "message_id": "1"}
    for body in (same, dict(reversed(same.items())), {"thing": "b", "number": 2, "message_id": "1"}):
        await outside.say(json.dumps(body).encode(), properties=Raw({}))  # aiormq would give it an id

    async def heard() -> bool:
        return bool((await consumer.diary("b")).odd)

    await until(heard)
    assert await consumer.diary("a") == Diary("a", numbers=(1,))


async def test_two_messages_that_nobody_can_read_under_one_id_are_both_kept(outside: Partner) -> None:
    (consumer, _) = outside.replicas
    await consumer.start()
    for body in (b"one", b"two", b"two"):
        await outside.say(body, properties=Basic.Properties(message_id="1"))

    async def parked() -> bool:
        return len(await consumer.parked()) == 2

    await until(parked)


def test_a_partners_message_is_about_what_its_body_names() -> None:
    assert Said(thing="a", number=1).subject == "a"
