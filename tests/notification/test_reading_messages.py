"""A message with its text for who may see it, its way in words, sent again only where nothing was sent."""

from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from services.notification.domain.contact import Contact, Guardian, guardian_sees
from services.notification.domain.outcomes import Accepted, Rejected
from shared.events.prescription import Guardianship
from shared.events.tasks import TaskResolved
from tests.notification.in_memory import AT, Notification

NOTICE = "delivery-notice:B2026-000007-2"
TODAY = AT.date()


async def got(notification: Notification, path: str, role: str = "customer_service") -> httpx.Response:
    return await notification.service.client.get(path, headers=notification.service.token(role))


async def sent_again(notification: Notification, **more: Any) -> httpx.Response:
    headers = notification.service.once("customer_service", **more)
    return await notification.service.client.post(f"/messages/{NOTICE}/send-again", headers=headers)


async def asked_by(notification: Notification, of: str, **claims: Any) -> httpx.Response:
    headers = notification.service.token("patient", **claims)
    body = {"patient_ref": of}
    return await notification.service.client.post("/messages/search", json=body, headers=headers)


async def test_customer_service_reads_what_a_message_says_and_where_it_went(
    notification: Notification,
) -> None:
    await notification.hear(notification.despatched())
    await notification.run()

    answer = await got(notification, f"/messages/{NOTICE}")

    assert answer.json()["text"].startswith("Din leverans är på väg.")
    assert answer.json()["to"] == "+46701740605"
    assert answer.json()["state_text"] == "skickat"
    assert "notification.get_message" in str(await notification.service.repository.backend.audit.rows())


async def test_nobody_else_reads_the_text_or_the_number(notification: Notification) -> None:
    await notification.hear(notification.despatched())

    for role in ("prescriber", "order_placer", "patient", "operator", "economist"):
        assert (await got(notification, f"/messages/{NOTICE}", role)).status_code == 403


async def test_what_did_not_arrive_is_sent_again_and_its_task_is_over(notification: Notification) -> None:
    notification.gateway.outcome = Rejected("no-sms-to-number")
    await notification.hear(notification.despatched())
    await notification.run()
    before = await notification.message()
    notification.gateway.outcome = Accepted("s2")
    await notification.hear(notification.patient())

    answer = await sent_again(notification)
    await notification.run()

    assert (before["state"], answer.status_code) == ("rejected", 200)
    assert (await notification.message())["state"] == "sent"
    assert [each.how for each in notification.service.told_of(TaskResolved)] == ["sent_again"]


@pytest.mark.parametrize(("runs", "rule"), [(0, "message-waits"), (1, "message-may-be-sent")])
async def test_what_waits_or_was_sent_is_not_sent_again(
    notification: Notification, runs: int, rule: str
) -> None:
    await notification.hear(notification.patient(), notification.despatched())
    await notification.run(runs)

    answer = await sent_again(notification)

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert len(notification.gateway.taken) == runs


async def test_without_any_number_or_address_nothing_is_sent_again(notification: Notification) -> None:
    notification.gateway.outcome = Rejected("no-sms-to-number")
    await notification.hear(notification.despatched())
    await notification.run()

    answer = await sent_again(notification)

    assert answer.json()["rule"] == "no-way-to-patient"


async def test_a_patient_reads_the_own_messages_in_words_and_nobody_elses(notification: Notification) -> None:
    await notification.hear(notification.despatched())
    await notification.run()

    own = await asked_by(notification, "p-1", patient_ref="p-1")
    other = await asked_by(notification, "p-1", patient_ref="p-2")

    assert [each["kind_text"] for each in own.json()] == ["Leverans på väg"]
    assert "070" not in own.text
    assert other.status_code == 403


@pytest.mark.parametrize(
    ("born", "status"), [("2015-01-01", 200), ("2013-11-23", 403), ("2010-01-01", 403), ("2000-01-01", 403)]
)
async def test_a_guardian_reads_a_childs_messages_until_the_child_is_13(
    notification: Notification, born: str, status: int
) -> None:
    await notification.hear(child(notification, born))

    answer = await asked_by(notification, "p-1", patient_ref="p-9", guardian_of=["p-1"])

    assert answer.status_code == status


def test_what_an_older_replica_stored_lets_no_guardian_in() -> None:
    guardian = Guardian("p-9", TODAY, TODAY)
    kept = Contact("p-1", version=1, guardians=(guardian,), acting_version=1)
    born = date(2015, 1, 1)

    assert guardian_sees(kept, "p-9", born=born, on=TODAY) == "alone"
    assert guardian_sees(replace(kept, version=2), "p-9", born=born, on=TODAY) == "not"


def child(notification: Notification, born: str) -> Any:
    acting = Guardianship(guardian_ref="p-9", valid_from=TODAY, valid_through=TODAY)
    sealed = notification.service.seals.seal(born)
    return notification.patient().model_copy(update={"born": sealed, "guardians": (acting,)})
