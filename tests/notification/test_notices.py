"""A despatched order gives one notice, by the first way that there is."""

from dataclasses import replace

import pytest

from services.notification.domain.attempts import begin_attempt
from services.notification.domain.contact import Contact
from services.notification.domain.message import Channel
from services.notification.domain.notices import delivery_notice, notify
from tests.notification.examples import CLAIMED, EVENING, MORNING, NOON, NOTICE, REACHED, tasks, why


def test_a_despatched_order_gives_one_notice_named_after_it() -> None:
    message, _, facts = notify(None, None, notice=NOTICE, at=NOON)

    assert message == NOTICE
    assert NOTICE.message_id == "delivery-notice:B2026-000007-1"
    assert (NOTICE.state, NOTICE.due_at, facts) == ("due", NOON, [])


def test_a_repeated_despatch_gives_no_second_notice() -> None:
    assert notify(CLAIMED, None, notice=NOTICE, at=NOON) == (CLAIMED, None, [])


def test_a_receiver_who_chose_none_gets_none() -> None:
    assert notify(None, None, notice=replace(NOTICE, channel="none"), at=NOON) == (None, None, [])


def test_a_notice_by_telephone_is_a_task_for_a_person() -> None:
    message, _, facts = notify(None, REACHED, notice=replace(NOTICE, channel="phone"), at=NOON)

    assert message
    assert (message.state, message.channel) == ("by_hand", "phone")
    assert tasks(list(facts)) == 1


def test_a_notice_without_any_way_to_the_patient_is_a_task_for_a_person() -> None:
    message, _, facts = notify(None, None, notice=replace(NOTICE, to=None), at=NOON)

    assert message
    assert message.state == "rejected"
    assert (why(list(facts)), tasks(list(facts))) == (["rejected"], 1)


@pytest.mark.parametrize(
    ("chosen", "contact", "channel"),
    [
        ("sms", REACHED, "sms"),
        ("sms", replace(REACHED, phone=None), "email"),
        ("sms", replace(REACHED, phone=None, email=None), "letter"),
        ("email", REACHED, "email"),
        ("email", replace(REACHED, email=None), "letter"),
        ("letter", REACHED, "letter"),
    ],
)
def test_the_first_way_that_there_is_is_taken(chosen: Channel, contact: Contact, channel: Channel) -> None:
    message, _, facts = notify(None, contact, notice=replace(NOTICE, channel=chosen, to=None), at=NOON)

    assert message
    assert (message.channel, message.state, facts) == (channel, "due", [])


def test_a_letter_needs_a_name_and_an_address() -> None:
    nameless = replace(REACHED, phone=None, email=None, name=None)

    message, _, _ = notify(None, nameless, notice=replace(NOTICE, to=None), at=NOON)

    assert message
    assert message.state == "rejected"


def test_a_notice_at_night_is_due_in_the_morning() -> None:
    night = delivery_notice("B1", patient_ref="p-1", channel="sms", to="s", language="sv", at=EVENING)

    assert night.due_at == MORNING
    assert begin_attempt(night, attempt="a-1", at=EVENING) == (night, [])
