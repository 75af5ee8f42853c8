"""Days where the patient lives."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.days import Period, age, birthday, local_day, valid_through


def test_the_day_is_stockholms_and_not_utcs() -> None:
    assert local_day(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_the_day_is_right_around_both_changes_of_summer_time() -> None:
    assert local_day(datetime(2026, 3, 28, 22, 59, tzinfo=UTC)) == date(2026, 3, 28)
    assert local_day(datetime(2026, 3, 29, 22, 0, tzinfo=UTC)) == date(2026, 3, 30)
    assert local_day(datetime(2026, 10, 25, 22, 59, tzinfo=UTC)) == date(2026, 10, 25)
    assert local_day(datetime(2026, 10, 25, 23, 0, tzinfo=UTC)) == date(2026, 10, 26)


def test_a_line_is_valid_through_day_365_also_over_a_leap_day() -> None:
    assert valid_through(date(2026, 3, 1)) == date(2027, 3, 1)
    assert valid_through(date(2027, 3, 1)) == date(2028, 2, 29)


def test_somebody_born_on_a_leap_day_turns_sixteen_on_the_leap_day() -> None:
    assert age(date(2012, 2, 29), date(2028, 2, 28)) == 15
    assert age(date(2012, 2, 29), date(2028, 2, 29)) == 16
    assert birthday(date(2012, 2, 29), 17) == date(2029, 3, 1)


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 40_000))
def test_age_grows_by_one_on_the_birthday_and_never_otherwise(born: date, days: int) -> None:
    day = born + timedelta(days=days)

    grown = age(born, day) - age(born, day - timedelta(days=1))

    assert grown == (1 if days > 0 and birthday(born, day.year - born.year) == day else 0) or days == 0


def test_a_period_includes_both_its_ends() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 31))

    assert [period.covers(date(2026, 1, 1)), period.covers(date(2026, 1, 31))] == [True, True]
    assert [period.covers(date(2025, 12, 31)), period.covers(date(2026, 2, 1))] == [False, False]
    assert Period(date(2026, 1, 1)).covers(date(2099, 1, 1))
