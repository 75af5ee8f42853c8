"""The supervisor: starts programs with their logs, watches them, and stops them all in order."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

LAST_LINES = 20
LOOK_EVERY_SECONDS = 0.05
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class ProgramDied(Exception):
    """A program ended by itself."""


class NotReady(Exception):
    """A program did not get ready in time."""


class StopAsked(Exception):
    """Someone pressed Ctrl-C or sent SIGTERM."""


@dataclass(frozen=True)
class Program:
    """What to start. Stages are stopped from the highest to the lowest."""

    name: str
    command: Sequence[str]
    stage: int
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    program: Program
    process: subprocess.Popen[bytes]
    log: Path


class Supervisor:
    """Keeps its programs in process groups of their own; the kernel stops them if the supervisor is killed.

    Start programs from the main thread only: the kernel's parent-death signal follows the starting thread.
    """

    def __init__(self, logs: Path, *, grace_seconds: float = 15.0) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        keep_last_logs(logs)
        self._logs = logs
        self._grace_seconds = grace_seconds
        self._running: list[Running] = []
        self._signals_seen = 0

    def start(self, program: Program) -> int:
        log = self._logs / f"{program.name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - all it does is one system call
            )
        self._running.append(Running(program, process, log))
        return process.pid

    def running(self) -> Sequence[Running]:
        return tuple(self._running)

    def check(self) -> None:
        """Raise `StopAsked`, or `ProgramDied` with its last lines."""
        if self._signals_seen:
            raise StopAsked
        for running in self._running:
            code = running.process.poll()
            if code is not None:
                raise ProgramDied(obituary(running, code))

    def wait_until(self, ready: Callable[[], bool], *, what: str, within_seconds: float) -> None:
        deadline = time.monotonic() + within_seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise NotReady(
                    f"{what} was not ready within {within_seconds:.0f} s; its log is in {self._logs}"
                )
            time.sleep(LOOK_EVERY_SECONDS)

    def run_to_end(self, program: Program, *, within_seconds: float) -> None:
        """Run a program that ends by itself; any exit code but 0 raises `ProgramDied`."""
        self.start(program)
        running = self._running.pop()
        try:
            self.wait_until(
                lambda: running.process.poll() is not None, what=program.name, within_seconds=within_seconds
            )
        finally:
            self._end([running])
        if running.process.returncode != 0:
            raise ProgramDied(obituary(running, running.process.returncode))

    def watch(self) -> None:
        """Stay until a program dies or a stop is asked for; both raise."""
        while True:
            self.check()
            time.sleep(LOOK_EVERY_SECONDS * 4)

    def stop(self) -> None:
        """Stop every program, the highest stage first; what outlives its grace is killed."""
        for stage in sorted({running.program.stage for running in self._running}, reverse=True):
            self._end([running for running in self._running if running.program.stage == stage])
        self._running.clear()

    def _end(self, stage: Sequence[Running]) -> None:
        impatient = self._signals_seen
        for running in stage:
            signal_group(running, signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while any(alive(stage)) and time.monotonic() < deadline and self._signals_seen <= impatient + 1:
            time.sleep(LOOK_EVERY_SECONDS)
        for running in stage:
            signal_group(running, signal.SIGKILL)
            running.process.wait()

    @contextmanager
    def listening_to_signals(self) -> Iterator[None]:
        """Take Ctrl-C and SIGTERM as a wish to stop; a second one while stopping kills what is left."""
        before = [
            (each, signal.signal(each, self._note)) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        ]
        try:
            yield
        finally:
            for each, handler in before:
                signal.signal(each, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signals_seen += 1


def keep_last_logs(logs: Path) -> None:
    """Move what the last run wrote into the folder `last`, in place of what the run before it wrote."""
    written = [each for each in logs.glob("*.log") if each.is_file()]
    if written:
        last = logs / "last"
        shutil.rmtree(last, ignore_errors=True)
        last.mkdir()
        for each in written:
            each.rename(last / each.name)


def end_as_by_ctrl_c() -> None:
    """Let SIGTERM end this process as Ctrl-C does, also one that was started in the background.

    What it started on its way is stopped then.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


def die_with(parent: int) -> Callable[[], None]:
    def ask_the_kernel() -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return ask_the_kernel


def alive(stage: Iterable[Running]) -> Iterator[bool]:
    return (running.process.poll() is None for running in stage)


def signal_group(running: Running, number: signal.Signals) -> None:
    try:
        os.killpg(running.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def obituary(running: Running, code: int) -> str:
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    lines = running.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    return "\n".join(
        [f"{running.program.name} {how}. Its last lines ({running.log}):", *(f"  {x}" for x in lines)]
    )
