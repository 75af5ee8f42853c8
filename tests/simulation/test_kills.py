"""A kill between any two effects of the whole job loses nothing and doubles nothing (I1 to I29)."""

import pytest

from tests.simulation.kills import FOODS, Kill, kills, some_kills

MAIN_POINTS = {
    "ordering": {"send.before_commit", "send.after_commit", "annul.before_commit", "numbers.after_block"},
    "notification": {"sms.before_claim", "sms.after_claim", "sms.after_call", "sms.after_record"},
    "billing": {"close.after_freeze", "export.after_write", "export.after_rename", "export.before_mark"},
    "prescription": {"hear.before_handler", "hear.after_handler", "hear.after_ack"},
}
EVERYWHERE = {"commit.before", "commit.in_transaction", "commit.after", "commit.before_answer"}


def wrong(found: list[Kill]) -> list[Kill]:
    return [each for each in found if each.wrong]


SERVICES = ["ordering", "notification", "prescription", "billing"]


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_be_killed_where_it_first_stands_at_each_point_and_at_one_in_twelve_of_all(
    service: str,
) -> None:
    found = list(some_kills(service, FOODS, one_in=12))

    assert wrong(found) == []
    assert {each.point for each in found} >= MAIN_POINTS[service] | EVERYWHERE
    assert len(found) >= 12


@pytest.mark.long
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_be_killed_at_every_point_that_it_passes(service: str) -> None:
    found = list(kills(service, FOODS))

    assert wrong(found) == []
    assert {each.point for each in found} >= MAIN_POINTS[service] | EVERYWHERE
    assert len(found) >= 60
