"""Deliveries that end at the same moment are acknowledged together, and never one that did not end."""

import asyncio
import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.acks import Acks


class ChannelGone(Exception):
    """The connection was lost before the acknowledgement."""


@dataclass(eq=False)
class Channel:
    """The broker's end: it refuses a tag that it does not wait for, as RabbitMQ does."""

    delivered: int
    is_open: bool = True
    waiting: set[int] = field(init=False)
    words: list[tuple[int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waiting = set(range(1, self.delivered + 1))

    async def basic_ack(self, tag: int, *, multiple: bool = False, wait: bool = True) -> None:
        assert wait is False
        if not self.is_open:
            raise ChannelGone
        assert tag in self.waiting, f"unknown delivery tag {tag}"
        self.words.append((tag, multiple))
        self.waiting -= {each for each in self.waiting if each == tag or (multiple and each < tag)}


@dataclass(frozen=True)
class Delivery:
    channel: Channel
    delivery_tag: int


async def end(acks: Acks, channel: Channel, *tags: int) -> None:
    await asyncio.gather(*(acks.ended(Delivery(channel, tag)) for tag in tags))  # type: ignore[arg-type]


async def test_what_ends_at_the_same_moment_is_one_word() -> None:
    acks, channel = Acks(), Channel(4)
    await end(acks, channel, 3, 1, 2)
    assert channel.words == [(3, True)]
    assert channel.waiting == {4}


async def test_a_delivery_that_takes_long_holds_up_no_other() -> None:
    acks, channel = Acks(), Channel(4)
    await end(acks, channel, 1, 3, 4)
    assert channel.waiting == {2}
    await end(acks, channel, 2)
    assert not channel.waiting
    assert channel.words[-1] == (2, True)


async def test_a_new_channel_counts_from_the_beginning() -> None:
    acks, first, second = Acks(), Channel(3), Channel(3)
    await end(acks, first, 1, 2)
    await end(acks, second, 1)
    await end(acks, first, 3)
    assert (first.waiting, second.waiting) == (set(), {2, 3})


async def test_the_same_delivery_is_acknowledged_once() -> None:
    acks, channel = Acks(), Channel(2)
    await end(acks, channel, 1, 1)
    await end(acks, channel, 1, 2)
    assert channel.words == [(1, True), (2, True)]


async def test_one_that_is_cancelled_does_not_silence_the_others() -> None:
    acks, channel = Acks(), Channel(2)
    first = asyncio.create_task(acks.ended(Delivery(channel, 1)))  # type: ignore[arg-type]
    second = asyncio.create_task(acks.ended(Delivery(channel, 2)))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert channel.words == [(2, True)]


async def test_whoever_ends_on_a_lost_channel_is_told() -> None:
    acks, channel = Acks(), Channel(2)
    channel.is_open = False
    with pytest.raises(ChannelGone):
        await acks.ended(Delivery(channel, 1))  # type: ignore[arg-type]


@given(order=st.permutations(range(1, 13)), cuts=st.sets(st.integers(1, 11)))
def test_in_whatever_order_they_end_each_is_acknowledged_and_none_before(
    order: list[int], cuts: set[int]
) -> None:
    places = [0, *sorted(cuts), len(order)]

    async def play() -> None:
        acks, channel = Acks(), Channel(len(order))
        for begin, stop in itertools.pairwise(places):
            await end(acks, channel, *order[begin:stop])
            assert channel.waiting == set(order[stop:])

    asyncio.run(play())
