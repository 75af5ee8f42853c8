"""Fault points: one registry, nothing unless armed, and what an armed one does."""

import json
import re
import timeit
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import fault as faults
from shared.fault import POINTS, Disturbed, NotForProduction, Order, arm, fault, fault_in_thread
from tools.chaos.operations.table import OPERATIONS
from tools.chaos.points import APART, NO_GOODS, every_visit, unvisited
from tools.chaos.sweep import together

PROJECT = Path(__file__).parents[2]
STANDING = re.compile(r"fault(?:_in_thread)?\(\"([a-z_.]+)\"\)")
CALLS = 20_000
MICROSECONDS_AT_MOST = 5
"""Some 0.03 when nobody disturbs the measurement; a busy machine is forgiven a lot."""


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm("ordering", [], book=None, mode="embedded")


def test_the_registry_names_exactly_the_points_that_stand_in_the_code() -> None:
    sources = [each for folder in ("shared", "services") for each in (PROJECT / folder).rglob("*.py")]

    standing = {name for source in sources for name in STANDING.findall(source.read_text())}

    assert standing == set(POINTS)


def test_the_sweep_comes_to_every_registered_point() -> None:
    assert unvisited() == set()


def test_the_sweep_kills_at_least_150_times() -> None:
    visits = every_visit()

    assert len({(visit.name, visit.hit) for visit in visits}) == len(visits) >= 150


def test_a_round_kills_each_process_once_and_runs_one_operation_beside_those_that_stand_apart() -> None:
    rounds = together(every_visit(), seed=1)

    made = [visit for each in rounds for visit in each]
    assert len(made) == len(set(made)) == len(every_visit())
    for each in rounds:
        assert len({visit.lane for visit in each}) == len(each)
        assert sum(visit.is_operation and visit.drive not in APART for visit in each) <= 1
        held = any(visit.drive in NO_GOODS for visit in each)
        assert not (held and any(visit.process == "notification" for visit in each))


def test_the_page_of_trials_counts_the_points_of_every_step() -> None:
    page = (PROJECT / "docs" / "chaos.md").read_text()
    told = {name: int(count) for name, count in re.findall(r"`([a-z]+)` ([0-9]+)", page)}

    assert told == Counter(point.partition(".")[0] for point in POINTS)


def test_every_operation_of_the_table_is_one_that_the_sweep_runs() -> None:
    assert set(OPERATIONS) == {visit.drive for visit in every_visit() if visit.is_operation}


async def test_a_point_that_nobody_armed_lets_everybody_pass() -> None:
    await fault("commit.after")


def test_an_unarmed_point_costs_next_to_nothing() -> None:
    seconds = min(timeit.repeat(lambda: fault_in_thread("commit.after"), number=CALLS, repeat=5))

    assert seconds / CALLS * 1e6 < MICROSECONDS_AT_MOST


async def test_an_armed_point_acts_at_its_hit_and_only_there(tmp_path: Path) -> None:
    order = Order(point="ordering.commit.after", hit=2, action="raise")
    arm("ordering", [order], book=tmp_path / "book", mode="embedded")

    await fault("commit.after")
    with pytest.raises(Disturbed):
        await fault("commit.after")
    await fault("commit.after")

    noted = [json.loads(line) for line in (tmp_path / "book").read_text().splitlines()]
    assert [(each["hit"], each["action"]) for each in noted] == [(1, None), (2, "raise"), (3, None)]


async def test_an_order_for_another_process_disturbs_nobody_here() -> None:
    arm("billing", [Order(point="ordering.commit.after", action="raise")], book=None, mode="embedded")

    await fault("commit.after")


async def test_a_disturbed_write_says_what_a_full_disk_says() -> None:
    arm("billing", [Order(point="billing.export.after_write", action="raise")], book=None, mode="embedded")

    with pytest.raises(OSError, match="disturbed") as full:
        fault_in_thread("export.after_write")

    assert full.value.errno == 28


def test_an_unknown_point_is_refused_at_the_start() -> None:
    with pytest.raises(LookupError, match=r"ordering\.nowhere"):
        arm("ordering", [Order(point="ordering.nowhere")], book=None, mode="embedded")


def test_a_production_process_refuses_to_disturb_itself() -> None:
    with pytest.raises(NotForProduction):
        arm("ordering", [Order(point="ordering.commit.after")], book=None, mode="production")

    assert not faults._armed
