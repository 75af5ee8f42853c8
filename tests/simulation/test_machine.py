"""Nothing is lost, doubled or told to who may not be told, whatever happens in whatever order (issue 3)."""

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.device_machine import DeviceSimulation
from tests.simulation.machine import Simulation
from tests.simulation.troubles import Troubled

FEWER, FEW, SOME, MANY = 6, 15, 60, 3000
STEPS = 40


def play(
    examples: int,
    *,
    same_each_time: bool,
    phases: Sequence[Phase] = tuple(Phase),
    machine: type[Troubled] = Simulation,
) -> None:
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
    run_state_machine_as_test(machine, settings=how)


def test_nothing_is_lost_or_doubled_in_a_few_runs() -> None:
    play(FEW, same_each_time=True)


def test_every_piece_of_goods_is_in_one_place_in_a_few_runs() -> None:
    play(FEWER, same_each_time=True, machine=DeviceSimulation)


@pytest.mark.slow
def test_whatever_happens_every_piece_of_goods_is_in_one_place_and_paid_for_as_it_is() -> None:
    play(FEW, same_each_time=False, machine=DeviceSimulation)


@pytest.mark.slow
def test_whatever_happens_nothing_is_lost_doubled_or_sent_to_who_may_not_be_told() -> None:
    play(SOME, same_each_time=False)


@pytest.mark.long
@pytest.mark.parametrize("machine", [Simulation, DeviceSimulation])
def test_nor_in_thousands_of_runs(machine: type[Troubled]) -> None:
    play(MANY, same_each_time=False, machine=machine)
