"""A replica of a service: what it may do, where it stands still, and how it dies."""

import asyncio
from collections import deque
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any

from shared import fault
from shared.repository import WrittenByNewer
from shared.repository.backend import Contended
from tests.simulation.loop import LOOP


class Killed(asyncio.CancelledError):
    """The process is gone: what it was doing ends where it stands."""


class Away(Exception):
    """The database's answer never came: nobody knows whether the transaction was committed."""


MAY_PASS = (Away, Contended, WrittenByNewer)
STEPS = frozenset({"load", "find", "begin", "commit", "ask", "answer", "sms", "sms answer"})
"""Where an actor stands still that goes step by step; what comes after its commit follows from it."""


@dataclass(eq=False)
class Process:
    """One run of one replica, from its start to kill -9.

    Every call that leaves the process goes through `gate`; every fault point through `at`.
    """

    service: str
    number: int
    alive: bool = True
    stepping: bool = False
    """Stands still at every gate until it is told to go on."""
    stops_after: int | None = None
    """Stands still at a gate after so many: SIGSTOP."""
    doomed_after: int | None = None
    """Dies at a fault point after so many."""
    waiting: deque[tuple[str, "asyncio.Future[None]"]] = field(default_factory=deque)
    tasks: "dict[asyncio.Task[Any], None]" = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    """What ended with an error that nobody foresaw."""
    passed: list[str] = field(default_factory=list)
    """The fault points it stood at, the last one the deadly one."""
    answers: dict[str, int] = field(default_factory=dict)
    """When prescription last answered for a patient, by the order of all commits."""

    @property
    def name(self) -> str:
        return f"{self.service}-{self.number}"

    @property
    def is_free(self) -> bool:
        """Tell whether it lives and takes up work."""
        return self.alive and not self.waiting and self.stops_after != 0

    async def gate(self, name: str) -> None:
        """Stand before a call to the outside."""
        self._demand_alive()
        if self._stands(name):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append((name, future))
            await future
        self._demand_alive()

    def go_on(self, *, which: int = 0) -> None:
        """Let one of those that stand still pass."""
        _, future = self.waiting[which]
        del self.waiting[which]
        if not future.done():
            future.set_result(None)

    def wake(self) -> None:
        """SIGCONT."""
        self.stops_after, self.stepping = None, False
        while self.waiting:
            self.go_on()

    def at(self, point: str) -> None:
        """Stand at a fault point, perhaps for the last time."""
        self._demand_alive()
        self.passed.append(point)
        if self.doomed_after is None:
            return
        self.doomed_after -= 1
        if self.doomed_after < 0:
            self.kill()
            raise Killed(f"{self.name} at {point}")

    def note_end(self, task: "asyncio.Task[Any]") -> None:
        failure = None if task.cancelled() else task.exception()
        if failure is not None and not isinstance(failure, MAY_PASS):
            self.failures.append(f"{self.name} {task.get_name()}: {failure!r}")

    def kill(self) -> None:
        """Kill -9: whatever was under way gets no further than where it stands."""
        self.alive = False
        self.waiting.clear()
        for task in tuple(self.tasks):
            task.cancel()

    def _demand_alive(self) -> None:
        if not self.alive:
            raise Killed(self.name)

    def _stands(self, name: str) -> bool:
        if self.stops_after is None:
            return self.stepping and name in STEPS
        if self.stops_after > 0:
            self.stops_after -= 1
            return False
        return True


PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)


def here() -> Process:
    """Give the process whose code runs at this moment."""
    process = PROCESS.get()
    if process is None:
        raise LookupError("no process runs here")
    return process


def spawn(process: Process, work: Any, name: str) -> "asyncio.Task[Any]":
    """Begin something inside a process: all that it begins itself dies with the process."""
    context = copy_context()
    context.run(PROCESS.set, process)
    task = LOOP.create_task(work, name=name, context=context)
    task.add_done_callback(process.note_end)
    return task


def owned(loop: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> "asyncio.Task[Any]":
    """Make a task that its process takes along when it dies (a loop's task factory)."""
    context = rest.get("context")
    process = context.get(PROCESS) if context else PROCESS.get()
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **rest)
    if process is not None:
        process.tasks[task] = None
        task.add_done_callback(lambda done: process.tasks.pop(done, None))
        if not process.alive:
            task.cancel()
    return task


LOOP.set_task_factory(owned)


class Trap(fault.Armed):
    """Takes the place of an armed trial: each process counts its own points."""

    def __init__(self) -> None:
        super().__init__("simulation", (), None)

    def due(self, point: str) -> None:
        process = PROCESS.get()
        if process is not None:
            if point not in fault.POINTS:
                raise LookupError(f"no fault point {point}")
            process.at(point)
