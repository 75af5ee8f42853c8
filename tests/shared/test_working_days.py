"""The days on which goods are carried in Sweden: no weekend, no holiday, and the eves of the region (Q47)."""

from datetime import date

import pytest

from shared.domain.working_days import EVES, WorkingDays, easter, holidays


@pytest.mark.parametrize(
    ("year", "day"),
    [(1961, "04-02"), (2000, "04-23"), (2008, "03-23"), (2024, "03-31"), (2026, "04-05"),
     (2038, "04-25"), (2285, "03-22")],
)  # fmt: skip
def test_easter_is_on_its_sunday(year: int, day: str) -> None:
    assert easter(year).isoformat() == f"{year}-{day}"


def test_the_holidays_of_a_year_are_those_of_the_almanac() -> None:
    assert sorted(each.strftime("%m%d") for each in holidays(2026)) == [
        "0101", "0106", "0403", "0405", "0406", "0501", "0514", "0524", "0606", "0620", "1031", "1225",
        "1226",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "comes"),
    [
        ("2026-11-23", "2026-11-24"),
        ("2026-11-27", "2026-11-30"),
        ("2026-12-23", "2026-12-28"),
        ("2026-12-30", "2027-01-04"),
        ("2027-01-05", "2027-01-07"),
        ("2026-04-02", "2026-04-07"),
        ("2026-05-13", "2026-05-15"),
        ("2026-06-18", "2026-06-22"),
        ("2024-02-28", "2024-02-29"),
    ],
)
def test_goods_come_on_the_next_day_on_which_they_are_carried(sent: str, comes: str) -> None:
    assert WorkingDays().after(date.fromisoformat(sent)).isoformat() == comes


def test_eves_and_other_free_days_are_data_of_the_region() -> None:
    monday = date(2027, 1, 4)

    assert WorkingDays(free_eves=frozenset()).after(date(2026, 12, 23)) == date(2026, 12, 24)
    assert WorkingDays(free_eves=frozenset(EVES)).after(monday) == date(2027, 1, 7)
    assert WorkingDays(closed=frozenset({date(2027, 1, 5)})).after(monday) == date(2027, 1, 7)
    assert WorkingDays(free_eves=frozenset(EVES)).after(date(2026, 4, 1)) == date(2026, 4, 7)
    assert WorkingDays(free_eves=frozenset(EVES)).after(date(2026, 4, 29)) == date(2026, 5, 4)


def test_several_working_days_are_counted() -> None:
    assert WorkingDays().after(date(2026, 12, 22), days=3) == date(2026, 12, 29)
