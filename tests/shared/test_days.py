"""Days where the patient lives."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.days import (
    BIRTHS,
    EVENTS,
    ImpossibleDay,
    NotADay,
    NotAMoment,
    Period,
    PeriodReversed,
    age,
    birthday,
    can_be_expected,
    local_day,
    read_day,
    read_moment,
    valid_through,
)


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


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(1, 110), st.integers(-2, 2))
def test_age_grows_by_one_on_the_birthday_and_never_otherwise(born: date, years: int, beside: int) -> None:
    day = birthday(born, years) + timedelta(days=beside)

    grown = age(born, day) - age(born, day - timedelta(days=1))

    assert grown == (1 if beside == 0 else 0)


def test_a_period_includes_both_its_ends() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 31))

    assert [period.covers(date(2026, 1, 1)), period.covers(date(2026, 1, 31))] == [True, True]
    assert [period.covers(date(2025, 12, 31)), period.covers(date(2026, 2, 1))] == [False, False]
    assert Period(date(2026, 1, 1)).covers(date(2099, 1, 1))


@pytest.mark.parametrize(
    "written", ["2026-11-29", " 2026-11-29 ", "2026\u201311\u201329", "\u200b2026-11-29"]
)
def test_a_day_is_read_as_it_was_typed_or_pasted(written: str) -> None:
    assert read_day(written) == date(2026, 11, 29)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1767225600",
        "20261129",
        "2026-11-31",
        "2026-02-29",
        "0000-01-01",
        "2026-1-1",
        "2026-W48-7",
        "2026-11-29T00:00:00",
        "29/11/2026",
        "٢٠٢٦-١١-٢٩",
    ],
)
def test_what_is_no_day_of_the_calendar_is_refused(written: str) -> None:
    with pytest.raises(NotADay):
        read_day(written)


@pytest.mark.parametrize(
    "written", ["0001-01-01", "1026-11-29", "1999-12-31", "2101-01-01", "2154-12-31", "9999-12-31"]
)
def test_a_day_that_cannot_be_meant_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleDay):
        read_day(written)


def test_both_ends_of_a_kind_of_day_belong_to_it() -> None:
    assert read_day("1880-01-01", BIRTHS) == BIRTHS.first
    assert read_day("2100-12-31", EVENTS) == EVENTS.last
    with pytest.raises(ImpossibleDay):
        read_day("1879-12-31", BIRTHS)
    with pytest.raises(ImpossibleDay):
        read_day("1899-12-31", EVENTS)


@pytest.mark.parametrize(
    "written", ["2026-11-29T08:00:00+01:00", "2026-11-29T07:00Z", "2026-11-29 07:00:00.0Z"]
)
def test_a_moment_says_how_far_from_utc_it_is(written: str) -> None:
    assert read_moment(written) == datetime(2026, 11, 29, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["2026-11-29", "2026-11-29T08:00:00", "1767225600", "2026-11-29T25:00Z", "T"]
)
def test_a_moment_without_its_time_zone_is_none(written: str) -> None:
    with pytest.raises(NotAMoment):
        read_moment(written)


@pytest.mark.parametrize(
    "written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2154-12-31T00:00Z"]
)
def test_a_moment_that_cannot_be_meant_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleDay):
        read_moment(written)


def test_goods_are_expected_from_the_day_of_the_order_and_for_a_year() -> None:
    ordered, today = date(2026, 11, 20), date(2026, 11, 29)
    expected = partial(can_be_expected, since=ordered, today=today)

    assert [expected(ordered), expected(today + timedelta(days=365))] == [True, True]
    assert [expected(date(2026, 11, 19)), expected(today + timedelta(days=366))] == [False, False]


def test_a_period_does_not_end_before_it_begins() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 31)

    assert Period(first, last).in_order() == Period(first, last)
    assert Period(first, first).in_order() == Period(first, first)
    assert Period(first).in_order() == Period(first)
    with pytest.raises(PeriodReversed):
        Period(last, first).in_order()
