"""The whole system as a new user meets it: started from nothing, driven by the demo, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tools.demo.flows.programme import chosen
from tools.embedded.place import PROJECT, Place
from tools.embedded.ports import ADDRESS, answers

pytestmark = [pytest.mark.connected, pytest.mark.full]

PORTS = 14
STARTS_WITHIN_SECONDS = 300
STOPS_WITHIN_SECONDS = 60
SERVERS = {"MONGODB_URL", "RABBITMQ_URL", "RABBITMQ_PARTNERS_URL"}
CLI = [sys.executable, "-m", "tools.cli"]


def free_port_base() -> int:
    """Find so many free ports in a row, as a run of its own needs."""
    for base in range(21000 + os.getpid() % 500 * 20, 32000, 20):
        with ExitStack() as held:
            try:
                for port in range(base, base + PORTS):
                    held.enter_context(socket.socket()).bind((ADDRESS, port))
            except OSError:
                continue
            return base
    raise OSError("no free ports in a row")


@contextmanager
def running(place: Place, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the system until the block ends; its own log says why when it does not come up."""
    log = place.folder / "run.log"
    with log.open("wb") as output:
        command = [*CLI, "run", "--port-base", str(place.port_base)]
        run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while "Next, in another terminal" not in log.read_text():
            assert run.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield run
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(STOPS_WITHIN_SECONDS)


EVERYTHING = ()
A_PART = (
    "main", "block", "find", "merge", "flavours", "delivery", "pickup", "parts", "several", "annul-sent",
    "distributor-silent", "unknown-line", "too-little-comes", "tariff", "day-file", "reconciliation",
    "sms-failed", "hand-out", "from-warehouse", "exchange",
)  # fmt: skip
"""What docs/proof.md names this test for, and a story of every other kind."""
ONCE_MORE = ("main", "merge", "tariff", "day-file", "reconciliation", "hand-out")
"""What leaves most behind it: merged persons, tariffs, files, moved clocks."""


def demo(environment: dict[str, str], *names: str) -> None:
    played = subprocess.run(
        [*CLI, "demo", *names], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert f"all {len(chosen(list(names)))} flows went well" in played.stdout


@pytest.mark.parametrize(
    ("first", "again"),
    [(A_PART, ONCE_MORE), pytest.param(EVERYTHING, EVERYTHING, marks=pytest.mark.long)],
    ids=["a part", "everything"],
)
def test_a_fresh_system_plays_the_demo_again_and_again_and_stops_without_a_trace(
    tmp_path: Path, first: tuple[str, ...], again: tuple[str, ...]
) -> None:
    place = Place(tmp_path, free_port_base())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SESAM_")}
    environment = {name: value for name, value in inherited.items() if name not in SERVERS}
    environment["SESAM_PROJECT_LOCAL"] = str(tmp_path)

    with running(place, environment) as run:
        demo(environment, *first)
        demo(environment, *again)

    assert run.returncode == 0, (tmp_path / "run.log").read_text()
    assert not [port for port in range(place.port_base, place.port_base + PORTS) if answers(port)]
