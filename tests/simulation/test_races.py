"""Every interleaving of the five races has one winner, or an outcome that is decided (Q11, Q21 to Q24).

An interleaving is counted once when only the order of steps differs that cannot notice each other; the
`long` tests run the others too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.simulation import races
from tests.simulation.healing import heal
from tests.simulation.interleaving import interleavings
from tests.simulation.oracle import wrong_at_rest, wrong_now
from tests.simulation.outside import State
from tests.simulation.process import Process
from tests.simulation.races import Begun, Race
from tests.simulation.world import World

Outcome = tuple[str, ...]


@dataclass
class Run:
    """What came of all interleavings of one race."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    messages: Counter[int] = field(default_factory=Counter)
    orders: Counter[int] = field(default_factory=Counter)
    wrong: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return sum(self.outcomes.values())


def run(begin: Callable[[], Begun], *, all_orders: bool = False) -> Run:
    """Run every interleaving to its end, and hold each to every invariant."""
    begun: list[Race] = []

    def again() -> tuple[World, list[Process]]:
        race, actors = begin()
        begun.append(race)
        return race.world, actors

    found = Run()
    for world, _ in interleavings(again, all_orders=all_orders):
        race = begun[-1]
        found.outcomes[race.outcomes] += 1
        found.wrong |= set(wrong_now(world))
        found.orders[len(world.distributor.known)] += 1
        heal(world, race.clerks)
        found.messages[len(world.messages)] += 1
        found.wrong |= {*wrong_at_rest(world, race.clerks.accepted), *race.clerks.troubles}
    return found


def test_of_two_clerks_who_withdraw_the_same_article_exactly_one_wins() -> None:
    found = run(races.two_clerks_withdraw_the_same_article)

    assert set(found.outcomes) == {("well", "article-on-the-way"), ("article-on-the-way", "well")}
    assert set(found.orders) == {1}
    assert (found.count, found.wrong) == (11, set())


def test_of_two_clerks_who_send_the_same_draft_exactly_one_wins() -> None:
    found = run(races.two_clerks_send_the_same_draft)

    assert set(found.outcomes) == {("well", "already-sent"), ("already-sent", "well")}
    assert set(found.orders) == {1}
    assert (found.count, found.wrong) == (11, set())


def test_an_annulment_and_a_sending_have_one_winner_or_the_distributor_is_asked_to_stop() -> None:
    found = run(races.a_clerk_annuls_what_another_sends)

    annulled, sent, stopped = ("well", "already-annulled"), ("sent-meanwhile", "well"), ("well", "well")
    assert set(found.outcomes) == {annulled, sent, stopped}
    assert found.orders == {0: found.outcomes[annulled], 1: found.count - found.outcomes[annulled]}
    assert (found.count, found.wrong) == (13, set())


def test_a_line_is_annulled_for_what_is_sent_after_ordering_knew_of_it() -> None:
    found = run(races.a_prescriber_annuls_the_line_that_is_sent)

    assert set(found.outcomes) == {("well",), ("line-annulled",)}
    assert found.orders == {1: found.outcomes["well",], 0: found.outcomes["line-annulled",]}
    assert (found.count, found.wrong) == (10, set())


def test_an_article_that_is_discontinued_is_ordered_before_ordering_knew_of_it_or_not_at_all() -> None:
    found = run(races.an_article_is_discontinued_while_it_is_ordered)

    assert set(found.outcomes) == {("well",), ("article-discontinued",)}
    assert (found.count, found.wrong) == (10, set())


def test_the_block_of_an_open_order_ends_once_with_its_delivery() -> None:
    found = run(races.an_order_arrives_while_the_same_article_is_ordered)

    assert set(found.outcomes) == {("well",), ("article-on-the-way",)}
    assert (found.count, found.wrong) == (11, set())


@pytest.mark.parametrize(
    "status", [{"protected": True}, {"opted_out": True}, {"deceased_on": "2026-11-20"}], ids=str
)
def test_no_sms_is_sent_to_who_was_silenced_before_the_question_was_answered(
    status: dict[str, object],
) -> None:
    found = run(races.a_patient_becomes_silent_while_an_sms_is_sent(**status))

    assert set(found.messages) == {0, 1}
    assert (found.count, found.wrong) == (9, set())


@pytest.mark.parametrize(
    ("states", "told", "count"),
    [
        (("acked",), {"well"}, 13),
        (("refused",), {"well", "already-annulled"}, 13),
        (("acked", "cancelled"), {"well", "already-annulled"}, 11),
        (("acked", "despatched"), {"well"}, 11),
        (("acked", "despatched", "delivered"), {"well", "nothing-to-stop"}, 11),
        (("acked", "despatched", "undeliverable"), {"well", "already-annulled"}, 11),
    ],
    ids=lambda each: each[-1] if isinstance(each, tuple) else None,
)
def test_a_reply_and_an_annulment_end_as_the_distributor_says(
    states: tuple[State, ...], told: set[str], count: int
) -> None:
    found = run(races.a_distributor_answers_while_a_clerk_annuls(*states))

    assert {outcome for (outcome,) in found.outcomes} == told
    assert (found.count, found.wrong) == (count, set())


@pytest.mark.long
def test_no_interleaving_that_was_left_out_ends_otherwise() -> None:
    found = run(races.a_distributor_answers_while_a_clerk_annuls("acked", "cancelled"), all_orders=True)

    assert {outcome for (outcome,) in found.outcomes} == {"well", "already-annulled"}
    assert found.wrong == set()
    assert found.count >= 70  # eight steps, four of each: 8! / (4! 4!)


@pytest.mark.parametrize(("seconds", "outcome"), [(0.5, "well"), (1.5, "article-discontinued")])
def test_another_replica_knows_of_a_discontinued_article_within_a_second(
    seconds: float, outcome: str
) -> None:
    race, running = races.another_replica_remembers_the_catalogue()

    race.world.advance(seconds)
    race.ask(race.clerks.sending(race.clerks.drafts()[0]), running)

    assert race.outcomes == (outcome,)
    race.world.end()
