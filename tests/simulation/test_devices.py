"""Every piece of goods is in one place and paid for as it is, whatever is killed, doubled or heard last."""

from typing import Any

import pytest

from tests.simulation.device_jobs import DEVICES, play_on, played
from tests.simulation.kills import first_kills, kills
from tests.simulation.planted_devices import PLANTED
from tests.simulation.test_kills import EVERYWHERE, wrong

OWN_POINTS = {
    "inventory": {
        "goods.after_receipt", "release.after_commit", "despatch.before_commit", "despatch.after_commit",
    },
    "ordering": {"numbers.before_block", "numbers.after_block"},
    "billing": {"hear.before_handler", "hear.after_handler"},
}  # fmt: skip
SERVICES = list(OWN_POINTS)
IN_ANOTHER_ORDER = frozenset({"believe_whatever_came_last"})
"""Planted bugs that do no harm while facts come in the order in which they were published."""


@pytest.mark.parametrize("trouble", [{}, {"copies": 2}, {"newest_first": True}])
def test_every_piece_is_in_one_place_and_every_fee_follows_it(trouble: dict[str, Any]) -> None:
    assert played(**trouble, act=play_on) == []


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_about_goods_and_loans_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, plant = PLANTED[bug]
    plant(monkeypatch)

    found = played(newest_first=bug in IN_ANOTHER_ORDER)

    assert [each for each in found if each.startswith(f"{number} ")], f"{number} did not notice: {found}"


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_be_killed_at_each_of_its_points_and_no_piece_is_lost(service: str) -> None:
    points = OWN_POINTS[service] | EVERYWHERE

    found = list(first_kills(service, points, DEVICES))

    assert wrong(found) == []
    assert {each.point for each in found} == points


@pytest.mark.long
@pytest.mark.parametrize("service", SERVICES)
def test_nor_at_any_point_that_it_passes(service: str) -> None:
    assert wrong(list(kills(service, DEVICES))) == []
