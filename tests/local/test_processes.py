"""The supervisor, with real small programs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.embedded.processes import NotReady, Program, ProgramDied, StopAsked, Supervisor

SLEEPER = ("sleep", "1000")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('on'); time.sleep(999)",
)


def ends(process_id: int) -> bool:
    """Tell whether it ends soon: one that is dead, but that its new parent has not looked at, has ended."""
    status = Path(f"/proc/{process_id}/stat")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def wait_for(path: Path, text: str) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text():
            return path.read_text()
        time.sleep(0.02)
    raise AssertionError(f"{text!r} did not come in {path}")


def test_a_program_that_dies_is_named_with_its_exit_code_and_last_lines(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    other = supervisor.start(Program("other", SLEEPER, stage=0))
    supervisor.start(Program("unlucky", ("sh", "-c", "seq 1 50; exit 3"), stage=1))

    with pytest.raises(ProgramDied) as death:
        supervisor.watch()
    supervisor.stop()

    lines = str(death.value).splitlines()
    assert lines[0].startswith("unlucky ended with exit code 3")
    assert [line.strip() for line in lines[1:]] == [str(number) for number in range(31, 51)]
    assert ends(other)


def test_a_killed_program_is_told_with_its_signal(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    os.kill(supervisor.start(Program("sleeper", SLEEPER, stage=0)), signal.SIGKILL)

    with pytest.raises(ProgramDied, match="sleeper was killed by SIGKILL"):
        supervisor.watch()
    supervisor.stop()


def test_the_highest_stage_stops_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    supervisor = Supervisor(tmp_path / "logs")
    for stage, name in enumerate(("server", "peer", "service")):
        script = f"trap 'sleep 0.1; echo {name} >> {order}; exit' TERM; echo on; while :; do sleep 0.02; done"
        supervisor.start(Program(name, ("sh", "-c", script), stage=stage))
        wait_for(tmp_path / "logs" / f"{name}.log", "on")

    supervisor.stop()

    assert order.read_text().split() == ["service", "peer", "server"]


def test_a_program_that_will_not_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, grace_seconds=0.2)
    stubborn = supervisor.start(Program("stubborn", (*STUBBORN[:1], "-u", *STUBBORN[1:]), stage=0))
    wait_for(tmp_path / "stubborn.log", "on")

    supervisor.stop()

    assert ends(stubborn)


def test_children_of_a_program_are_stopped_with_it(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(Program("parent", ("sh", "-c", "sleep 1000 & echo child $! ; wait"), stage=0))
    child = int(wait_for(tmp_path / "parent.log", "child").split()[1])

    supervisor.stop()

    assert ends(child)


def test_nothing_survives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, time\n"
        "from tools.embedded.processes import Program, Supervisor\n"
        "supervisor = Supervisor(pathlib.Path(sys.argv[1]))\n"
        "print(supervisor.start(Program('sleeper', ('sleep', '1000'), stage=0)), flush=True)\n"
        "time.sleep(1000)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as keeper:
        assert keeper.stdout is not None
        sleeper = int(keeper.stdout.readline())
        keeper.kill()

    assert ends(sleeper)


def test_sigterm_is_a_wish_to_stop(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(Program("sleeper", SLEEPER, stage=0))

    with supervisor.listening_to_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopAsked):
            supervisor.watch()
        supervisor.stop()


def test_a_program_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(Program("sleeper", SLEEPER, stage=0))

    with pytest.raises(NotReady, match="the sleeper was not ready within 0 s"):
        supervisor.wait_until(lambda: False, what="the sleeper", within_seconds=0.1)
    supervisor.stop()


def test_a_program_run_to_its_end_must_end_well(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.run_to_end(Program("load", ("true",), stage=0), within_seconds=5)

    with pytest.raises(ProgramDied, match="load ended with exit code 4"):
        supervisor.run_to_end(Program("load", ("sh", "-c", "exit 4"), stage=0), within_seconds=5)


ENDING = """
import asyncio, contextlib, pathlib, sys
from tools.embedded.processes import end_as_by_ctrl_c

end_as_by_ctrl_c()

@contextlib.asynccontextmanager
async def started():
    pathlib.Path(sys.argv[1]).write_text("on")
    try:
        yield
    finally:
        await asyncio.sleep(0.05)
        pathlib.Path(sys.argv[1]).write_text("stopped")

async def work():
    async with started():
        await asyncio.sleep(999)

asyncio.run(work())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_long_command_in_the_background_stops_what_it_started_when_it_is_told_to_end(
    tmp_path: Path, number: signal.Signals
) -> None:
    said = tmp_path / "said"
    in_background = ("sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", ENDING, str(said))
    command = subprocess.Popen(in_background, stderr=subprocess.DEVNULL)
    wait_for(said, "on")

    command.send_signal(number)

    assert command.wait(timeout=10) != 0
    assert said.read_text() == "stopped"


def test_what_the_last_run_logged_is_kept_when_the_next_one_begins(tmp_path: Path) -> None:
    first = Supervisor(tmp_path)
    first.run_to_end(Program("teller", ("echo", "of the first run"), stage=0), within_seconds=5)

    second = Supervisor(tmp_path)
    second.run_to_end(Program("teller", ("echo", "of the second run"), stage=0), within_seconds=5)

    assert (tmp_path / "last" / "teller.log").read_text() == "of the first run\n"
    assert (tmp_path / "teller.log").read_text() == "of the second run\n"
