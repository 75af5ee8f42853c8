"""However two people act on one swap, one is too late, and every device is in one place (Q48, Q56)."""

from collections.abc import Callable

import pytest

from tests.simulation.interleaving import interleavings
from tests.simulation.oracle import by_id, i9_i10_every_piece_is_in_one_place
from tests.simulation.process import Process
from tests.simulation.swap_races import NEW, OLD, RACES, Begun, SwapRace
from tests.simulation.world import World


@pytest.mark.parametrize(("begin", "runs"), RACES.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_one_of_two_who_act_on_a_swap_is_too_late(begin: Callable[[], Begun], runs: int) -> None:
    begun: list[SwapRace] = []

    def again() -> tuple[World, list[Process]]:
        race, actors = begin()
        begun.append(race)
        return race.world, actors

    count = 0
    for world, _ in interleavings(again):
        count += 1
        assert sorted(begun[-1].outcomes) == [False, True]
        (loan,) = by_id(world, "inventory", "loans").values()
        devices = by_id(world, "inventory", "devices")
        has = {no for no in (OLD, NEW) if devices[no]["state"] == "on_loan"}
        assert has == ({loan["device_no"]} if loan["state"] == "on_loan" else set())
        assert list(i9_i10_every_piece_is_in_one_place(world)) == []
    assert count == runs
