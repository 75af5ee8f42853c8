"""Nothing is lost, doubled or told to who may not be told, whatever happens in whatever order (issue 3)."""

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Simulation

FEW, SOME, MANY = 25, 100, 3000
STEPS = 40


def play(examples: int, *, same_each_time: bool, phases: Sequence[Phase] = tuple(Phase)) -> None:
    """Let Hypothesis play; SESAM_SIMULATED says another number of runs."""
    how = settings(
        max_examples=int(os.environ.get("SESAM_SIMULATED", examples)),
        stateful_step_count=STEPS,
        derandomize=same_each_time,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Simulation, settings=how)


def test_nothing_is_lost_or_doubled_in_a_few_runs() -> None:
    play(FEW, same_each_time=True)


@pytest.mark.slow
def test_whatever_happens_nothing_is_lost_doubled_or_sent_to_who_may_not_be_told() -> None:
    play(SOME, same_each_time=False)


@pytest.mark.long
def test_nor_in_thousands_of_runs() -> None:
    play(MANY, same_each_time=False)
