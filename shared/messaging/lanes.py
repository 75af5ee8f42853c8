"""Handles deliveries about the same order one after the other, others at the same time."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from weakref import WeakValueDictionary


class Lanes:
    """A turn for each subject, in the order of arrival; a subject without work takes no memory."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, subject: str | None) -> AbstractAsyncContextManager[None]:
        """Wait for earlier work about the same subject; work without a subject does not wait."""
        return nullcontext() if subject is None else self._turns.setdefault(subject, asyncio.Lock())
