"""However a recall interleaves, no recalled piece is free, and whoever has one is noticed (T17, N4)."""

from collections.abc import Callable, Iterator

import pytest

from tests.simulation.interleaving import interleavings
from tests.simulation.oracle import i9_i10_every_piece_is_in_one_place
from tests.simulation.process import Process
from tests.simulation.recall_races import (
    DEVICE,
    Begun,
    Recalling,
    a_device_is_handed_out_while_it_is_recalled,
    a_recall_is_withdrawn_while_it_marks,
)
from tests.simulation.world import World


def all_of(begin: Callable[[], Begun]) -> Iterator[Recalling]:
    begun: list[Recalling] = []

    def again() -> tuple[World, list[Process]]:
        race, actors = begin()
        begun.append(race)
        return race.world, actors

    for _ in interleavings(again):
        begun[-1].follow_again()
        yield begun[-1]


def test_a_device_that_is_recalled_lies_apart_or_its_patient_is_noticed() -> None:
    ends = set[str]()
    count = 0
    for race in all_of(a_device_is_handed_out_while_it_is_recalled):
        count += 1
        device = race.kept("devices")[DEVICE]
        notices = [each for each in race.kept("recall_notices").values() if each["device_no"] == DEVICE]
        ends.add(device["state"])
        assert race.marks() == race.recalls_in("open")
        assert [each["loan_id"] for each in notices] == ([device["loan_id"]] if device["loan_id"] else [])
        assert list(i9_i10_every_piece_is_in_one_place(race.world)) == []
    assert ends == {"on_loan", "quarantined"}
    assert count > 10


@pytest.mark.slow
def test_a_recall_that_is_withdrawn_leaves_the_marks_of_the_other() -> None:
    count = 0
    for race in all_of(a_recall_is_withdrawn_while_it_marks):
        count += 1
        assert len(race.recalls_in("open")) == len(race.recalls_in("withdrawn")) == 1
        assert race.marks() == race.recalls_in("open")
        assert list(i9_i10_every_piece_is_in_one_place(race.world)) == []
    assert count > 10
