"""The simulation notices: every planted bug is caught, by a kill, a race or a repetition."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import Phase

from tests.simulation import races
from tests.simulation.kills import (
    FOODS,
    delivered_short,
    everything_comes_twice,
    killed_at,
    used_twice_and_given_back_once,
)
from tests.simulation.planted import PLANTED
from tests.simulation.test_machine import FEW, play
from tests.simulation.test_races import run
from tests.simulation.troubles import Broken


def by_kill(service: str, point: str, *, hit: int = 1) -> Callable[[], Iterator[str]]:
    def found() -> Iterator[str]:
        yield from killed_at(service, point, FOODS, hit=hit).wrong

    return found


def by_race(begin: Any) -> Callable[[], Iterator[str]]:
    def found() -> Iterator[str]:
        yield from run(begin).wrong

    return found


SILENCED = races.a_patient_becomes_silent_while_an_sms_is_sent(protected=True)
CAUGHT: dict[str, Callable[[], Iterable[str]]] = {
    "forget_what_was_heard_and_asked": everything_comes_twice,
    "publish_before_the_commit": by_race(races.two_clerks_withdraw_the_same_article),
    "acknowledge_before_the_commit": by_kill("billing", "hear.before_handler"),
    "mark_as_told_before_the_confirm": by_kill("ordering", "relay.before_publish"),
    "never_sweep_for_orphans": by_kill("ordering", "relay.before_publish"),
    "let_the_last_writer_win": by_race(races.two_clerks_withdraw_the_same_article),
    "give_a_withdrawal_back_twice": used_twice_and_given_back_once,
    "let_the_open_order_block_nothing": by_race(races.two_clerks_withdraw_the_same_article),
    "ask_nobody_whether_a_patient_may_be_told": by_race(SILENCED),
    "send_an_unknown_message_again": by_kill("notification", "sms.after_call"),
    "charge_for_what_never_came": delivered_short,
}


def test_each_planted_bug_has_a_trial() -> None:
    assert set(CAUGHT) == set(PLANTED)


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)

    assert list(CAUGHT[bug]()), f"nobody noticed: {bug}"


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_without_the_bug_its_trial_finds_nothing(bug: str) -> None:
    assert list(CAUGHT[bug]()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "bug",
    [
        "forget_what_was_heard_and_asked",
        "never_sweep_for_orphans",
        "ask_nobody_whether_a_patient_may_be_told",
    ],
)
def test_the_machine_finds_a_bug_by_itself(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)

    with pytest.raises(Broken):
        play(FEW, same_each_time=True, phases=(Phase.generate,))
