"""A process of a trial that can be killed, stopped and started again; each start has its own log."""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from multiprocessing.context import ForkServerContext, ForkServerProcess

from tools.chaos.processes.nursery import Birth, bear

GRACE_SECONDS = 15.0


class Started:
    """Knows how to be born again."""

    def __init__(self, context: ForkServerContext, birth: Birth) -> None:
        self.birth = birth
        self._context = context
        self._starts = 0
        self._process: ForkServerProcess | None = None

    @property
    def name(self) -> str:
        return self.birth.name

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode if self._process else None

    def start(self) -> None:
        self._starts += 1
        log = self.birth.log.with_name(f"{self.name}.{self._starts}.log")
        self._process = bear(self._context, replace(self.birth, log=log))

    def told(self, environment: Mapping[str, str], *, bug: str | None = None) -> None:
        """Tell what the next start shall know besides."""
        self.birth = replace(self.birth, environment={**self.birth.environment, **environment}, bug=bug)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and what it started."""
        if self._process and self._process.pid and self.alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def wait(self, *, within_seconds: float = GRACE_SECONDS) -> int | None:
        if self._process:
            self._process.join(within_seconds)
        return self.exit_code

    def stop(self) -> None:
        """Stop as a deploy does; what outlives its grace is killed."""
        self.ask_to_stop()
        self.wait()
        self.kill()

    def ask_to_stop(self) -> None:
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.wait()
