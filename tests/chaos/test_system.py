"""The system of a trial: a world of its own."""

from pathlib import Path

import pytest

from tools.chaos.processes.system import System
from tools.embedded.run import PEERS, prepare

SOMEBODY_ELSES = "somebody-elses.example"


def test_no_process_of_a_trial_goes_to_servers_that_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", f"amqp://guest:guest@{SOMEBODY_ELSES}/one")
    monkeypatch.setenv("MONGODB_URL", f"mongodb://{SOMEBODY_ELSES}")
    system = System(tmp_path)
    prepare(system.place)

    told = {name: system.peer_environment(name) for name in PEERS} | {
        "ordering": system.environment("ordering")
    }

    assert [name for name, each in told.items() if SOMEBODY_ELSES in str(each)] == []
