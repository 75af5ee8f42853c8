"""Moments as they are kept: the order of their texts is the order of time."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from shared.domain.days import STOCKHOLM
from shared.repository import Collection, Repository, moment_text
from shared.repository.codec import from_document, to_document
from shared.repository.matching import matches
from shared.repository.moments import between, moment_of
from shared.repository.refs import Loaded
from tests.shared.examples import A_PURSE, PURSES, cause, fill

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(
    lambda moment, whole: moment.replace(microsecond=0) if whole else moment,
    st.datetimes(
        datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS | st.just(UTC) | st.just(STOCKHOLM)
    ),
    st.booleans(),
)  # fmt: skip
NOON = datetime(2026, 12, 6, 12, 0, tzinfo=UTC)
HALF = timedelta(milliseconds=500)


@given(one=MOMENTS, other=MOMENTS)
def test_texts_of_moments_are_ordered_as_the_moments_are(one: datetime, other: datetime) -> None:
    assert (moment_text(one) < moment_text(other)) == (one.astimezone(UTC) < other.astimezone(UTC))
    assert moment_of(moment_text(one)) == one.astimezone(UTC)


def test_a_whole_second_has_its_decimals_and_an_offset_is_counted_in() -> None:
    assert moment_text(NOON) == "2026-12-06T12:00:00.000000Z"
    assert moment_text(datetime(2026, 12, 6, 12, 0, tzinfo=STOCKHOLM)) == "2026-12-06T11:00:00.000000Z"


def test_a_moment_without_an_offset_is_no_moment() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        moment_text(datetime(2026, 12, 6, 12, 0))


@pytest.mark.parametrize("hours", [14, -14])
def test_the_ends_of_the_calendar_are_compared_and_break_nothing(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))

    assert moment_text(datetime.min.replace(tzinfo=zone)) < moment_text(NOON)
    assert moment_text(datetime.max.replace(tzinfo=zone)) > moment_text(NOON)


def as_before(moment: datetime) -> str:
    """Write a moment as the version before did."""
    return str(TypeAdapter(datetime).dump_python(moment.astimezone(UTC), mode="json"))


@given(at=st.sampled_from([NOON - HALF, NOON, NOON + HALF]), since=MOMENTS, until=MOMENTS)
def test_a_time_is_asked_for_in_rows_of_this_and_of_the_version_before(
    at: datetime, since: datetime, until: datetime
) -> None:
    within_it = NOON + HALF / 2
    for bounds in (
        {"since": since}, {"until": until}, {"since": at}, {"until": at},
        {"since": within_it}, {"until": within_it}, {"since": NOON, "until": within_it},
    ):  # fmt: skip
        within = bounds.get("since", at) <= at < bounds.get("until", at + HALF)
        for text in (moment_text(at), as_before(at)):
            assert matches({"at": text}, between("at", **bounds)) == within, (text, bounds)


class Form(BaseModel):
    at: datetime


@dataclass(frozen=True)
class Deep:
    """A moment in every place where a state may have one."""

    at: datetime
    perhaps: datetime | None
    several: tuple[datetime, ...]
    by_name: dict[str, datetime]
    form: Form
    forms: tuple[Form, ...]
    inner: "Deep | None" = None


def test_a_moment_is_written_in_the_one_form_wherever_it_lies() -> None:
    at = NOON.astimezone(STOCKHOLM)
    deep = Deep(at, at, (at,), {"then": at}, Form(at=at), (Form(at=at),))
    deep = replace(deep, inner=deep)

    document = to_document(Collection("deep", Deep), "d1", Loaded(deep, 1))

    assert set(texts_in(document)) == {"d1", "2026-12-06T12:00:00.000000Z"}
    assert from_document(Collection("deep", Deep), document).state == deep


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for each in value.values() for found in texts_in(each)]
    if isinstance(value, list):
        return [found for each in value for found in texts_in(each)]
    return [value] if isinstance(value, str) else []


def test_a_document_of_the_version_before_is_read() -> None:
    document = {**to_document(PURSES, "p1", Loaded(A_PURSE, 1)), "touched_at": "2026-07-01T10:00:00+02:00"}

    assert from_document(PURSES, document).state == replace(
        A_PURSE, touched_at=datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    )


async def test_a_kept_moment_is_found_by_its_time_whatever_its_offset(
    purses: Repository,
) -> None:
    at = datetime.combine(date(2026, 12, 6), time(9, 30), STOCKHOLM)

    await fill(purses, 1)
    await purses.change(
        PURSES.ref("p1"), lambda purse: (replace(purse, touched_at=at), []), cause=cause("k1")
    )

    for moment, found in ((at, 1), (at.astimezone(UTC), 1), (at - timedelta(microseconds=1), 0)):
        assert len(await purses.find(PURSES, {"touched_at": {"$lte": moment_text(moment)}})) == found
