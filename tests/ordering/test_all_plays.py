"""Whole plays: every field of every fact and state, as they are written down in `plays`.

What is written is read by a person once, when a play is new or a rule was changed on purpose; then delete the
file, run the test, and read the difference.
"""

from collections.abc import Callable

import pytest

from tests.ordering.plays_of_baskets import BASKET_PLAYS
from tests.ordering.plays_of_collections import COLLECTION_PLAYS
from tests.ordering.plays_of_devices import DEVICE_PLAYS
from tests.ordering.plays_of_food_refusals import FOOD_REFUSALS
from tests.ordering.plays_of_foods import FOOD_PLAYS
from tests.ordering.plays_of_refusals import REFUSALS
from tests.ordering.plays_of_replies import REPLY_PLAYS
from tests.ordering.whole import FOLDER, Play, written

PLAYS: dict[str, Callable[[], Play]] = (
    FOOD_PLAYS | DEVICE_PLAYS | COLLECTION_PLAYS | REFUSALS | FOOD_REFUSALS | BASKET_PLAYS | REPLY_PLAYS
)


@pytest.mark.parametrize("name", PLAYS)
def test_a_play_ends_with_every_fact_and_state_that_is_written_down(name: str) -> None:
    kept, played = FOLDER / f"{name}.txt", written(PLAYS[name]())
    if not kept.exists():
        kept.write_text(played)
        pytest.fail("It was not written down. Read it, and run the test again.")

    assert played == kept.read_text()


def test_every_play_that_is_written_down_is_played() -> None:
    assert {each.stem for each in FOLDER.glob("*.txt")} == set(PLAYS)
