"""Doing the same with many, each for itself."""

from collections.abc import Mapping

import pytest

from shared.clock import FixedClock
from shared.repository.backend import Contended
from shared.repository.memory.backend import Memory
from shared.sealed import new_keys, seals_of
from shared.service.apart import each_for_itself
from shared.service.process import repository_of
from tests.support import A_MONDAY_MORNING

REPOSITORY = repository_of(
    Memory(), service="s", clock=FixedClock(A_MONDAY_MORNING), seals=seals_of(new_keys())
)


async def worked(failures: Mapping[int, Exception]) -> tuple[list[int], Exception | None]:
    done: list[int] = []

    async def work(item: int) -> None:
        if item in failures:
            raise failures[item]
        done.append(item)

    try:
        await each_for_itself(REPOSITORY, range(4), work)
    except (ValueError, Contended) as failure:
        return done, failure
    return done, None


async def test_one_that_fails_holds_up_no_other_and_is_raised_at_the_end() -> None:
    broken = ValueError("one")

    assert await worked({1: broken}) == ([0, 2, 3], broken)
    assert await worked({}) == ([0, 1, 2, 3], None)


async def test_what_concerns_all_ends_the_round() -> None:
    away = Contended()

    assert await worked({1: away}) == ([0], away)


@pytest.mark.parametrize("first", [0, 3])
async def test_the_first_of_several_failures_is_raised(first: int) -> None:
    told = {first: ValueError("a"), 2: ValueError("b")}

    assert (await worked(told))[1] is told[min(told)]
