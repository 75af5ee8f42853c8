"""Waits in a thread until a condition holds."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

LOOK_EVERY_SECONDS = 0.1


async def until(
    look: Callable[[], Found | None], *, within_seconds: float, every_seconds: float = LOOK_EVERY_SECONDS
) -> Found:
    """Give what is there as soon as it is; raises TimeoutError."""
    async with asyncio.timeout(within_seconds):
        while not (found := await asyncio.to_thread(look)):  # noqa: ASYNC110  others do it, without a word
            await asyncio.sleep(every_seconds)
    return found
