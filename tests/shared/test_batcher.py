"""Requests of the same moment are one batch, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest

from shared.batcher import Batcher

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Slow:
    """Doubles numbers; each go waits until it is let through."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.by: list[str] = []
        self.gate = asyncio.Event()

    async def double(self, questions: Sequence[int]) -> list[int]:
        self.goes.append(list(questions))
        self.by.append(WHO.get())
        await self.gate.wait()
        if 13 in questions:
            raise LookupError("13")
        return [2 * each for each in questions]


async def asked(together: Batcher[int, int], *questions: int, by: str = "nobody") -> list[asyncio.Task[int]]:
    WHO.set(by)
    tasks = [asyncio.create_task(together.ask(each)) for each in questions]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_at_the_same_moment_is_one_go() -> None:
    slow = Slow()
    together = Batcher(slow.double)

    tasks = await asked(together, 1, 2, 3)
    slow.gate.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6]
    assert slow.goes == [[1, 2, 3]]


async def test_what_is_asked_meanwhile_shares_the_next_go() -> None:
    slow = Slow()
    together = Batcher(slow.double)

    tasks = [*await asked(together, 1), *await asked(together, 2), *await asked(together, 3)]
    slow.gate.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6]
    assert slow.goes == [[1], [2, 3]]


async def test_so_many_goes_are_under_way_at_once_and_no_more() -> None:
    slow = Slow()
    together = Batcher(slow.double, batches_at_once=2)

    tasks = [each for number in (1, 2, 3, 4) for each in await asked(together, number)]
    before = list(slow.goes)
    slow.gate.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert (before, slow.goes) == ([[1], [2]], [[1], [2], [3, 4]])


async def test_a_go_is_no_larger_than_it_may_be() -> None:
    slow = Slow()
    slow.gate.set()
    together = Batcher(slow.double, most=2)

    assert await asyncio.gather(*(together.ask(each) for each in range(5))) == [0, 2, 4, 6, 8]
    assert slow.goes == [[0, 1], [2, 3], [4]]


async def test_the_goes_are_used_when_more_ask_at_once_than_one_go_takes() -> None:
    slow = Slow()
    together = Batcher(slow.double, batches_at_once=3, most=2)

    tasks = await asked(together, 1, 2, 3, 4, 5, 6, 7)
    for _ in range(20):
        await asyncio.sleep(0)
    before = list(slow.goes)
    slow.gate.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6, 8, 10, 12, 14]
    assert before == [[1, 2], [3, 4], [5, 6]]


async def test_a_failure_reaches_each_of_its_batch_and_to_no_other() -> None:
    slow = Slow()
    together = Batcher(slow.double)

    tasks = [*await asked(together, 13, 1), *await asked(together, 2)]
    slow.gate.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(each) for each in found[:2]] == [LookupError, LookupError]
    assert found[2] == 4


async def test_too_few_answers_are_no_answers() -> None:
    async def forgetful(questions: Sequence[int]) -> list[int]:
        return list(questions)[1:]

    together = Batcher(forgetful)

    for _ in range(2):
        with pytest.raises(ValueError, match="0 answers to 1 questions"):
            await together.ask(1)


async def test_who_gave_up_asking_disturbs_nobody() -> None:
    slow = Slow()
    together = Batcher(slow.double)
    impatient, patient = await asked(together, 1, 2)

    impatient.cancel()
    slow.gate.set()

    assert await patient == 4
    assert await together.ask(3) == 6


async def test_each_go_belongs_to_the_trace_of_its_first_question() -> None:
    slow = Slow()
    together = Batcher(slow.double)

    tasks = [*await asked(together, 1, by="first"), *await asked(together, 2, by="second")]
    slow.gate.set()
    await asyncio.gather(*tasks)

    assert slow.by == ["first", "second"]
