"""Does anything take longer because there is more? Doors and jobs at two sizes, one ten times the other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from deploy.bench.grown import Grown
from deploy.bench.questions import BY_THE_ROW, DOORS, JOBS, Desk, Question, desk_on
from deploy.local import mongod, servers
from deploy.local.ports import free_ports
from deploy.local.processes import Supervisor
from shared.repository.mongo import connect
from shared.sealed import new_keys, seals_of

MOST = 1.3
NOISE_MS = 2.0
"""A difference that a busy machine makes by itself, and nobody notices."""
FEWEST_ROUNDS, MOST_ROUNDS = 3, 20
TIMES = 10
NOTE = (
    f"Over {MOST} fails, unless the difference is under {NOISE_MS:g} ms: that much a machine does by itself. "
    "Each is the quickest of several, at both sizes in turn: of more, the further they are apart."
)


@dataclass(frozen=True)
class Grew:
    """How long one takes in the small database and in the large; by a thousand rows where rows are read."""

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


def measure(size: int, say: Callable[[str], None]) -> list[Grew]:
    """Fill two databases on a server of our own, and ask both the same."""
    with TemporaryDirectory(prefix="sesam-growth-") as folder, ExitStack() as stack:
        supervisor = Supervisor(Path(folder) / "logs")
        stack.callback(supervisor.stop)
        (port,) = free_ports(1)
        servers.start_mongodb(supervisor, servers.prepare_mongodb(), Path(folder) / "mongodb", port=port)
        servers.await_mongodb(supervisor, port)
        return asyncio.run(measure_on(mongod.url(port), size, say))


async def measure_on(url: str, size: int, say: Callable[[str], None]) -> list[Grew]:
    seals, client = seals_of(new_keys()), connect(url, app_name="bench")
    prefix = f"growth{uuid4().hex[:8]}"
    sizes = (size // TIMES, size)
    try:
        async with (
            desk_on(client, f"{prefix}a", seals) as small, desk_on(client, f"{prefix}b", seals) as large
        ):  # fmt: skip
            for name, each in zip("ab", sizes, strict=True):
                say(f"Filling a database with {each} withdrawals ...")
                await asyncio.to_thread(Grown(each, seals).fill, url, f"{prefix}{name}")
            return [each async for each in _asked(small, large, sizes)]
    finally:
        await client.close()


async def _asked(small: Desk, large: Desk, sizes: tuple[int, int]) -> AsyncIterator[Grew]:
    for name, question in {**DOORS, **JOBS}.items():
        yield await _compared(name, question, (small, large), by=(1, 1))
    for name, (question, rows) in BY_THE_ROW.items():
        thousands = [rows(size) / 1000 for size in sizes]
        yield await _compared(f"{name}, 1,000 rows", question, (small, large), by=thousands)


async def _compared(name: str, question: Question, desks: Sequence[Desk], *, by: Sequence[float]) -> Grew:
    """Ask both in turn until what they take is near, or often; whatever else runs only adds."""
    quickest = [inf, inf]
    found = Grew(name, *quickest)
    for times in range(1, MOST_ROUNDS + 1):
        for place, desk in enumerate(desks):
            began = perf_counter()
            await question(desk)
            quickest[place] = min(quickest[place], (perf_counter() - began) * 1000 / by[place])
        found = Grew(name, *quickest)
        if times >= FEWEST_ROUNDS and not found.is_too_much:
            break
    return found
