"""A kill between any two effects of the whole job loses nothing and doubles nothing (I1 to I29)."""

import pytest

from tests.simulation.kills import Kill, killed_after, kills

MAIN_POINTS = {
    "ordering": {"send.before_commit", "send.after_commit", "annul.before_commit", "numbers.after_block"},
    "notification": {"sms.before_claim", "sms.after_claim", "sms.after_call", "sms.after_record"},
    "billing": {"close.after_freeze", "export.after_write", "export.after_rename", "export.before_mark"},
    "prescription": {"hear.before_handler", "hear.after_handler", "hear.after_ack"},
}
EVERYWHERE = {"commit.before", "commit.in_transaction", "commit.after", "commit.before_answer"}
TELLING = {"relay.before_publish", "relay.after_confirm", "relay.before_mark", "relay.after_mark"}
A_PART = 5


def wrong(found: list[Kill]) -> list[Kill]:
    return [each for each in found if each.wrong]


@pytest.mark.slow
@pytest.mark.parametrize("service", ["ordering", "notification", "prescription"])
def test_a_service_may_be_killed_at_every_point_that_it_passes(service: str) -> None:
    found = list(kills(service))

    assert wrong(found) == []
    assert {each.point for each in found} >= MAIN_POINTS[service] | EVERYWHERE
    assert len(found) >= 60


@pytest.mark.slow
def test_billing_may_be_killed_at_every_fifth_point_that_it_passes() -> None:
    found = [kill for points in range(0, 300, A_PART) if (kill := killed_after("billing", points))]

    assert wrong(found) == []
    assert len(found) >= 50


@pytest.mark.long
def test_billing_may_be_killed_at_every_point_that_it_passes() -> None:
    found = list(kills("billing"))

    assert wrong(found) == []
    assert {each.point for each in found} >= MAIN_POINTS["billing"] | EVERYWHERE | TELLING
