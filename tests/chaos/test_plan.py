"""Plans of troubles: decided by a seed, kept in the ledger, and played again in the same order."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tools.chaos import nemesis as nemeses
from tools.chaos.judging import ledger
from tools.chaos.judging.findings import Findings
from tools.chaos.nemesis import FAILURES, Nemesis
from tools.chaos.plan import FAILING, SECONDS, WEIGHTS, Trouble, made, read
from tools.chaos.soak import late

POINTS = ("ordering.commit.after", "billing.commit.after")
PLAN = made(200, seed=7, over_seconds=22 * 60, points=POINTS)
LONGEST_SECONDS = 25 * 60


class OnPaper(Nemesis):
    """Makes no trouble, and notes what it would have made."""

    def __init__(self) -> None:
        nothing: Any = None
        super().__init__(nothing, nothing, began="", drives=nothing)
        self.seen: list[Trouble] = []

    def _how(self, what: str) -> Callable[[Trouble], Awaitable[None]]:
        super()._how(what)  # raises AttributeError when nobody knows how

        async def note(trouble: Trouble) -> None:
            self.seen.append(trouble)

        return note


def at_once(plan: list[Trouble]) -> list[Trouble]:
    return [each.model_copy(update={"after_seconds": 0.0}) for each in plan]


def test_the_same_seed_decides_the_same_troubles() -> None:
    assert made(200, seed=7, over_seconds=22 * 60, points=POINTS) == PLAN
    assert made(200, seed=8, over_seconds=22 * 60, points=POINTS) != PLAN


def test_two_hundred_troubles_of_every_kind_begin_within_their_time() -> None:
    assert {each.what for each in PLAN} == set(WEIGHTS)
    assert sum(each.after_seconds for each in PLAN) < LONGEST_SECONDS


def test_every_way_to_fail_is_known_to_plan_and_nemesis() -> None:
    assert set(FAILURES) == set(FAILING)
    assert set(SECONDS) <= set(WEIGHTS)


async def test_the_plan_of_a_ledger_is_played_again_in_the_same_order(tmp_path: Path) -> None:
    first, again = OnPaper(), OnPaper()
    await first.play(at_once(PLAN))
    totals = {"plan": [each.model_dump() for each in PLAN], "played": first.made}
    ledger.close(Findings(), totals, path=tmp_path / "ledger.json")

    kept = read(tmp_path / "ledger.json")
    await again.play(at_once(kept))

    assert kept == PLAN
    assert again.seen == at_once(PLAN)
    assert again.made == first.made == [each.name for each in PLAN]


async def test_a_plan_that_takes_too_long_is_given_up_and_fails_the_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nemeses, "AMPLE_SECONDS", -1.0)
    slow = OnPaper()

    await slow.play(at_once(PLAN))

    assert slow.made == []
    assert slow.missed == ["0 of 200 troubles were made in -1 s"]


async def test_a_trouble_that_does_not_heal_is_noted_and_the_next_one_comes() -> None:
    class Unhealed(OnPaper):
        def _how(self, what: str) -> Callable[[Trouble], Awaitable[None]]:
            return fails if what == PLAN[0].what else super()._how(what)

    async def fails(_: Trouble) -> None:
        raise TimeoutError

    unhealed = Unhealed()

    await unhealed.play(at_once(PLAN[:5]))

    assert unhealed.missed[0].startswith(f"{PLAN[0].name} did not heal")
    assert len(unhealed.made) == 5


def test_a_plan_stands_alone_as_well(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps([each.model_dump() for each in PLAN]))

    assert read(path) == PLAN


@pytest.mark.parametrize("kind", ["lost", "doubled", "unexpected", "stuck", "broken"])
def test_a_trial_passes_only_when_nothing_is_found(kind: str, tmp_path: Path) -> None:
    found = Findings()
    getattr(found, kind).append("something")

    assert ledger.close(Findings(), {}, path=tmp_path / "ledger.json")
    assert not ledger.close(found, {}, path=tmp_path / "ledger.json")


def test_a_trouble_that_should_have_come_and_did_not_fails_the_trial(tmp_path: Path) -> None:
    totals = {"never_reached": ["disk-full: nobody met the full disk"]}

    assert not ledger.close(Findings(), totals, path=tmp_path / "ledger.json")


def test_a_system_that_takes_longer_than_half_a_minute_to_rest_is_stuck() -> None:
    assert late(30.0) == []
    assert len(late(30.1)) == 1
