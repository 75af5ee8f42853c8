"""All interleavings of several actors: each stands still at every call that leaves its process.

Two interleavings are one when they differ only in the order of neighbouring steps that cannot notice each
other: readings, and whatever happens in different services (sleep sets, as model checkers do it).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.simulation.process import Process
from tests.simulation.world import World

MOST_STEPS = 400
WRITING = "commit"


@dataclass
class Step:
    """A place where one of several may go on."""

    able: dict[str, tuple[str, str]]
    """The next step of each actor: its service, and what it is about to do."""
    asleep: set[str]
    """Who need not go first here: an earlier run shows the same."""
    chosen: str = ""
    tried: set[str] = field(default_factory=set)

    @property
    def left(self) -> list[str]:
        return [each for each in self.able if each not in self.asleep | self.tried]

    def asleep_next(self) -> set[str]:
        others = (self.asleep | self.tried) - {self.chosen}
        return {each for each in others if not touch(self.able[each], self.able[self.chosen])}


def touch(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether the order of two steps can be noticed."""
    return one[0] == other[0] and WRITING in (one[1], other[1])


Begin = Callable[[], tuple[World, list[Process]]]


def interleavings(begin: Begin, *, all_orders: bool = False) -> Iterator[tuple[World, list[Step]]]:
    """Run every interleaving, each in a world of its own, which ends with it."""
    path: list[Step] = []
    while True:
        world, actors = begin()
        if follow(world, actors, path, all_orders=all_orders):
            yield world, path
        world.end()
        while path:
            path[-1].tried.add(path[-1].chosen)
            if path[-1].left:
                break
            path.pop()
        if not path:
            return
        path[-1].chosen = path[-1].left[0]


def follow(world: World, actors: list[Process], path: list[Step], *, all_orders: bool) -> bool:
    """Repeat a beginning, then go on to the end; False when an earlier run shows the same."""
    place = 0
    while able := {each.name: each for each in actors if each.waiting}:
        if place == len(path):
            asleep = path[-1].asleep_next() if path and not all_orders else set()
            wants = {name: (each.service, each.waiting[0][0]) for name, each in able.items()}
            path.append(Step(wants, asleep & set(wants)))
            if not path[-1].left:
                path.pop()
                return False
            path[-1].chosen = path[-1].left[0]
        able[path[place].chosen].go_on()
        world.settle()
        place += 1
        assert place < MOST_STEPS
    for each in actors:
        each.wake()
    world.settle()
    return True
