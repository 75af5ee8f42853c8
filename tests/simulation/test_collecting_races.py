"""However collecting meets returns, exchanges and days, a device ends once, and its fee once (Q10, Q48)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from services.billing.domain.fees.account import CORRECTED
from tests.simulation import collecting_races as races
from tests.simulation.collecting_races import NEW, OLD, ON_DAY_90, Begun, Meeting
from tests.simulation.interleaving import interleavings
from tests.simulation.oracle import by_id, evidence, i9_i10_every_piece_is_in_one_place, rows
from tests.simulation.process import Process
from tests.simulation.resting import calm
from tests.simulation.world import World
from tools.chaos.judging.collecting import COLLECTING

Ends = tuple[str, ...]


@dataclass
class Run:
    """What came of all interleavings of one race."""

    outcomes: Counter[Ends] = field(default_factory=Counter)
    devices: set[Ends] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)


def run(begin: Callable[[], Begun], *, look: Callable[[World], list[str]] = lambda _: []) -> Run:
    """Run every interleaving to its rest; `look` names what else is wrong then."""
    begun: list[Meeting] = []

    def again() -> tuple[World, list[Process]]:
        race, actors = begin()
        begun.append(race)
        return race.world, actors

    found = Run()
    for world, _ in interleavings(again):
        race = begun[-1]
        for each in world.running:
            each.process.stepping = False
        found.outcomes[race.outcomes] += 1
        calm(world)
        found.devices.add(states(world))
        found.wrong |= {*i9_i10_every_piece_is_in_one_place(world), *look(world)}
        found.wrong |= {case for check in COLLECTING for case in check(evidence(world))}
    return found


def states(world: World) -> Ends:
    devices = by_id(world, "inventory", "devices")
    return devices[OLD]["state"], devices[NEW]["state"]


def ended_once(world: World) -> list[str]:
    """Name a loan that ended twice, or that services see otherwise."""
    told = [
        each["subject"] for each in rows(world, "inventory", "outbox") if "device_returned" in each["topic"]
    ]
    over = [each["is_over"] for each in rows(world, "ordering", "device_loans")]
    return [] if (len(told), over) == (1, [True]) else [f"{told} {over}"]


def test_a_device_that_is_collected_and_handed_back_comes_back_once() -> None:
    found = run(races.closed_while_it_is_handed_back, look=ended_once)

    assert found.devices == {("in_stock", "in_stock")}
    assert {outcome[0] for outcome in found.outcomes} == {"well"}
    assert {outcome[1] for outcome in found.outcomes} == {"well", "returned-already"}
    assert found.wrong == set()


def test_of_an_annulment_and_an_exchange_on_the_order_one_wins() -> None:
    found = run(races.annulled_while_it_is_exchanged(is_on_open_order=True))

    exchanged = ("exchanged-is-collected", "None")
    assert {outcome[0] for outcome in found.outcomes} == {"well", exchanged[0]}
    assert found.devices == {("on_loan", "in_stock"), ("to_collect", "on_loan")}
    assert found.wrong == set()


def test_an_exchange_with_an_order_of_its_own_comes_after_the_annulment_or_is_refused() -> None:
    found = run(races.annulled_while_it_is_exchanged(is_on_open_order=False))

    assert {outcome[0] for outcome in found.outcomes} == {"well"}
    assert found.devices == {("on_loan", "in_stock"), ("to_collect", "on_loan")}
    assert found.wrong == set()


def test_what_is_exchanged_while_its_order_is_closed_without_it_is_on_loan_either_way() -> None:
    found = run(races.closed_without_it_while_it_is_exchanged)

    assert found.devices == {("on_loan", "on_loan"), ("on_loan", "in_stock")}
    assert found.wrong == set()


def test_what_was_handed_back_is_waited_for_on_no_collection_order() -> None:
    def still_open(world: World) -> list[str]:
        orders = rows(world, "ordering", "collection_orders")
        return [each["_id"] for each in orders if each["state"] == "registered"]

    found = run(races.collected_while_ordering_hears_that_it_was_handed_back, look=still_open)

    assert {outcome for (outcome,) in found.outcomes} == {"well", "nothing-to-collect"}
    assert found.wrong == set()


def test_nothing_personal_is_kept_of_who_becomes_protected() -> None:
    def kept(world: World) -> list[str]:
        pickups = [each["pickup"] for each in rows(world, "ordering", "collection_orders")]
        return [str(each) for each in pickups if each["phone"] or each["address"]]

    found = run(races.collected_while_the_patient_becomes_protected, look=kept)

    assert {outcome for (outcome,) in found.outcomes} == {"well"}
    assert found.wrong == set()


@pytest.mark.parametrize("topic", ON_DAY_90)
def test_what_was_done_on_day_90_counts_whenever_billing_hears_of_it(topic: str) -> None:
    def stands(world: World) -> list[str]:
        fees = rows(world, "billing", "fees")
        charged = [each for each in fees if each["entry"]["kind"] == "charge" and each["stage"] == "told"]
        credited = [each for each in fees if each["entry"]["kind"] == "credit"]
        numbers = {each["entry"]["fee_no"] % CORRECTED for each in fees}
        due = len(charged) - len(credited)
        allowed = {0} if "returned" in topic else {0, 1}
        return [] if numbers == {1} and due in allowed else [str([each["stage"] for each in fees])]

    found = run(races.due_while_billing_hears(topic, ON_DAY_90[topic]), look=stands)

    assert found.wrong == set()
