"""A moment as a person types it is the moment that was meant, or is refused."""

from datetime import UTC, datetime

import pytest

from shared.domain.typed_moment import Unreadable, since_typed, until_typed


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-06T09:30", "2026-12-06 09:30", " 2026-12-06T09:30:00 ", "2026-12-06T09:30+01:00",
        "2026-12-06T08:30Z", "2026-12-06t08:30:00z", "2026-12-06T08:30:00.000Z", "2026-12-06 10:30:00 +0200",
        "2026-12-06T00:30:00,0-08:00", "\u200b2026\u201312\u201306\u00a009:30", "2026-12-06T00:30\u221208:00",
    ],
)  # fmt: skip
def test_every_way_to_write_a_moment_means_the_same(typed: str) -> None:
    assert since_typed(typed) == until_typed(typed) == datetime(2026, 12, 6, 8, 30, tzinfo=UTC)


def test_a_day_is_meant_with_all_of_it() -> None:
    assert since_typed("2026-12-06") == datetime(2026, 12, 5, 23, 0, tzinfo=UTC)
    assert until_typed("2026-12-06") == datetime(2026, 12, 6, 23, 0, tzinfo=UTC)


def test_the_days_on_which_the_clocks_are_changed_have_23_and_25_hours() -> None:
    assert until_typed("2026-03-29") - since_typed("2026-03-29") == until_typed("2026-12-06") - since_typed(
        "2026-12-06T01:00"
    )
    assert (until_typed("2026-10-25") - since_typed("2026-10-25")).total_seconds() == 25 * 3600


def test_an_hour_that_comes_twice_is_taken_as_wide_as_it_may_be_meant() -> None:
    assert since_typed("2026-10-25T02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert until_typed("2026-10-25T02:30") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "", "yesterday", "1767225600", "20261206", "20261206109", "2026-W49-7", "2026-12-06T",
        "2026-12-06T9:30", "2026-12-06T09", "2026-13-06", "2026-02-30", "2026-12-06T25:00",
        "2026-12-06T09:60", "2026-12-06T09:30+25:00", "2026-12-06T09:30 CET", "1926-12-06",
        "\u0662\u0660\u0662\u0666-12-06", "0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00", "06/12/2026", "2026-12-06T09:30:00.1234567Z",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_the_forms_that_are(typed: str) -> None:
    for read in (since_typed, until_typed):
        with pytest.raises(Unreadable, match="Swedish time"):
            read(typed)
