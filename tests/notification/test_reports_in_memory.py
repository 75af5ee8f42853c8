"""The gateway's reports come to an address of their own, sealed for each message."""

from dataclasses import replace

import httpx
import pytest

from services.notification.domain.outcomes import Accepted, Unknown
from services.notification.gateways.http_gateway import ElksGateway, gateway_client
from services.notification.repository.collections import MESSAGES
from shared.domain.hashing import plain_hash
from shared.events.tasks import TaskResolved
from shared.repository import Cause
from tests.notification.in_memory import Notification
from tools.demo.control import Control
from tools.demo.settings import DemoSettings
from tools.demo.sms_gateway import NAME, create_app

REPORTING = Accepted("s1", reports=True)


async def sent(notification: Notification) -> Notification:
    notification.gateway.outcome = REPORTING
    await notification.hear(notification.patient(), notification.despatched())
    await notification.run()
    return notification


async def test_a_report_is_kept_with_the_message_and_answered_with_204(notification: Notification) -> None:
    await sent(notification)

    answers = [await notification.report(status) for status in ("sent", "delivered", "delivered")]

    message = await notification.message()
    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert (message["state"], [each["status"] for each in message["receipts"]]) == (
        "delivered",
        ["sent", "delivered"],
    )


@pytest.mark.parametrize("token", ["x", "gAAAAABl", "delivery-notice:B2026-000007-1", "ö" * 20, "A" * 390])
async def test_an_address_that_we_did_not_make_is_no_address(notification: Notification, token: str) -> None:
    await sent(notification)

    answer = await notification.service.client.post(
        f"/receipts/{token}", data={"id": "s1", "status": "failed"}
    )

    assert answer.status_code == 404
    assert (await notification.message())["state"] == "sent"


async def test_an_address_with_a_character_that_no_address_has_is_malformed(
    notification: Notification,
) -> None:
    answer = await notification.service.client.post("/receipts/%00", data={"id": "s1", "status": "failed"})

    assert answer.status_code == 422


async def test_a_seal_of_something_else_is_no_address_either(notification: Notification) -> None:
    await sent(notification)
    seals = notification.service.seals
    for sealed in (
        seals.seal("hello", purpose="messages"),
        seals.seal("receipt:nothing", purpose="messages"),
    ):
        token = sealed.removeprefix("sealed:messages:")
        answer = await notification.service.client.post(
            f"/receipts/{token}", data={"id": "s1", "status": "failed"}
        )

        assert answer.status_code == 404


async def test_the_address_names_neither_order_nor_number(notification: Notification) -> None:
    await sent(notification)

    (address,) = notification.gateway.reports
    assert address.startswith("http://127.0.0.1:8105/receipts/")
    assert "B2026" not in address
    assert "46701740605" not in address


@pytest.mark.parametrize(
    ("form", "status"), [({"id": "s1"}, 422), ({"status": "sent"}, 422), ({"id": "s1", "status": "new"}, 204)]
)
async def test_a_report_without_its_fields_is_refused_and_an_unknown_status_is_not_repeated(
    notification: Notification, form: dict[str, str], status: int
) -> None:
    await sent(notification)
    path = notification.gateway.reports[0].removeprefix("http://127.0.0.1:8105")

    answer = await notification.service.client.post(path, data=form)

    assert answer.status_code == status
    assert (await notification.message())["receipts"] == []


async def test_a_failed_sms_is_told_by_email_instead(notification: Notification) -> None:
    await sent(notification)

    await notification.report("failed")
    await notification.run()

    assert len(notification.written("email")) == 1
    assert notification.raised() == []


async def test_a_message_without_a_report_for_a_day_becomes_a_task_and_a_late_report_ends_it(
    notification: Notification,
) -> None:
    await sent(notification)
    notification.service.clock.move(hours=24)
    await notification.run(2)
    assert ((await notification.message())["state"], notification.raised()) == (
        "unknown",
        ["message_not_sent"],
    )

    await notification.report("delivered")

    assert (await notification.message())["state"] == "delivered"
    assert len(notification.service.told_of(TaskResolved)) == 1
    assert len(notification.gateway.taken) == 1


async def test_a_lost_answer_is_mended_by_the_report(notification: Notification) -> None:
    notification.gateway.outcome = Unknown()
    await notification.hear(notification.despatched())
    await notification.run()

    await notification.report("delivered")

    assert (await notification.message())["state"] == "delivered"
    assert [fact.how for fact in notification.service.told_of(TaskResolved)] == ["reported-delivered"]


@pytest.mark.parametrize(
    ("mode", "state", "channel"),
    [
        ("normal", "delivered", "sms"),
        ("shuffled", "delivered", "sms"),
        ("failed-then-delivered", "delivered", "sms"),
        ("failed", "sent", "email"),
        ("no-receipt", "sent", "sms"),
    ],
)
async def test_the_46elks_adapter_and_the_demo_gateway_understand_each_other(
    notification: Notification, monkeypatch: pytest.MonkeyPatch, mode: str, state: str, channel: str
) -> None:
    monkeypatch.setenv("SESAM_PEER_LOG_DIR", str(notification.folder))
    Control(NAME, DemoSettings()).tell({"mode": mode, "delay_seconds": 0})
    demo = create_app()
    demo.state.reports.http = httpx.AsyncClient(transport=httpx.ASGITransport(notification.service.app))
    elks = ElksGateway(gateway_client("u1", "p", transport=httpx.ASGITransport(demo)), "http://elks")
    monkeypatch.setattr(notification.gateway, "send", elks.send)

    await notification.hear(notification.patient(), notification.despatched())
    await notification.run()
    await demo.state.reports.settled()
    await notification.run()

    message = await notification.message()
    assert (message["state"], message["channel"]) == (state, channel)
    assert (notification.folder / "sms.jsonl").read_text().count('"message":""') == 1
    assert notification.raised() == []


async def test_a_gateways_id_that_is_a_persons_number_is_kept_under_a_keyed_hash(
    notification: Notification,
) -> None:
    await sent(notification)

    for _ in range(2):
        await notification.report("sent", provider_id="199001012385")

    (message,) = await notification.service.repository.find(MESSAGES, {})
    assert [len(each.provider_id) for each in message.receipts] == [40]
    assert "199001012385" not in str(message)
    assert plain_hash("199001012385")[:16] not in str(message)


async def test_a_report_that_the_version_before_kept_is_no_second_one(notification: Notification) -> None:
    await sent(notification)
    await notification.report("sent", provider_id="199001012385")
    (message,) = await notification.service.repository.find(MESSAGES, {})
    before = replace(message.receipts[0], provider_id=plain_hash("199001012385")[:40])
    await notification.service.repository.change(
        MESSAGES.ref(message.message_id),
        lambda kept: (replace(kept, receipts=(before,)), []),
        cause=Cause(key=None),
    )

    await notification.report("sent", provider_id="199001012385")

    (after,) = await notification.service.repository.find(MESSAGES, {})
    assert after.receipts == (before,)
