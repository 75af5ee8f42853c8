"""Races of two people about one maintenance swap, whose new device waits at the unit (S132, Q56)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tests.simulation.device_clerk import KEEPER, SECRETARY, STOREROOM, WAREHOUSE, device_clerks
from tests.simulation.process import Process
from tests.simulation.resting import calm
from tests.simulation.seed import FILTER, HOSE, Seeded, ended, seeded
from tests.simulation.world import Running, Task, World, answered

OLD, NEW = "D101", "D201"
DAY = "2026-11-23"
RESULTS, RECEIVE, CORRECT, ANNUL = "results", "receive", "correct", "annul"
SWAPPED = {"swapped_on": DAY, "devices": [{"device_no": OLD, "result": "swapped"}]}
NOT_SWAPPED = {"swapped_on": DAY, "devices": [{"device_no": OLD, "result": "not_swapped", "why": "Ej hemma"}]}
CAME = {"devices": [{"device_no": OLD}]}
MISTAKE = {"device_no": OLD, "reason": "Fel rad"}
WHY = {"reason": "Fel patient"}


@cache
def at_unit() -> tuple[Seeded, str]:
    """The databases when a patient has a CPAP, and another waits at the unit for it; the swap's number."""
    world = seeded().world()
    clerks = device_clerks(world)
    clerks.receive_device(STOREROOM, OLD)
    clerks.receive_device(WAREHOUSE, NEW)
    for article_no in (HOSE, FILTER):
        clerks.receive(STOREROOM, article_no, quantity=4)
    calm(world)
    clerks.hand_out(seeded().patients[0], OLD)
    calm(world)
    form = {
        "storeroom_no": WAREHOUSE, "ready_by": DAY, "reason": "Underhåll", "devices": [{"device_no": OLD}],
    }  # fmt: skip
    swap_no = str(_keep(world, "/device-swaps", form)["swap_no"])
    path = f"/device-orders/{swap_no}/pick-list"
    _keep(world, f"{path}/take")
    _keep(world, f"{path}/pick", {"device_no": NEW})
    parcel_no = _keep(world, f"{path}/pack", {})["parcels"][0]["parcel_no"]
    _keep(world, f"/parcels/{parcel_no}/despatch")
    _keep(world, f"/parcels/{parcel_no}/receive")
    calm(world)
    return replace(seeded(), disks=ended(world)), swap_no


def _keep(world: World, path: str, body: Any = None) -> Any:
    return world.answer(
        "inventory", "store_keeper", "POST", path, body, key=f"swap{path}".replace("/", "-"), **KEEPER
    )


@dataclass
class SwapRace:
    """A world in which a swap waits at the unit."""

    world: World
    swap_no: str
    tasks: list[Task] = field(default_factory=list)

    @classmethod
    def new(cls) -> "SwapRace":
        begun, swap_no = at_unit()
        return cls(begun.world(), swap_no)

    def two(self) -> tuple[Running, Running]:
        """Two replicas of inventory that stand still at every step."""
        self.world.start("inventory")
        one, two = self.world.of("inventory")
        for each in (one, two):
            each.process.stepping = True
        return one, two

    def first(self, act: str, body: Any) -> None:
        """Register something before the race."""
        _keep(self.world, f"/device-swaps/{self.swap_no}/{act}", body)
        self.world.deliver_all()

    def ask(self, act: str, body: Any, running: Running) -> None:
        path = f"/device-swaps/{self.swap_no}/{act}"
        key = f"race-swap-{len(self.tasks)}"
        self.tasks.append(self.world.request(running, "store_keeper", "POST", path, body, key=key, **KEEPER))
        self.world.settle()

    def hand_back(self, running: Running) -> None:
        """Let the patient hand the old device back to the care unit at the same moment."""
        form = {
            "patient_ref": seeded().patients[0].ref, "storeroom_no": STOREROOM,
            "devices": [{"device_no": OLD}],
        }  # fmt: skip
        self.tasks.append(
            self.world.request(
                running, "order_placer", "POST", "/returns", form, key="race-back", **SECRETARY
            )
        )
        self.world.settle()

    @property
    def outcomes(self) -> list[bool]:
        """Tell of each of the two whether it was done."""
        answers = [answered(each) for each in self.tasks]
        return [each is not None and each.is_success for each in answers]


Begun = tuple[SwapRace, list[Process]]


def _two(*asked: tuple[str, Any], first: tuple[str, Any] | None = None) -> Begun:
    race = SwapRace.new()
    if first:
        race.first(*first)
    one, two = race.two()
    race.ask(*asked[0], one)
    race.ask(*asked[1], two)
    return race, [one.process, two.process]


def two_report_that_it_was_swapped() -> Begun:
    return _two((RESULTS, SWAPPED), (RESULTS, SWAPPED))


def one_reports_that_it_was_swapped_and_one_that_it_was_not() -> Begun:
    return _two((RESULTS, SWAPPED), (RESULTS, NOT_SWAPPED))


def it_was_swapped_and_is_annulled() -> Begun:
    return _two((RESULTS, SWAPPED), (ANNUL, WHY))


def it_is_received_and_corrected() -> Begun:
    return _two((RECEIVE, CAME), (CORRECT, MISTAKE), first=(RESULTS, SWAPPED))


def it_was_swapped_and_the_patient_hands_it_back() -> Begun:
    race = SwapRace.new()
    one, two = race.two()
    race.ask(RESULTS, SWAPPED, one)
    race.hand_back(two)
    return race, [one.process, two.process]


RACES: Mapping[Callable[[], Begun], int] = {
    two_report_that_it_was_swapped: 34,
    one_reports_that_it_was_swapped_and_one_that_it_was_not: 34,
    it_was_swapped_and_is_annulled: 32,
    it_is_received_and_corrected: 254,
    it_was_swapped_and_the_patient_hands_it_back: 34,
}
"""Each with how many interleavings it has."""
