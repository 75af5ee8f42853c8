"""People are told between 08:00 and 20:00 in Stockholm."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.quiet_hours import after_open_hours, may_send, next_allowed
from shared.domain.days import STOCKHOLM


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-21 07:59:59", False),
        ("2026-11-21 08:00", True),
        ("2026-11-21 19:59:59", True),
        ("2026-11-21 20:00", False),
        ("2026-11-21 00:00", False),
        ("2026-07-01 08:00", True),
        ("2026-07-01 07:59:59", False),
    ],
)
def test_messages_are_sent_from_8_until_20(moment: str, allowed: bool) -> None:
    assert may_send(at(moment)) is allowed


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-21 12:00", "2026-11-21 12:00"),
        ("2026-11-21 20:00", "2026-11-22 08:00"),
        ("2026-11-22 03:00", "2026-11-22 08:00"),
        ("2026-12-31 23:59", "2027-01-01 08:00"),
        ("2026-03-28 21:00", "2026-03-29 08:00"),
        ("2026-03-29 01:30", "2026-03-29 08:00"),
        ("2026-10-24 21:00", "2026-10-25 08:00"),
    ],
)
def test_what_comes_at_night_waits_for_the_morning_also_when_summer_time_changes(
    moment: str, then: str
) -> None:
    assert next_allowed(at(moment)) == at(then)


@pytest.mark.parametrize(
    "night", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
)
def test_both_hours_between_2_and_3_in_the_autumn_wait_for_the_same_morning(night: datetime) -> None:
    assert next_allowed(night) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_the_next_allowed_moment_is_allowed_and_within_13_hours(moment: datetime) -> None:
    allowed = next_allowed(moment)

    assert may_send(allowed)
    assert timedelta(0) <= allowed - moment <= timedelta(hours=13)
    assert (allowed == moment) is may_send(moment)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-11-21 08:00", 12, "2026-11-21 20:00"),
        ("2026-11-21 12:00", 12, "2026-11-22 12:00"),
        ("2026-11-21 19:30", 12, "2026-11-22 19:30"),
        ("2026-11-21 22:00", 12, "2026-11-22 20:00"),
        ("2026-11-21 12:00", 36, "2026-11-24 12:00"),
        ("2026-10-24 19:30", 12, "2026-10-25 19:30"),
        ("2026-03-28 19:30", 12, "2026-03-29 19:30"),
    ],
)
def test_only_the_hours_of_the_day_count_also_when_the_clock_is_changed(
    begins: str, hours: int, ends: str
) -> None:
    assert after_open_hours(at(begins), timedelta(hours=hours)) == at(ends)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 48),
)
def test_a_night_is_never_taken_from_the_time_that_a_message_has(moment: datetime, hours: int) -> None:
    given_up = after_open_hours(moment, timedelta(hours=hours))

    begins = next_allowed(moment)
    assert given_up - begins >= timedelta(hours=hours)
    assert after_open_hours(moment, timedelta(hours=hours + 1)) > given_up
