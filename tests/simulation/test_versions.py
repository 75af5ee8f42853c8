"""The whole job while a newer version writes beside this one: what only the newer one knows is never lost."""

from collections.abc import Iterator
from typing import Any

import bson
import pytest

from shared.repository import codec
from shared.repository.writes import Writes
from tests.simulation.clerk import Clerks
from tests.simulation.disk import Disk
from tests.simulation.kills import play
from tests.simulation.oracle import wrong_at_rest
from tests.simulation.seed import seeded

NEWER = "of_a_newer_version"


class Newer:
    """Takes up each document after every commit, as a newer replica does, and sees what became of it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._left: dict[tuple[str, str], Any] = {}
        self.lost: list[str] = []
        self.seen = 0
        disk.seen.append(self.take_up)

    def take_up(self, writes: Writes) -> None:
        for name, each in writes.states:
            document = bson.decode(self._disk.documents[name][each])
            left = self._left.get((name, each))
            if left is not None:
                self.seen += 1
                self.lost += lost(left, document, f"{name} {each}")
            self._left[name, each] = marked(document)
            self._disk.documents[name][each] = bson.encode(self._left[name, each])


def marked(value: Any) -> Any:
    """Give every object one more field, that says which one it is."""
    if isinstance(value, dict):
        return {
            **{name: marked(each) for name, each in value.items()},
            NEWER: value.get(NEWER, repr(value)[:40]),
        }
    return [marked(each) for each in value] if isinstance(value, list) else value


def lost(before: Any, after: Any, place: str) -> Iterator[str]:
    """Name the objects that are there still, and have lost what only the newer version knows."""
    if isinstance(before, dict) and isinstance(after, dict):
        if after.get(NEWER) != before[NEWER]:
            yield f"{place}: {before[NEWER]}"
        for name in before.keys() & after.keys():
            yield from lost(before[name], after[name], f"{place}.{name}")
    elif isinstance(before, list) and isinstance(after, list) and len(after) >= len(before):
        for one, other in zip(before, after, strict=False):  # the job's lists only grow, at their end
            yield from lost(one, other, f"{place}[]")


def played() -> tuple[list[str], int, list[str]]:
    world = seeded().world()
    newer = [Newer(disk) for disk in world.disks.values()]
    clerks = Clerks(world)
    play(world, clerks)
    wrong = list(wrong_at_rest(world, clerks.accepted))
    world.end()
    return [each for one in newer for each in one.lost], sum(each.seen for each in newer), wrong


@pytest.mark.slow
def test_the_whole_job_beside_a_newer_version_loses_nothing_of_it() -> None:
    lost, seen, wrong = played()

    assert (lost, wrong) == ([], [])
    assert seen > 20


@pytest.mark.slow
def test_an_older_writer_that_erases_what_it_does_not_know_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(codec, "carry", lambda _before, _known, after: after)

    lost, _, _ = played()

    assert any(".lines[]" in each for each in lost)
    assert any("." not in each.partition(":")[0] for each in lost)
