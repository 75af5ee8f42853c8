"""Who waits is always answered, whatever went wrong."""

import asyncio

import pytest

from shared.futures import give_error


@pytest.mark.parametrize("error", [LookupError("here"), asyncio.CancelledError()])
async def test_an_error_is_raised_to_who_waits(error: BaseException) -> None:
    waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    give_error(waiting, error)

    with pytest.raises(type(error)):
        await waiting


async def test_a_stop_iteration_is_raised_as_a_runtime_error_with_its_cause() -> None:
    waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    error = StopIteration()

    give_error(waiting, error)

    with pytest.raises(RuntimeError) as raised:
        await waiting
    assert raised.value.__cause__ is error


async def test_who_waits_no_more_is_told_nothing() -> None:
    waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    waiting.set_result(1)

    give_error(waiting, LookupError())

    assert await waiting == 1
