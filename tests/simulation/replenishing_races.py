"""Races of hand-outs that take a storeroom below its minimum, and of jobs that look for it (S115, Q19)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.simulation.device_clerk import SECRETARY, STOREROOM, WAREHOUSE, DeviceClerks, device_clerks
from tests.simulation.process import Process
from tests.simulation.resting import calm
from tests.simulation.seed import CPAP, FILTER, HOSE, Seeded, ended, seeded
from tests.simulation.world import Running, World

LOOKS = "replenish storerooms"
LEVEL = f"/storerooms/{STOREROOM}/articles/{CPAP}/level"


@cache
def stocked() -> Seeded:
    """The databases when the storeroom has two CPAPs with what belongs to them, and the warehouse three."""
    world = seeded().world()
    clerks = device_clerks(world)
    for storeroom_no, devices in ((STOREROOM, ("D101", "D102")), (WAREHOUSE, ("D201", "D202", "D203"))):
        for number in devices:
            clerks.receive_device(storeroom_no, number)
    for article_no in (HOSE, FILTER):
        clerks.receive(STOREROOM, article_no, quantity=4)
    calm(world)
    return replace(seeded(), disks=ended(world))


@dataclass
class Crossing:
    """A world in which the storeroom's two CPAPs have a minimum."""

    world: World
    clerks: DeviceClerks
    tasks: list[Any] = field(default_factory=list)

    @classmethod
    def new(cls, *, minimum: int) -> "Crossing":
        world = stocked().world()
        form = {"minimum": minimum, "packages": 1}
        world.answer("inventory", "order_placer", "PUT", LEVEL, form, key="level-of-cpap", **SECRETARY)
        return cls(world, device_clerks(world))

    def hand_outs(self, count: int) -> None:
        """Ask for hand-outs to two patients, which inventory has not heard of yet."""
        for patient, number in list(zip(seeded().patients, ("D101", "D102"), strict=True))[:count]:
            self.clerks.hand_out(patient, number)

    def two(self) -> tuple[Running, Running]:
        """Two replicas of inventory that stand still at every step."""
        self.world.start("inventory")
        one, two = self.world.of("inventory")
        for each in (one, two):
            each.process.stepping = True
        return one, two

    def hear(self, running: Running) -> None:
        """Let a replica hear of a hand-out that nobody has heard of."""
        queue = "inventory.hears.ordering.device_order_sent.v1"
        envelope = next(each for each in self.world.bus.waiting if each.queue == queue)
        self.tasks.append(self.world.deliver(envelope, running))

    def look(self, running: Running) -> None:
        self.tasks.append(self.world.job(running, LOOKS))

    def look_again(self) -> None:
        """Let a replica look once more."""
        self.look(self.world.free("inventory")[0])
        self.world.settle()


Begun = tuple[Crossing, list[Process]]


def two_hand_outs_cross_the_minimum() -> Begun:
    race = Crossing.new(minimum=2)
    race.hand_outs(2)
    one, two = race.two()
    race.hear(one)
    race.hear(two)
    return race, [one.process, two.process]


def a_hand_out_while_a_replica_looks() -> Begun:
    race = Crossing.new(minimum=2)
    race.hand_outs(2)
    one, two = race.two()
    one.process.stepping = False
    race.hear(one)
    one.process.stepping = True
    race.hear(one)
    race.look(two)
    return race, [one.process, two.process]


def two_replicas_look() -> Begun:
    race = Crossing.new(minimum=3)
    one, two = race.two()
    race.look(one)
    race.look(two)
    return race, [one.process, two.process]


RACES: Mapping[Callable[[], Begun], int] = {
    two_hand_outs_cross_the_minimum: 8,
    a_hand_out_while_a_replica_looks: 16,
    two_replicas_look: 28,
}
"""Each with how many interleavings it has."""
