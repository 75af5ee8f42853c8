"""Starts the whole system on ports and in a folder of its own, with the bench as its partners."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.accounts import key_file_in
from deploy.topology import definitions
from shared.messaging.topology import merged
from shared.settings import Settings
from tools.embedded import run as embedded
from tools.embedded import servers
from tools.embedded.place import Place
from tools.embedded.ports import PortTaken, require_free
from tools.embedded.processes import Supervisor

FLOOR_EVENTS, FLOOR_PARTNERS = "floor", "floor-partners"
REPLACED = ("distributor", "invoicing", "sms_gateway")
PART_TRACED = str(Settings.model_fields["trace_sample"].default)
"""As in production: only an embedded run keeps every trace."""
OF_MANY_CLERKS = str(64 * Settings.model_fields["requests_per_minute"].default)
"""One token stands for all of them."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class RunningSystem:
    """What is running, by name and process id."""

    place: Place
    pids: dict[str, int]

    def environment(self) -> dict[str, str]:
        return self.place.environment()

    def cpu_ms(self) -> dict[str, float]:
        """Give each process's CPU time so far, in milliseconds."""
        return {name: _cpu_ms(pid) for name, pid in self.pids.items()}

    def memory_mb(self) -> dict[str, float]:
        return {name: _memory_mb(pid) for name, pid in self.pids.items()}


@contextmanager
def running() -> Iterator[RunningSystem]:
    """Start everything but the partners, on ports that nobody uses; stop it whatever happens."""
    with TemporaryDirectory(prefix="sesam-bench-") as folder:
        place = Place(Path(folder), _free_base(Path(folder)))
        embedded.prepare(place)
        os.environ.setdefault("SESAM_TRACE_SAMPLE", PART_TRACED)
        os.environ.setdefault("SESAM_REQUESTS_PER_MINUTE", OF_MANY_CLERKS)
        supervisor = Supervisor(place.logs)
        try:
            yield RunningSystem(place, _start(supervisor, place))
        finally:
            supervisor.stop()


def _free_base(folder: Path) -> int:
    """Find a row of free ports below those that the kernel hands out for outgoing connections."""
    for base in random.sample(range(15_000, 32_000, 20), 50):
        try:
            require_free(Place(folder, base).wanted_ports(mongodb=True, broker=True), change_with="")
        except PortTaken:
            continue
        return base
    raise PortTaken("fifty rows of ports were taken")


def _start(supervisor: Supervisor, place: Place) -> dict[str, int]:
    mongodb = servers.prepare_mongodb()
    floor = definitions(
        place.distributors,
        events_vhost=FLOOR_EVENTS,
        partners_vhost=FLOOR_PARTNERS,
        operator=place.operator,
    )
    topology = merged([dict(embedded.read_topology(place)), floor])
    key_file = key_file_in(place.folder / "keys" / "mongodb.key")
    data = place.folder / "mongodb"
    servers.start_mongodb(supervisor, mongodb, data, port=place.mongodb_port, key_file=key_file)
    servers.start_rabbitmq(supervisor, servers.prepare_rabbitmq(), place.node, topology)
    servers.await_mongodb(supervisor, place.mongodb_port, operator=place.operator)
    embedded.migrate(supervisor, place)
    servers.await_rabbitmq(supervisor, place.node, topology)
    pids = {
        program.name: supervisor.start(program)
        for program in embedded.programs(place)
        if program.name not in REPLACED
    }
    for name, port in place.http_ports.items():
        if name not in REPLACED:
            supervisor.wait_until(
                lambda port=port: embedded.is_ready(port),  # type: ignore[misc]
                what=name,
                within_seconds=embedded.READY_WITHIN_SECONDS,
            )
    embedded.load(supervisor, place)
    pids.update({running.program.name: running.process.pid for running in supervisor.running()})
    return {name: pid for name, pid in pids.items() if name not in ("epmd", "load", "migrate")}


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
