"""Answers requests that wait at the same moment in one batch: one call instead of many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.futures import give_error

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Request(Generic[Asked, Answer]):
    request: Asked
    answer: "asyncio.Future[Answer]"
    context: Context


class Batcher(Generic[Asked, Answer]):
    """Answer waiting requests in batches; at most `batches_at_once` run, later requests wait for the next.

    A batch that fails raises its error to each of its requests. It belongs to the trace of its first request.
    """

    def __init__(
        self,
        answer_all: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]],
        *,
        batches_at_once: int = 1,
        most: int = 1000,
    ) -> None:
        self._answer_all = answer_all
        self._batches_at_once = batches_at_once
        self._most = most
        self._waiting: list[_Request[Asked, Answer]] = []
        self._batches: set[asyncio.Task[None]] = set()

    async def ask(self, request: Asked) -> Answer:
        """Give the answer; raises the error of the batch that the request was part of."""
        entry: _Request[Asked, Answer] = _Request(
            request, asyncio.get_running_loop().create_future(), copy_context()
        )
        self._waiting.append(entry)
        if len(self._waiting) == 1:  # else the request before it has started a batch
            self._begin()
        return await entry.answer

    def _begin(self) -> None:
        if sum(not batch.done() for batch in self._batches) >= self._batches_at_once:
            return
        batch = asyncio.create_task(self._run(), name="batch")
        self._batches.add(batch)
        batch.add_done_callback(self._batches.discard)

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if self._waiting:
                self._begin()
            asking = asyncio.create_task(self._answered(group), context=group[0].context)
            try:
                answers = await asking
            except Exception as failure:  # noqa: BLE001  it is raised to each caller
                for each in group:
                    give_error(each.answer, failure)
                continue
            for each, answer in zip(group, answers, strict=True):
                if not each.answer.done():
                    each.answer.set_result(answer)

    async def _answered(self, group: Sequence[_Request[Asked, Answer]]) -> Sequence[Answer]:
        answers = await self._answer_all([each.request for each in group])
        if len(answers) != len(group):
            raise ValueError(f"{len(answers)} answers to {len(group)} questions")
        return answers
