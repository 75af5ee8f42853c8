"""Sending withdrawals: all at once for the throughput, at an even pace for the latency."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from deploy.bench.peers import Peers
from deploy.bench.seed import Draft, bearer
from deploy.demo.tokens import Tokens

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
    """Customer service, sending drafts."""

    def __init__(self, http: httpx.AsyncClient, tokens: Tokens, ordering_url: str) -> None:
        self._http = http
        self._tokens = tokens
        self._url = ordering_url

    async def send(self, draft: Draft) -> Sent:
        headers = await bearer(self._tokens, key=f"send-{draft.withdrawal_no}")
        began = time.perf_counter()
        answer = await self._http.post(f"{self._url}/withdrawals/{draft.withdrawal_no}/send", headers=headers)
        answered = time.perf_counter()
        answer.raise_for_status()
        return Sent(draft.withdrawal_no, str(answer.json()["order_nos"][0]), began, answered)

    async def burst(self, drafts: Sequence[Draft], *, at_once: int) -> list[Sent]:
        """Send all, so many at the same time."""
        free = asyncio.Semaphore(at_once)

        async def one(draft: Draft) -> Sent:
            async with free:
                return await self.send(draft)

        return list(await asyncio.gather(*(one(each) for each in drafts)))

    async def paced(self, drafts: Sequence[Draft], *, per_second: float) -> list[Sent]:
        """Send at an even pace, whatever the answers take."""
        began = time.perf_counter()
        sending: list[asyncio.Task[Sent]] = []
        for number, draft in enumerate(drafts):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            sending.append(asyncio.create_task(self.send(draft)))
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
