"""When the day is closed next: kept, at 18 in Stockholm, and not believed when it is far away."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.files.batch import CLOSES_AT
from services.billing.domain.files.deadline import Deadline, set_next
from tests.billing.in_memory import AT


@pytest.mark.parametrize(
    ("now", "closing"),
    [
        (datetime(2026, 11, 21, 16, 59, tzinfo=UTC), datetime(2026, 11, 21, 17, tzinfo=UTC)),
        (datetime(2026, 11, 21, 17, 0, tzinfo=UTC), datetime(2026, 11, 22, 17, tzinfo=UTC)),
        (datetime(2026, 3, 28, 17, 30, tzinfo=UTC), datetime(2026, 3, 29, 16, tzinfo=UTC)),
        (datetime(2026, 10, 24, 16, 30, tzinfo=UTC), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2027, 1, 1, 17, tzinfo=UTC)),
    ],
)
def test_the_day_is_closed_at_18_local_time_whatever_summer_time_does(
    now: datetime, closing: datetime
) -> None:
    deadline, _ = set_next(None, name="daily-file", now=now, local=CLOSES_AT)

    assert deadline == Deadline("daily-file", closing)


def test_a_deadline_to_come_stands() -> None:
    deadline = Deadline("daily-file", AT + timedelta(hours=25))

    assert set_next(deadline, name="daily-file", now=AT, local=CLOSES_AT) == (deadline, [])


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_every_deadline_that_is_set_stands_until_it_has_passed(now: datetime) -> None:
    deadline, _ = set_next(None, name="daily-file", now=now, local=CLOSES_AT)
    assert deadline is not None

    again, _ = set_next(deadline, name="daily-file", now=now, local=CLOSES_AT)
    after, _ = set_next(deadline, name="daily-file", now=deadline.due_at, local=CLOSES_AT)

    assert again == deadline
    assert after is not None
    assert after.due_at > deadline.due_at


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=400)])
def test_a_deadline_that_a_wrong_clock_set_far_ahead_is_set_anew(ahead: timedelta) -> None:
    wrong = Deadline("daily-file", AT + ahead)

    assert set_next(wrong, name="daily-file", now=AT, local=CLOSES_AT) == set_next(
        None, name="daily-file", now=AT, local=CLOSES_AT
    )
