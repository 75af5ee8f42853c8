"""An event loop whose time stands until it is moved, and in which nothing happens by chance."""

import asyncio
from collections.abc import Callable
from typing import Any

MOST_TURNS = 20_000


class Restless(Exception):
    """Somebody goes round and round without waiting for anything."""


class StandingLoop(asyncio.SelectorEventLoop):
    """No wall clock and no threads: the same calls in the same order give the same run."""

    def __init__(self) -> None:
        self._now = 1.0
        self._turns = 0
        super().__init__()
        self._clock_resolution = 1e-6  # also after months a timer that is due is due

    def time(self) -> float:
        return self._now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]  # noqa: ARG002  there are no threads
        """Do at once what would be done in a thread."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as failure:  # noqa: BLE001  told to the one who waits, as a thread would
            future.set_exception(failure)
        return future

    def run_until_idle(self) -> None:
        """Go on until everybody waits for a gate, for a message or for time to pass."""
        self._turns = 0
        while self._ready:  # type: ignore[attr-defined]
            self.call_soon(self._go_on)
            self.run_forever()
            if self._turns > MOST_TURNS:
                raise Restless(list(self._ready))  # type: ignore[attr-defined]

    def _go_on(self) -> None:
        """Stop when nobody else is ready: one run costs less than one for every turn."""
        self._turns += 1
        if self._turns > MOST_TURNS or not self._ready:  # type: ignore[attr-defined]
            self.stop()
        else:
            self.call_soon(self._go_on)

    def advance(self, seconds: float) -> None:
        """Let time pass, and wake everybody at the moment that he waits for."""
        until = self._now + seconds
        self.run_until_idle()
        turns = 0
        while (due := self._next_timer()) is not None and due <= until:
            turns += 1
            if turns > MOST_TURNS:
                raise Restless([each for each in self._scheduled if not each.cancelled()])  # type: ignore[attr-defined]
            self._now = max(self._now, due)
            self.call_soon(lambda: None)
            self.run_until_idle()
        self._now = until

    def _next_timer(self) -> float | None:
        timers = [each.when() for each in self._scheduled if not each.cancelled()]  # type: ignore[attr-defined]
        return min(timers, default=None)


LOOP = StandingLoop()
LOOP.set_exception_handler(lambda *_: None)  # every process notes by itself what went wrong in it
