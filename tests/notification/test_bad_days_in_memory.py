"""Bad days: the gateway is out of order, slow or wrong for hours; nothing is lost, nothing comes twice."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.notification.domain.outcomes import Accepted, NotSent
from services.notification.gateways.http_gateway import HttpGateway
from services.notification.repository.collections import MESSAGES
from shared.events.notification import MessageDelivered
from shared.events.tasks import TaskRaised, TaskResolved
from tests.notification.in_memory import Notification
from tools.demo.control import Control
from tools.demo.settings import DemoSettings
from tools.demo.sms_gateway import NAME, create_app

DOWN_MINUTES = 60


class DemoGateway(HttpGateway):
    """The demo gateway itself, reached without a network."""

    def __init__(self) -> None:
        self.app = create_app()
        transport = httpx.ASGITransport(self.app)
        super().__init__(httpx.AsyncClient(transport=transport), "http://sms")


@pytest.fixture
def control(notification: Notification, monkeypatch: pytest.MonkeyPatch) -> Control:
    monkeypatch.setenv("SESAM_PEER_LOG_DIR", str(notification.folder))
    control = Control(NAME, DemoSettings())
    control.tell({"mode": "no-receipt", "delay_seconds": 0})
    gateway = DemoGateway()
    monkeypatch.setattr(notification.gateway, "send", gateway.send)
    return control


def order(notification: Notification, number: int) -> Any:
    return notification.despatched().model_copy(update={"order_no": f"B2026-{number:06}-0"})


async def states(notification: Notification) -> Counter[str]:
    found = await notification.service.repository.find(MESSAGES, {}, limit=1000)
    return Counter(message.state for message in found)


def booked(notification: Notification) -> Counter[str]:
    book = notification.folder / "sms.jsonl"
    lines = book.read_text().splitlines()
    return Counter(line.partition('"reference":"')[2].partition('"')[0] for line in lines)


async def minutes(notification: Notification, count: int) -> None:
    for _ in range(count):
        await notification.run()
        notification.service.clock.move(minutes=1)


async def test_a_gateway_that_answers_500_for_an_hour_loses_and_doubles_nothing(
    notification: Notification, control: Control
) -> None:
    control.tell({"mode": "500"})
    for number in range(DOWN_MINUTES):
        await notification.hear(order(notification, number))
        await minutes(notification, 1)
    control.tell({"mode": "no-receipt", "delay_seconds": 0})
    await minutes(notification, 20)

    found = await states(notification)
    assert set(found) == {"sent", "unknown"}
    assert sum(found.values()) == DOWN_MINUTES
    assert found["unknown"] <= 3 + DOWN_MINUTES // 5
    assert set(booked(notification).values()) == {1}
    assert len(booked(notification)) == found["sent"] == len(notification.service.told_of(MessageDelivered))
    raised = Counter(fact.task_id for fact in notification.service.told_of(TaskRaised))
    assert set(raised.values()) == {1}
    assert len(raised) == found["unknown"] + 1
    assert raised["gateway:sms"] == 1
    assert [fact.task_id for fact in notification.service.told_of(TaskResolved)] == ["gateway:sms"]


async def test_a_morning_with_many_messages_finds_a_broken_gateway_before_they_are_all_unknown(
    notification: Notification, control: Control
) -> None:
    control.tell({"mode": "500"})
    for number in range(100):
        await notification.hear(order(notification, number))

    await minutes(notification, 3)

    assert (await states(notification))["unknown"] <= 16
    assert (await states(notification))["due"] >= 84


@pytest.mark.parametrize("mode", ["429", "503", "401", "403"])
async def test_a_gateway_that_surely_takes_nothing_for_an_hour_gets_everything_afterwards(
    notification: Notification, control: Control, mode: str
) -> None:
    control.tell({"mode": mode})
    for number in range(10):
        await notification.hear(order(notification, number))
    await minutes(notification, DOWN_MINUTES)
    control.tell({"mode": "no-receipt", "delay_seconds": 0})
    await minutes(notification, 70)

    assert await states(notification) == {"sent": 10}
    assert set(booked(notification).values()) == {1}
    assert [fact.kind for fact in notification.service.told_of(TaskRaised)] == ["gateway_out_of_order"]


async def test_a_gateway_that_refuses_a_number_is_not_out_of_order(
    notification: Notification, control: Control
) -> None:
    control.tell({"mode": "400"})
    for number in range(5):
        await notification.hear(order(notification, number))
    await minutes(notification, 5)

    assert {fact.kind for fact in notification.service.told_of(TaskRaised)} == {"message_not_sent"}


async def test_what_waits_while_the_gateway_rests_is_given_up_in_time(notification: Notification) -> None:
    notification.gateway.outcome = NotSent("http-503")
    await notification.hear(*(order(notification, number) for number in range(5)))
    for _ in range(20):
        await notification.run()
        notification.service.clock.move(hours=2)

    assert await states(notification) == {"expired": 5}
    assert notification.raised().count("message_not_sent") == 5


async def test_a_patient_protected_with_an_sms_on_its_way_gets_none(notification: Notification) -> None:
    notification.service.clock.set(datetime(2026, 11, 23, 19, 30, tzinfo=UTC))
    await notification.hear(notification.despatched())
    notification.register.answer = {"may_be_told": False, "why": "protected"}
    notification.service.clock.set(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    await notification.run()

    assert notification.gateway.taken == []
    assert await states(notification) == {"suppressed": 1}


async def test_in_the_night_when_the_clock_goes_back_a_message_waits_for_eight_in_the_morning(
    notification: Notification,
) -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    notification.service.clock.set(night)
    await notification.hear(notification.despatched())
    sent_at = None
    for _ in range(60):
        await notification.run()
        if notification.gateway.taken and sent_at is None:
            sent_at = notification.service.clock.now()
        notification.service.clock.move(minutes=10)

    assert sent_at == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)
    assert len(notification.gateway.taken) == 1


async def test_the_register_is_down_for_a_whole_evening_and_the_notice_goes_out_next_morning(
    notification: Notification,
) -> None:
    notification.service.clock.set(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
    notification.register.answer = None
    await notification.hear(notification.despatched())
    await minutes(notification, 45)
    notification.register.answer = {"may_be_told": True}
    notification.service.clock.set(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
    await notification.run()

    assert len(notification.gateway.taken) == 1
    assert notification.gateway.outcome == Accepted("s1")
