"""However hand-outs and jobs interleave, what fell below its minimum is ordered once (S115, Q19)."""

from collections.abc import Callable

import pytest

from tests.simulation.interleaving import interleavings
from tests.simulation.oracle import by_id, i9_i10_every_piece_is_in_one_place
from tests.simulation.process import Process
from tests.simulation.replenishing_races import RACES, Begun, Crossing
from tests.simulation.world import World


@pytest.mark.parametrize(("begin", "runs"), RACES.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_what_falls_below_its_minimum_is_ordered_exactly_once(begin: Callable[[], Begun], runs: int) -> None:
    begun: list[Crossing] = []

    def again() -> tuple[World, list[Process]]:
        race, actors = begin()
        begun.append(race)
        return race.world, actors

    count = 0
    for world, _ in interleavings(again):
        count += 1
        begun[-1].look_again()
        orders = by_id(world, "inventory", "device_orders").values()
        lines = [line for each in orders if each["kind"] == "replenishment" for line in each["lines"]]
        assert [(each["quantity"], each["reserved"]) for each in lines] == [(1, 1)]
        assert list(i9_i10_every_piece_is_in_one_place(world)) == []
    assert count == runs
