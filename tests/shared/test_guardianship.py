"""Who acts for a child, until when, and the one refusal that all services give (Q7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.days import birthday
from shared.domain.guardianship import (
    Acting,
    GuardianCallsCustomerService,
    adult_from,
    guardian_acts,
    is_minor,
    minor_through,
)
from tools.docs.refusals import codes


@pytest.mark.parametrize(
    ("born", "on", "acts"),
    [
        (date(2014, 7, 3), date(2027, 7, 2), "alone"),
        (date(2014, 7, 3), date(2027, 7, 3), "through_customer_service"),
        (date(2014, 7, 3), date(2032, 7, 2), "through_customer_service"),
        (date(2014, 7, 3), date(2032, 7, 3), "not"),
        (date(2016, 2, 29), date(2029, 2, 28), "alone"),
        (date(2016, 2, 29), date(2029, 3, 1), "through_customer_service"),
        (date(2026, 11, 30), date(2026, 11, 30), "alone"),
        (None, date(2026, 11, 30), "not"),
    ],
)
def test_a_guardian_acts_alone_until_13_and_through_customer_service_until_18(
    born: date | None, on: date, acts: Acting
) -> None:
    assert guardian_acts(born, on=on) == acts


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_the_last_day_of_a_minor_is_the_day_before_the_18th_birthday(born: date) -> None:
    assert adult_from(born) == birthday(born, 18)
    assert is_minor(born, on=minor_through(born))
    assert not is_minor(born, on=minor_through(born) + timedelta(days=1))


def test_every_service_tells_a_guardian_to_call_customer_service_in_the_same_words() -> None:
    said = [each for each in codes() if each.rule == GuardianCallsCustomerService.rule]

    assert [(each.where, each.sentence) for each in said] == [
        ("shared", GuardianCallsCustomerService.sentence)
    ]
