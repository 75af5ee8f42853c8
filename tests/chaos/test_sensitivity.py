"""Twelve planted bugs: the oracle, or an invariant, must catch every one."""

import pytest

from tools.chaos.planted import BUGS
from tools.chaos.sensitivity import SCENARIOS, caught
from tools.chaos.trial import Trial

pytestmark = pytest.mark.connected


def test_every_planted_bug_has_its_scenario() -> None:
    assert len(BUGS) == 12
    assert set(SCENARIOS) == set(BUGS)


@pytest.mark.long
async def test_every_planted_bug_is_caught(trial: Trial) -> None:
    escaped = [bug for bug in BUGS if not await caught(trial, bug, as_for=bug)]

    assert escaped == []


@pytest.mark.long
async def test_what_happens_to_a_planted_bug_leaves_a_sound_system_sound(trial: Trial) -> None:
    found = {bug: lines for bug in BUGS if (lines := await caught(trial, None, as_for=bug))}

    assert found == {}
