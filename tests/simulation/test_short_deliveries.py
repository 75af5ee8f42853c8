"""Less comes than was ordered: the fee is what came, whatever is killed, doubled or heard last (I11, Q32)."""

from typing import Any

import pytest

from tests.simulation.kills import delivered_short

KILLS = range(0, 40, 5)


@pytest.mark.parametrize("trouble", [{}, {"comes_twice": True}, {"is_told_backwards": True}])
def test_a_short_delivery_is_paid_for_by_what_came(trouble: dict[str, Any]) -> None:
    assert delivered_short(**trouble) == []


@pytest.mark.slow
@pytest.mark.parametrize("points", KILLS)
def test_a_short_delivery_is_paid_for_by_what_came_though_billing_is_killed(points: int) -> None:
    assert delivered_short(doomed_after=points) == []
