"""News for those whom it concerns, and requests for help that become tasks (S152, S154, S178)."""

from typing import Any

import httpx

from services.notification.repository.collections import TASKS
from tests.notification.in_memory import Notification

NEWS: dict[str, Any] = {
    "title": "Nya smaker",
    "text": "Två nya smaker finns från i dag.",
    "title_en": "New flavours",
    "text_en": "Two new flavours from today on.",
    "roles": ["prescriber"],
    "valid_from": "2026-11-20",
    "valid_through": "2026-11-30",
}


async def written(
    notification: Notification, role: str = "customer_service", **changes: Any
) -> httpx.Response:
    headers = notification.service.once(role)
    return await notification.service.client.post("/news", json={**NEWS, **changes}, headers=headers)


async def read(notification: Notification, role: str, language: str = "sv", query: str = "") -> list[str]:
    headers = {**notification.service.token(role), "Accept-Language": language}
    answer = await notification.service.client.get(f"/news{query}", headers=headers)
    return [each["title"] for each in answer.json()]


async def test_news_is_read_by_those_whom_it_concerns_in_their_language(notification: Notification) -> None:
    assert (await written(notification)).status_code == 201

    assert await read(notification, "dietitian") == ["Nya smaker"]
    assert await read(notification, "dietitian", "en") == ["New flavours"]
    assert await read(notification, "economist") == []


async def test_what_is_about_the_system_stands_first_and_comes_to_everybody(
    notification: Notification,
) -> None:
    await written(notification)
    await written(notification, "operator", title="Uppdatering i kväll", roles=[], is_urgent=True)

    assert await read(notification, "dietitian") == ["Uppdatering i kväll", "Nya smaker"]
    assert await read(notification, "patient") == ["Uppdatering i kväll"]


async def test_news_is_shown_on_its_days_and_until_it_is_ended(notification: Notification) -> None:
    await written(notification, valid_from="2026-11-24", title="I morgon")
    kept = (await written(notification)).json()

    headers = notification.service.once("customer_service")
    await notification.service.client.post(f"/news/{kept['news_id']}/end", headers=headers)

    assert await read(notification, "dietitian") == []
    kept_all = await read(notification, "customer_service", query="?which=all")
    assert sorted(kept_all) == ["I morgon", "Nya smaker"]


async def test_others_write_no_news_and_days_are_in_order(notification: Notification) -> None:
    reversed_days = await written(notification, valid_through="2026-11-01")

    assert reversed_days.status_code == 422
    assert [(await written(notification, each)).status_code for each in ("dietitian", "economist")] == [
        403
    ] * 2


async def test_a_request_for_help_is_a_task_with_a_number_to_call(notification: Notification) -> None:
    client, body = notification.service.client, {"text": "Sidan hänger sig", "call_back": "070-1740605"}

    asked = await client.post(
        "/support-requests",
        json={**body, "subject_no": "B2026-000007-2"},
        headers=notification.service.once("dietitian"),
    )

    path, reader = f"/tasks/{asked.json()['task_id']}", notification.service.token("customer_service")
    whole = (await client.get(path, headers=reader)).json()
    assert asked.status_code == 201
    assert (whole["task"]["kind"], whole["task"]["subject_no"]) == ("support_request", "B2026-000007-2")
    assert whole["history"][-1]["note"] == "Sidan hänger sig\nTestsson, dietitian 070-1740605"
    stored = await notification.service.repository.get(TASKS.ref(asked.json()["task_id"]))
    assert "Sidan" not in str(stored)
