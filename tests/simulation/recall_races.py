"""Races of a recall: with a hand-out of a device, and with its own withdrawal while it marks (T17, N4)."""

import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from services.inventory.application.recalls import Recalls
from services.inventory.domain.recalls.recall import (
    FoundPieces,
    Recall,
    RecallEnded,
    WhichPieces,
    end_recall,
    start_recall,
)
from services.inventory.repository.collections import RECALLS
from shared.repository import Cause
from tests.simulation.device_clerk import STOREROOM, DeviceClerks, Row, device_clerks
from tests.simulation.oracle import by_id
from tests.simulation.process import Process, spawn
from tests.simulation.programs import CLOCK
from tests.simulation.resting import calm
from tests.simulation.seed import CPAP, FILTER, HOSE, Seeded, ended, seeded
from tests.simulation.world import Running, Task, World

FOLLOWS = "follow recalls"
DEVICE = "D101"


@cache
def stocked() -> Seeded:
    """The databases when the storeroom has one CPAP with what belongs to it."""
    world = seeded().world()
    clerks = device_clerks(world)
    clerks.receive_device(STOREROOM, DEVICE)
    for article_no in (HOSE, FILTER):
        clerks.receive(STOREROOM, article_no, quantity=1)
    calm(world)
    return replace(seeded(), disks=ended(world))


@dataclass
class Recalling:
    """A world in which a CPAP lies in the storeroom."""

    world: World
    clerks: DeviceClerks
    tasks: list[Task] = field(default_factory=list)

    @classmethod
    def new(cls) -> "Recalling":
        world = stocked().world()
        return cls(world, device_clerks(world))

    def two(self) -> tuple[Running, Running]:
        """Two replicas of inventory that stand still at every step."""
        self.world.start("inventory")
        one, two = self.world.of("inventory")
        for each in (one, two):
            each.process.stepping = True
        return one, two

    def begun(self) -> Recall:
        """Have a recall that has marked nothing yet, as a process leaves it that was killed at once."""
        recalls = recalls_of(self.world.free("inventory")[0])
        which = WhichPieces((CPAP,))
        made = Recall(
            str(uuid.uuid4()), which, "Tryckfel", None, True, "keeper", CLOCK.now(), FoundPieces(on_shelves=1)
        )
        ref, rule = RECALLS.maybe(made.recall_no), partial(start_recall, made=made)
        self.do(self.world.free("inventory")[0], recalls.repository.change(ref, rule, cause=Cause(key=None)))
        return made

    def do(self, running: Running, work: Coroutine[Any, Any, object]) -> None:
        self.tasks.append(spawn(running.process, work, "recall"))
        self.world.settle()

    def mark(self, running: Running, recall: Recall) -> None:
        self.do(running, _marked(recalls_of(running), recall))

    def withdraw(self, running: Running, recall: Recall) -> None:
        self.do(running, _withdrawn(recalls_of(running), recall.recall_no))

    def hear_hand_out(self, running: Running) -> None:
        queue = "inventory.hears.ordering.device_order_sent.v1"
        envelope = next(each for each in self.world.bus.waiting if each.queue == queue)
        self.tasks.append(self.world.deliver(envelope, running))

    def follow_again(self) -> None:
        """Let a replica do what the job does next, whatever the two have left."""
        self.world.deliver_all()
        self.world.job(self.world.free("inventory")[0], FOLLOWS)
        self.world.settle()

    def kept(self, collection: str) -> dict[str, Row]:
        return by_id(self.world, "inventory", collection)

    def marks(self, device_no: str = DEVICE) -> set[str]:
        return {each["recall_no"] for each in self.kept("devices")[device_no]["recalls"]}

    def recalls_in(self, state: str) -> set[str]:
        return {no for no, each in self.kept("recalls").items() if each["state"] == state}


def recalls_of(running: Running) -> Recalls:
    (job,) = [each for each in running.program.assembled.jobs if each.name == FOLLOWS]
    found: Recalls = job.run.__self__  # type: ignore[attr-defined]
    return found


async def _marked(recalls: Recalls, recall: Recall) -> None:
    with suppress(RecallEnded):
        await recalls.mark(recall)


async def _withdrawn(recalls: Recalls, recall_no: str) -> None:
    """End a recall and take its marks off, as its route does."""
    rule = partial(end_recall, outcome="withdrawn", left=1, reason="Fel artikel", by="keeper", at=CLOCK.now())
    answer = await recalls.repository.change(RECALLS.ref(recall_no), rule, cause=Cause(key=None))
    await recalls.follow(answer.states[0])


Begun = tuple[Recalling, list[Process]]


def a_device_is_handed_out_while_it_is_recalled() -> Begun:
    race = Recalling.new()
    race.clerks.hand_out(seeded().patients[0], DEVICE)
    recall = race.begun()
    one, two = race.two()
    race.hear_hand_out(one)
    race.mark(two, recall)
    return race, [one.process, two.process]


def a_recall_is_withdrawn_while_it_marks() -> Begun:
    """Another recall of the device has marked it before."""
    race = Recalling.new()
    other = race.begun()
    race.do(race.world.free("inventory")[0], recalls_of(race.world.free("inventory")[0]).follow(other))
    recall = race.begun()
    one, two = race.two()
    race.withdraw(one, recall)
    race.mark(two, recall)
    return race, [one.process, two.process]
