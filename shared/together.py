"""Answering together what is asked at the same moment: one question out instead of many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Asked(Generic[Question, Answer]):
    question: Question
    answer: "asyncio.Future[Answer]"
    context: Context


class Together(Generic[Question, Answer]):
    """So many goes are under way at once; what is asked meanwhile shares the next. A failure is told to each.

    A go belongs to the trace of the first who asked.
    """

    def __init__(
        self,
        answer_all: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]],
        *,
        goes_at_once: int = 1,
        most: int = 1000,
    ) -> None:
        self._answer_all = answer_all
        self._goes_at_once = goes_at_once
        self._most = most
        self._waiting: list[_Asked[Question, Answer]] = []
        self._goes: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Answer:
        """Give the answer; raises what went wrong with the go that it was part of."""
        asked: _Asked[Question, Answer] = _Asked(
            question, asyncio.get_running_loop().create_future(), copy_context()
        )
        self._waiting.append(asked)
        if len(self._waiting) == 1:  # whoever waited before has seen to it
            self._begin()
        return await asked.answer

    def _begin(self) -> None:
        if sum(not go.done() for go in self._goes) >= self._goes_at_once:
            return
        go = asyncio.create_task(self._go(), name="together")
        self._goes.add(go)
        go.add_done_callback(self._goes.discard)

    async def _go(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if self._waiting:
                self._begin()
            asking = asyncio.create_task(self._answered(group), context=group[0].context)
            try:
                answers = await asking
            except Exception as failure:  # noqa: BLE001  each who asked is told
                for each in group:
                    if not each.answer.done():
                        each.answer.set_exception(failure)
                continue
            for each, answer in zip(group, answers, strict=True):
                if not each.answer.done():
                    each.answer.set_result(answer)

    async def _answered(self, group: Sequence[_Asked[Question, Answer]]) -> Sequence[Answer]:
        answers = await self._answer_all([each.question for each in group])
        if len(answers) != len(group):
            raise ValueError(f"{len(answers)} answers to {len(group)} questions")
        return answers
