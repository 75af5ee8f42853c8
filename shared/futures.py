"""Gives an error to who waits for a future."""

import asyncio
from typing import Any


def give_error(waiting: "asyncio.Future[Any]", error: BaseException) -> None:
    """Raise the error to who waits; it does nothing when nobody waits any more.

    A future takes no StopIteration: Python 3.11 raises instead, and who waits would wait for ever.
    It becomes a RuntimeError, as it does when it leaves a coroutine (PEP 479).
    """
    if waiting.done():
        return
    if isinstance(error, StopIteration):
        wrapped = RuntimeError("StopIteration was raised")
        wrapped.__cause__ = error
        error = wrapped
    waiting.set_exception(error)
