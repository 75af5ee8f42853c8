"""Sends withdrawals: all at once for throughput, at an even pace for latency."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from tools.bench.desk import Desk
from tools.bench.peers import Peers
from tools.bench.seed import Draft, bearer
from tools.demo.tokens import Tokens

ARRIVES_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class Sent:
    """One POST send-withdrawal: when it began, when it was answered, and its order."""

    withdrawal_no: str
    order_no: str
    began: float
    answered: float


@dataclass(frozen=True)
class Seen:
    """When everything of one withdrawal had come, in milliseconds from its POST."""

    answer: float
    order: float
    fee: float
    message: float

    @property
    def effect(self) -> float:
        return max(self.order, self.fee, self.message)


class Clerks:
    """Customer service, sending drafts; each clerk has a connection of their own, as at a desk."""

    def __init__(self, tokens: Tokens, ordering_url: str, *, at_once: int) -> None:
        self._tokens = tokens
        self._all = [Desk(ordering_url) for _ in range(at_once)]
        self._free: asyncio.Queue[Desk] = asyncio.Queue()
        for each in self._all:
            self._free.put_nowait(each)

    async def send(self, draft: Draft, began: float | None = None) -> Sent:
        headers = await bearer(self._tokens, key=f"send-{draft.withdrawal_no}")
        desk = await self._free.get()
        began = began or time.perf_counter()
        answer = orjson.loads(await desk.post(f"/withdrawals/{draft.withdrawal_no}/send", headers))
        self._free.put_nowait(desk)
        return Sent(draft.withdrawal_no, str(answer["order_nos"][0]), began, time.perf_counter())

    async def burst(self, drafts: Sequence[Draft]) -> list[Sent]:
        """Send all, each clerk one after the other."""
        return list(await asyncio.gather(*(self.send(each) for each in drafts)))

    async def close(self) -> None:
        await asyncio.gather(*(each.close() for each in self._all))

    async def paced(self, drafts: Sequence[Draft], *, per_second: float) -> list[Sent]:
        """Send at an even pace, whatever the answers take."""
        began = time.perf_counter()
        sending: list[asyncio.Task[Sent]] = []
        for number, draft in enumerate(drafts):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            sending.append(asyncio.create_task(self.send(draft, time.perf_counter())))
        return list(await asyncio.gather(*sending))


async def all_seen(peers: Peers, sent: Sequence[Sent]) -> list[Seen]:
    """Wait until every order, fee and message has come; raises TimeoutError."""
    async with asyncio.timeout(ARRIVES_WITHIN_SECONDS):
        while missing(peers, sent):  # noqa: ASYNC110  looked at now and then, so that looking costs nothing
            await asyncio.sleep(0.02)
    return [_seen(peers, each) for each in sent]


def missing(peers: Peers, sent: Sequence[Sent]) -> int:
    return sum(
        not (
            each.order_no in peers.orders
            and each.withdrawal_no in peers.fees
            and each.order_no in peers.messages
        )
        for each in sent
    )


def last_moment(peers: Peers, sent: Sequence[Sent]) -> float:
    moments = [
        max(peers.orders[each.order_no], peers.fees[each.withdrawal_no], peers.messages[each.order_no])
        for each in sent
    ]
    return max(moments)


def _seen(peers: Peers, sent: Sent) -> Seen:
    return Seen(
        answer=(sent.answered - sent.began) * 1000,
        order=(peers.orders[sent.order_no] - sent.began) * 1000,
        fee=(peers.fees[sent.withdrawal_no] - sent.began) * 1000,
        message=(peers.messages[sent.order_no] - sent.began) * 1000,
    )
