"""Races about one device that is collected, exchanged or handed back, or whose fee falls due (Q10, Q48)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.simulation.clerk import Wish
from tests.simulation.device_clerk import STOREROOM, DeviceClerks, device_clerks
from tests.simulation.process import Process
from tests.simulation.resting import calm
from tests.simulation.seed import FILTER, HOSE, Patient, Seeded, ended, seeded
from tests.simulation.world import Running, World

OLD, NEW = "D101", "D102"
DAY = 24 * 3600.0
DUE = "let deferred fees fall due"


@cache
def lent() -> Seeded:
    """The databases when a patient has one CPAP on loan, and another lies in the storeroom."""
    world = seeded().world()
    clerks = device_clerks(world)
    for number in (OLD, NEW):
        clerks.receive_device(STOREROOM, number)
    for article_no in (HOSE, FILTER):
        clerks.receive(STOREROOM, article_no, quantity=4)
    calm(world)
    made = clerks.hand_out(seeded().patients[0], OLD)
    calm(world)
    made.look()
    assert made.is_well, made.answer
    return replace(seeded(), disks=ended(world))


@dataclass
class Meeting:
    """A world in which two replicas of a service do something with one device."""

    world: World
    clerks: DeviceClerks
    wishes: list[Wish] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)

    @classmethod
    def new(cls) -> "Meeting":
        world = lent().world()
        return cls(world, device_clerks(world))

    @property
    def patient(self) -> Patient:
        return seeded().patients[0]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What each of those who asked was told."""
        for each in self.wishes:
            each.look()
        return tuple("well" if each.is_well else str(each.answer.get("rule")) for each in self.wishes)

    def collected(self) -> str:
        """Order the device collected, and let everybody hear of it; give the number."""
        wish = self.clerks.collect(self.patient.ref, OLD)
        assert wish.is_well, wish.answer
        calm(self.world)
        return str(wish.answer["collection_no"])

    def two(self, service: str) -> tuple[Running, Running]:
        """Two replicas of a service that stand still at every step."""
        self.world.start(service)
        one, two = self.world.of(service)
        for each in (one, two):
            each.process.stepping = True
        return one, two

    def ask(self, running: Running, act: Callable[[], Wish]) -> None:
        """Let a clerk ask one replica."""
        self.clerks.at = running
        self.wishes.append(act())
        self.clerks.at = None

    def hear(self, topic: str, running: Running) -> None:
        """Let a replica hear the one message of a topic that waits for its service."""
        queue = f"{running.process.service}.hears.{topic}"
        (envelope,) = [each for each in self.world.bus.waiting if each.queue == queue]
        self.tasks.append(self.world.deliver(envelope, running))

    def exchange(self, *, is_on_open_order: bool = False) -> Wish:
        return self.clerks.exchange(
            self.patient.ref, NEW, OLD, is_collected=True, is_on_open_order=is_on_open_order
        )


Begun = tuple[Meeting, list[Process]]


def closed_while_it_is_handed_back() -> Begun:
    race = Meeting.new()
    number = race.collected()
    one, two = race.two("inventory")
    race.ask(one, lambda: race.clerks.close_collection(number, OLD))
    race.ask(two, lambda: race.clerks.hand_back(race.patient.ref, OLD))
    return race, [one.process, two.process]


def annulled_while_it_is_exchanged(*, is_on_open_order: bool) -> Callable[[], Begun]:
    def begin() -> Begun:
        race = Meeting.new()
        number = race.collected()
        one, two = race.two("ordering")
        race.ask(one, lambda: race.clerks.annul_collection(number))
        race.ask(two, lambda: race.exchange(is_on_open_order=is_on_open_order))
        return race, [one.process, two.process]

    return begin


def closed_without_it_while_it_is_exchanged() -> Begun:
    """The exchange is accepted, and inventory hears of it while the warehouse closes the order."""
    race = Meeting.new()
    number = race.collected()
    race.exchange(is_on_open_order=True)
    one, two = race.two("inventory")
    race.hear("ordering.device_order_sent.v1", one)
    race.ask(two, lambda: race.clerks.close_collection(number))
    return race, [one.process, two.process]


def collected_while_ordering_hears_that_it_was_handed_back() -> Begun:
    race = Meeting.new()
    race.clerks.hand_back(race.patient.ref, OLD)
    one, two = race.two("ordering")
    race.hear("inventory.device_returned.v1", one)
    race.ask(two, lambda: race.clerks.collect(race.patient.ref, OLD))
    return race, [one.process, two.process]


def collected_while_the_patient_becomes_protected() -> Begun:
    race = Meeting.new()
    path = f"/patients/{race.patient.ref}/status"
    form = {"protected": True}
    race.world.answer("prescription", "customer_service", "POST", path, form, key="protected")
    one, two = race.two("ordering")
    race.hear("prescription.patient_changed.v1", one)
    race.ask(two, lambda: race.clerks.collect(race.patient.ref, OLD))
    return race, [one.process, two.process]


def due_while_billing_hears(topic: str, act: Callable[[Meeting], object]) -> Callable[[], Begun]:
    """What was done on day 90 is heard on day 91, while the job lets fees fall due (Q10)."""

    def begin() -> Begun:
        race = Meeting.new()
        race.world.advance(90 * DAY)
        act(race)
        race.world.advance(DAY)
        one, two = race.two("billing")
        race.hear(topic, one)
        race.tasks.append(race.world.job(two, DUE))
        return race, [one.process, two.process]

    return begin


def handed_back(race: Meeting) -> object:
    return race.clerks.hand_back(race.patient.ref, OLD)


def ordered_collected(race: Meeting) -> object:
    return race.clerks.collect(race.patient.ref, OLD)


ON_DAY_90: Mapping[str, Callable[[Meeting], object]] = {
    "inventory.device_returned.v1": handed_back,
    "ordering.collection_order_registered.v1": ordered_collected,
}
