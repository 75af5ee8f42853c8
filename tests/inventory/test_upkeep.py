"""When a device is due for maintenance, by dated intervals, and what may be lent meanwhile (S131, Q56)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.inventory.domain.devices.device import Device, moved
from services.inventory.domain.devices.noting import NoteAboutPerson
from services.inventory.domain.devices.upkeep import Interval, Upkeep, months_after, next_due
from services.inventory.domain.maintenance.lending import (
    FaultNotMended,
    MaintenanceOverdue,
    NotOverdue,
    against_lending,
    exempt,
)
from services.inventory.domain.maintenance.planning import (
    MOST_INTERVALS,
    MaintenancePlan,
    PastInterval,
    TooManyIntervals,
    planned,
    set_interval,
    with_interval,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DEVICE = Device("D100001", "910001", "central", "DEMO-S1", purchased_on=date(2025, 11, 30))


def every(months: int | None, since: date = date(2020, 1, 1)) -> Interval:
    return Interval(since, months, "technician-1", AT, "Enligt tillverkaren")


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, due: date
) -> None:
    assert months_after(day, months) == due


def test_a_shorter_interval_calls_nobody_before_the_day_on_which_it_begins() -> None:
    intervals = (every(24), every(6, date(2027, 1, 1)))

    assert next_due(intervals, counted_from=date(2026, 11, 1)) == date(2027, 5, 1)
    assert next_due(intervals, counted_from=date(2025, 3, 1)) == date(2027, 1, 1)
    assert next_due(intervals, counted_from=date(2024, 12, 1)) == date(2026, 12, 1)


def test_what_needs_no_maintenance_from_a_day_on_is_not_due_after_it() -> None:
    intervals = (every(12), every(None, date(2026, 12, 1)))

    assert next_due(intervals, counted_from=date(2026, 1, 1)) is None
    assert next_due(intervals, counted_from=date(2025, 11, 30)) == date(2026, 11, 30)


@given(
    st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60)), min_size=1),
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_a_device_is_never_due_before_it_was_maintained_or_before_its_interval_began(
    rows: list[tuple[date, int]], counted_from: date
) -> None:
    intervals = tuple(every(months, since) for since, months in sorted(dict(rows).items()))

    due = next_due(intervals, counted_from=counted_from)

    assert due is not None
    assert due > counted_from or due == max(each.valid_from for each in intervals if each.valid_from <= due)
    assert due >= intervals[0].valid_from


def test_a_new_interval_replaces_what_was_said_of_later_days_and_never_days_that_have_been() -> None:
    first, _ = set_interval(None, article_no="910001", interval=every(12))
    planned_twice = every(6, date(2027, 1, 1)), every(9, date(2026, 12, 1))
    for each in planned_twice:
        first, _ = set_interval(first, article_no="910001", interval=each)

    assert [(each.valid_from.year, each.months) for each in first.intervals] == [(2020, 12), (2026, 9)]
    assert first.version == 3
    with pytest.raises(PastInterval):
        set_interval(first, article_no="910001", interval=every(6, date(2026, 11, 22)))


def test_an_interval_that_changes_without_end_is_refused() -> None:
    intervals = tuple(every(12, date(1900 + year, 1, 1)) for year in range(MOST_INTERVALS))

    with pytest.raises(TooManyIntervals):
        with_interval(intervals, every(6, TODAY))


def test_it_is_counted_from_the_last_maintenance_else_from_purchase_or_receipt() -> None:
    plan = MaintenancePlan("910001", (every(12),), 4)
    maintained = replace(DEVICE, upkeep=Upkeep(maintained_on=date(2026, 5, 1)))
    received = replace(DEVICE, purchased_on=None, received_on=date(2026, 10, 1))

    found = [planned(each, plan).upkeep for each in (DEVICE, maintained, received)]

    assert [each.due_on for each in found] == [date(2026, 11, 30), date(2027, 5, 1), date(2027, 10, 1)]
    assert {each.plan_version for each in found} == {4}


def test_a_devices_own_interval_and_an_earlier_day_count_before_its_articles() -> None:
    plan = MaintenancePlan("910001", (every(12),), 1)
    own = replace(DEVICE, upkeep=Upkeep(intervals=(every(24),)))
    earlier = replace(DEVICE, upkeep=Upkeep(next_on=date(2026, 6, 1)))

    assert planned(own, plan).upkeep.due_on == date(2027, 11, 30)
    assert planned(earlier, plan).upkeep.due_on == date(2026, 6, 1)
    assert planned(DEVICE, None).upkeep.due_on is None


def test_an_interval_of_its_own_that_begins_later_leaves_the_articles_until_its_day() -> None:
    plan = MaintenancePlan("910001", (every(12),), 1)
    later = replace(DEVICE, upkeep=Upkeep(intervals=(every(24, date(2027, 3, 1)),)))
    before = replace(later, purchased_on=date(2026, 6, 1))

    assert planned(later, plan).upkeep.due_on == date(2026, 11, 30)
    assert planned(before, plan).upkeep.due_on == date(2028, 6, 1)
    assert planned(later, None).upkeep.due_on == date(2027, 11, 30)


def test_what_is_scrapped_is_due_no_more_and_counted_anew_when_it_comes_to_light() -> None:
    due = planned(DEVICE, MaintenancePlan("910001", (every(12),), 1))

    gone = moved(due, state="written_off")
    found = moved(replace(gone, lost=True), state="in_stock", storeroom_no="DEMO-S1")

    assert (gone.upkeep.due_on, gone.upkeep.plan_version) == (None, None)
    assert found.upkeep.plan_version is None
    assert moved(due, state="in_stock").upkeep == due.upkeep


def test_overdue_begins_the_day_after_and_a_recorded_reason_holds_for_that_day_only() -> None:
    due = replace(DEVICE, upkeep=Upkeep(due_on=date(2026, 11, 22)))

    lent, _ = exempt(due, reason="Inget annat finns i kväll", by="prescriber-1", at=AT)
    later = replace(lent, upkeep=replace(lent.upkeep, due_on=date(2026, 11, 21)))

    assert against_lending(due, on=date(2026, 11, 22)) is None
    assert against_lending(due, on=TODAY) is MaintenanceOverdue
    assert against_lending(lent, on=TODAY) is None
    assert against_lending(later, on=TODAY) is MaintenanceOverdue


def test_a_reason_is_recorded_only_of_what_is_overdue_and_names_nobody() -> None:
    due = replace(DEVICE, upkeep=Upkeep(due_on=date(2026, 11, 22)))

    with pytest.raises(NotOverdue):
        exempt(replace(DEVICE, upkeep=Upkeep(due_on=TODAY)), reason="Ändå", by="x", at=AT)
    with pytest.raises(NoteAboutPerson):
        exempt(due, reason="Till 19121212-1212", by="x", at=AT)


def test_what_has_a_fault_or_was_found_unfit_is_not_lent_for_any_reason() -> None:
    reported = replace(DEVICE, upkeep=Upkeep(corrective_job="A2026-000001-1"))
    rejected = replace(DEVICE, upkeep=Upkeep(rejected_by="A2026-000001-1"))

    assert against_lending(reported, on=TODAY) is FaultNotMended
    assert against_lending(rejected, on=TODAY) is FaultNotMended
