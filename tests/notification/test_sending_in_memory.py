"""A despatched order is told to the patient: when, how, and at most once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import InvalidToken

from services.notification.application.messages import Messages
from services.notification.domain.message import CHAIN
from services.notification.domain.outcomes import Accepted, NotSent, Rejected, Unknown
from services.notification.repository.collections import MESSAGES
from shared.events.notification import MessageDelivered
from shared.events.ordering import Notify
from tests.notification.in_memory import AT, ORDER, Notification


async def test_a_despatched_order_is_told_to_the_patient_once(notification: Notification) -> None:
    await notification.hear(notification.despatched(), notification.despatched())
    await notification.run(3)

    assert notification.gateway.taken == [
        {
            "id": f"delivery-notice:{ORDER}",
            "to": "+46701740605",
            "text": "Din leverans är på väg. Frågor? Ring kundservice 040-628 04 00.",
            "sender": "Demoregion",
        }
    ]
    assert [fact.order_no for fact in notification.service.told_of(MessageDelivered)] == [ORDER]


async def test_the_despatch_wakes_the_sending_at_once(notification: Notification) -> None:
    await notification.hear(notification.despatched())

    (send,) = (each for each in notification.service.assembled.jobs if each.name == "send what is due")
    assert send.wake.is_set()


async def test_the_notice_is_in_english_for_who_reads_english(notification: Notification) -> None:
    await notification.hear(notification.despatched(language="en"))
    await notification.run()

    assert notification.gateway.taken[0]["text"].startswith("Your delivery is on its way.")


async def test_prescription_is_asked_right_before_sending(notification: Notification) -> None:
    await notification.hear(notification.despatched())
    assert notification.register.asked == []

    await notification.run()

    question = {"people": [{"patient_ref": "p-1", "purpose": "delivery_notice"}]}
    assert notification.register.asked == [("prescription", "POST", "/reachability", question)]


async def test_a_claim_that_was_committed_without_an_answer_is_ones_own(notification: Notification) -> None:
    await notification.hear(notification.despatched())
    messages = Messages(notification.service.repository, notification.service.clock)
    (message,) = await messages.queries.due(CHAIN)

    claims = [bool(await messages.claim(message, attempt=each)) for each in ("one", "one", "other")]

    assert claims == [True, True, False]


@pytest.mark.parametrize("why", ["deceased", "protected", "opted-out", None])
async def test_nobody_is_told_who_may_not_be_told(notification: Notification, why: str | None) -> None:
    notification.register.answer = {"may_be_told": False, "why": why}
    await notification.hear(notification.despatched())
    await notification.run(2)

    assert notification.gateway.taken == []
    assert (notification.failed(), notification.raised()) == (["suppressed"], [])


@pytest.mark.parametrize("answer", [None, {}, {"may_be_told": "yes"}, "true"])
async def test_without_a_clear_answer_nothing_is_sent_until_it_comes(
    notification: Notification, answer: Any
) -> None:
    notification.register.answer = answer
    await notification.hear(notification.despatched())
    await notification.run(2)
    assert notification.gateway.taken == []

    notification.register.answer = {"may_be_told": True}
    notification.service.clock.move(seconds=30)
    await notification.run()

    assert len(notification.gateway.taken) == 1


async def test_when_nobody_answers_for_a_day_a_person_takes_over(notification: Notification) -> None:
    notification.register.answer = None
    await notification.hear(notification.despatched())
    for _ in range(50):
        await notification.run()
        notification.service.clock.move(minutes=30)

    assert notification.gateway.taken == []
    assert (notification.failed(), notification.raised()) == (["expired"], ["message_not_sent"])


async def test_an_sms_of_the_evening_is_sent_at_8_in_the_morning(notification: Notification) -> None:
    notification.service.clock.set(datetime(2026, 11, 23, 19, 30, tzinfo=UTC))
    await notification.hear(notification.despatched())
    await notification.run()
    assert notification.gateway.taken == []

    notification.service.clock.set(datetime(2026, 11, 24, 6, 59, 59, tzinfo=UTC))
    await notification.run()
    assert notification.gateway.taken == []

    notification.service.clock.set(datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC))
    await notification.run()
    assert len(notification.gateway.taken) == 1


async def test_what_could_not_be_sent_before_20_is_not_sent_at_night(notification: Notification) -> None:
    notification.service.clock.set(datetime(2026, 11, 23, 18, 59, tzinfo=UTC))
    await notification.hear(notification.despatched())
    notification.service.clock.set(datetime(2026, 11, 23, 19, 0, tzinfo=UTC))

    await notification.run()

    assert notification.gateway.taken == []


async def test_an_unknown_outcome_is_a_task_and_never_sent_again(notification: Notification) -> None:
    notification.gateway.outcome = Unknown()
    await notification.hear(notification.despatched())
    for _ in range(5):
        await notification.run()
        notification.service.clock.move(hours=1)

    assert len(notification.gateway.taken) == 1
    assert (notification.failed(), notification.raised()) == (["unknown"], ["message_not_sent"])


async def test_a_message_of_a_killed_process_is_unknown_after_a_minute_and_never_sent_again(
    notification: Notification,
) -> None:
    await notification.hear(notification.despatched())
    messages = Messages(notification.service.repository, notification.service.clock)
    (message,) = await messages.queries.due(CHAIN)
    assert await messages.claim(message, attempt="killed")

    await notification.run()
    assert notification.failed() == []
    notification.service.clock.move(seconds=61)
    await notification.run(2)

    assert notification.gateway.taken == []
    assert (notification.failed(), notification.raised()) == (["unknown"], ["message_not_sent"])


@pytest.mark.parametrize("early", [timedelta(microseconds=-500_000), timedelta(microseconds=300_000)])
async def test_an_attempt_that_is_looked_at_too_early_is_looked_at_again(
    notification: Notification, early: timedelta
) -> None:
    notification.service.clock.set(AT + early)
    await notification.hear(notification.despatched())
    messages = Messages(notification.service.repository, notification.service.clock)
    (message,) = await messages.queries.due(CHAIN)
    await messages.claim(message, attempt="killed")
    (claimed,) = await notification.service.repository.find(MESSAGES, {})

    await messages.break_off(claimed)
    notification.service.clock.move(seconds=62)
    await notification.run()

    assert notification.failed() == ["unknown"]


async def test_of_two_processes_one_sends(notification: Notification) -> None:
    notification.gateway.seconds = 0.01
    await notification.hear(notification.despatched())

    await asyncio.gather(*(notification.run() for _ in range(4)))

    assert len(notification.gateway.taken) == 1
    assert len(notification.service.told_of(MessageDelivered)) == 1


async def test_what_surely_was_not_sent_is_tried_again_after_a_while(notification: Notification) -> None:
    notification.gateway.outcome = NotSent()
    await notification.hear(notification.despatched())
    await notification.run(2)
    assert len(notification.gateway.taken) == 1

    notification.gateway.outcome = Accepted("s2")
    notification.service.clock.move(seconds=30)
    await notification.run()

    assert (await notification.message())["state"] == "sent"
    assert len(notification.gateway.taken) == 2


async def test_a_rejected_number_is_a_task(notification: Notification) -> None:
    notification.gateway.outcome = Rejected("http-400")
    await notification.hear(notification.despatched())
    await notification.run(2)

    assert (notification.failed(), notification.raised()) == (["rejected"], ["message_not_sent"])


async def test_no_sms_goes_to_a_number_that_takes_none(notification: Notification) -> None:
    await notification.hear(notification.despatched("+46406280400"))
    await notification.run()

    assert notification.gateway.taken == []
    assert notification.failed() == ["rejected"]


@pytest.mark.parametrize(
    ("channel", "raised"),
    [("none", []), ("phone", ["message_not_sent"]), ("letter", ["message_not_sent"])],
)
async def test_only_who_chose_sms_gets_an_sms(
    notification: Notification, channel: str, raised: list[str]
) -> None:
    await notification.hear(notification.despatched(channel=channel))
    await notification.run()

    assert notification.gateway.taken == []
    assert notification.raised() == raised


async def test_a_bug_with_one_message_does_not_stop_the_others(
    notification: Notification,
) -> None:
    broken = notification.despatched().model_copy(
        update={"order_no": "B0", "notify": Notify(channel="sms", to="sealed:contact:broken")}
    )
    await notification.hear(broken, notification.despatched())

    with pytest.raises(InvalidToken):
        await notification.run()

    assert len(notification.gateway.taken) == 1
