"""Compares the cost of routes and jobs at two sizes of data, one ten times the other."""

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from shared.repository.mongo.backend import connect
from shared.sealed import new_keys, seals_of
from tools.bench.databases import Desk, Question, desk_on, prepare
from tools.bench.grown import Grown
from tools.bench.questions import BY_THE_ROW, DOORS, JOBS
from tools.embedded import mongod, servers
from tools.embedded.ports import free_ports
from tools.embedded.processes import Supervisor

MOST = 1.3
NOISE_MS = 2.0
"""A difference that a busy machine makes by itself, and nobody notices."""
FEWEST_ROUNDS, MOST_ROUNDS = 3, 20
LONG_MS = 10_000.0
"""What works so long is asked once: what disturbs it is no more than disturbs everything."""
TIMES = 10
NOTE = (
    f"Over {MOST} fails, unless the difference is under {NOISE_MS:g} ms. A figure is the processor time of "
    "client and database, which does not grow because others want the processor too: the least of several, "
    "both sizes in turn, more the further they are apart; what seems too much is asked again at the end."
)

Clock = Callable[[], float]


@dataclass(frozen=True)
class Grew:
    """What one costs in the small database and in the large; by a thousand rows where rows are read."""

    name: str
    small_ms: float
    large_ms: float

    @property
    def ratio(self) -> float:
        return self.large_ms / self.small_ms

    @property
    def is_too_much(self) -> bool:
        return self.ratio > MOST and self.large_ms - self.small_ms > NOISE_MS

    def line(self) -> str:
        mark = "  TOO MUCH" if self.is_too_much else ""
        return f"{self.name:46}{self.small_ms:10.2f}{self.large_ms:10.2f}{self.ratio:8.2f}{mark}"


@dataclass
class Measured:
    """A question, and the least that it has cost in each database."""

    name: str
    question: Question
    by: Sequence[float]
    least_ms: list[float] = field(default_factory=lambda: [inf, inf])

    @property
    def grew(self) -> Grew:
        return Grew(self.name, *self.least_ms)


def measure(size: int, say: Callable[[str], None]) -> list[Grew]:
    """Fill two databases on a server of our own, and ask both the same."""
    with TemporaryDirectory(prefix="sesam-growth-") as folder, ExitStack() as stack:
        supervisor = Supervisor(Path(folder) / "logs")
        stack.callback(supervisor.stop)
        (port,) = free_ports(1)
        servers.start_mongodb(supervisor, servers.prepare_mongodb(), Path(folder) / "mongodb", port=port)
        servers.await_mongodb(supervisor, port)
        (database,) = (each.process.pid for each in supervisor.running())
        return asyncio.run(measure_on(mongod.url(port), database, size, say))


async def measure_on(url: str, database: int, size: int, say: Callable[[str], None]) -> list[Grew]:
    seals, client = seals_of(new_keys()), connect(url, app_name="bench")
    prefix = f"growth{uuid4().hex[:8]}"
    sizes = (size // TIMES, size)
    try:
        for name, each in zip("ab", sizes, strict=True):
            say(f"Filling a database with {each} withdrawals ...")
            await asyncio.to_thread(Grown(each, seals).fill, url, f"{prefix}{name}")
            await prepare(client, f"{prefix}{name}")
        async with (
            desk_on(client, f"{prefix}a", seals) as small, desk_on(client, f"{prefix}b", seals) as large
        ):  # fmt: skip
            say("Asking ...")
            _forget_what_filled()
            return await _grown((small, large), sizes, worked_ms=partial(_worked_ms, database))
    finally:
        await client.close()


async def _grown(
    desks: Sequence[Desk], sizes: Sequence[int], *, worked_ms: Callable[[], float]
) -> list[Grew]:
    """Ask everything of both, and what seems to grow once more when all is through."""
    questions = [Measured(name, question, (1, 1)) for name, question in {**DOORS, **JOBS}.items()]
    for name, (question, rows) in BY_THE_ROW.items():
        questions.append(Measured(f"{name}, 1,000 rows", question, [rows(size) / 1000 for size in sizes]))
    for each in questions:
        await _compare(each, desks, worked_ms)
    for each in (each for each in questions if each.grew.is_too_much):
        await _compare(each, desks, worked_ms)
    return [each.grew for each in questions]


def _forget_what_filled() -> None:
    """Keep the collector of unused objects off what stays: a long question meets its whole rounds, a short
    one seldom, so that the least of several would be compared with the mean.
    """
    gc.collect()
    gc.freeze()


async def _compare(asked: Measured, desks: Sequence[Desk], worked_ms: Clock) -> None:
    """Ask in turn until what both cost is near, or often; whatever else runs only adds."""
    for times in range(1, MOST_ROUNDS + 1):
        began = worked_ms()
        for place, desk in enumerate(desks):
            before = worked_ms()
            await asked.question(desk)
            cost = (worked_ms() - before) / asked.by[place]
            asked.least_ms[place] = min(asked.least_ms[place], cost)
        is_long = worked_ms() - began > LONG_MS
        if (is_long or times >= FEWEST_ROUNDS) and not asked.grew.is_too_much:
            return


def _worked_ms(process: int) -> float:
    """Give the processor time of this process and of another one, in milliseconds (Linux).

    The kernel names another process's clock by the complement of its number (clock_getcpuclockid).
    """
    return (time.process_time() + time.clock_gettime((~process << 3) | 2)) * 1000
