"""Watches our consumers at the broker: whether they are attached, and how often they had to attach again."""

from collections import deque
from collections.abc import Iterable, Mapping
from functools import partial
from time import monotonic
from typing import Any, cast

import aiormq
from aio_pika.robust_channel import RobustChannel
from faststream.rabbit import RabbitBroker
from faststream.rabbit.subscriber import RabbitSubscriber

OFTEN, WITHIN_SECONDS = 5, 60.0
"""So many returns mean a fault: a restarted broker is one, a delivery that breaks its channel is many."""


class Consumers:
    """The subscribers of brokers that run already."""

    def __init__(self, brokers: Iterable[RabbitBroker]) -> None:
        self._subscribers = [
            each for broker in brokers for each in broker.subscribers if isinstance(each, RabbitSubscriber)
        ]
        self.returns: dict[str, int] = {each.queue.name: 0 for each in self._subscribers}
        """How often the consumer of each queue had to attach anew."""
        self._last: dict[str, deque[float]] = {name: deque(maxlen=OFTEN) for name in self.returns}
        for each in self._subscribers:
            channel = cast("RobustChannel", _queue_of(each).channel)
            channel.reopen_callbacks.add(partial(self.came_back, each.queue.name))

    def came_back(self, queue: str, *_: Any) -> None:
        self.returns[queue] += 1
        self._last[queue].append(monotonic())

    async def attached(self) -> Mapping[str, bool]:
        """Tell for each queue whether the broker still knows our consumer: it may have cancelled it."""
        return {each.queue.name: await _is_attached(each) for each in self._subscribers}

    async def all_attached(self) -> bool:
        return all((await self.attached()).values())

    async def all_steady(self) -> bool:
        """Tell whether no consumer returns again and again, which means a message that it cannot read."""
        long_ago = monotonic() - WITHIN_SECONDS
        return not any(len(last) == OFTEN and last[0] > long_ago for last in self._last.values())


async def _is_attached(subscriber: RabbitSubscriber) -> bool:
    queue = subscriber._queue_obj  # noqa: SLF001  FastStream says nowhere else whether it consumes
    tag = subscriber._consumer_tag  # noqa: SLF001
    if queue is None or tag is None or queue.channel.is_closed:
        return False
    channel = cast("aiormq.Channel", await queue.channel.get_underlay_channel())
    return not channel.is_closed and tag in channel.consumers


def _queue_of(subscriber: RabbitSubscriber) -> Any:
    return subscriber._queue_obj  # noqa: SLF001  as above
