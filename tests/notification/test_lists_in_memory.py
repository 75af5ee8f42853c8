"""What staff can read: messages without numbers, and the tasks of their roles."""

from pathlib import Path

from services.notification import app as notification_app
from services.notification.app import assemble
from services.notification.gateways.http_gateway import ElksGateway, HttpGateway
from services.notification.gateways.mail import SmtpEmail
from shared.events.tasks import TaskRaised, TaskResolved
from shared.settings import Settings
from tests.notification.in_memory import AT, Gateway, Notification, Register
from tests.support import in_memory


async def test_a_message_is_shown_with_its_steps_and_without_the_number(notification: Notification) -> None:
    await notification.hear(notification.despatched())
    await notification.run()

    shown = await notification.message()

    assert [step["what"] for step in shown["history"]] == ["due", "attempting", "sent"]
    assert "to" not in shown
    assert "p-1" in str(await notification.service.repository.backend.audit.rows())


async def test_messages_are_asked_for_a_patient_or_an_order(notification: Notification) -> None:
    await notification.hear(notification.despatched())
    client, headers = notification.service.client, notification.service.token("customer_service")

    by_patient = await client.post("/messages/search", json={"patient_ref": "p-1"}, headers=headers)
    by_none = await client.post("/messages/search", json={}, headers=headers)

    assert (len(by_patient.json()), by_none.status_code) == (1, 422)


def raised(task_id: str, *, role: str, care_unit: str | None = None) -> TaskRaised:
    return TaskRaised(
        task_id=task_id,
        kind="some_trouble",
        role=role,
        care_unit=care_unit,
        patient_ref="p-1",
        reason="Look.",
    )


async def listed(notification: Notification, role: str) -> list[str]:
    answer = await notification.service.client.get("/tasks", headers=notification.service.token(role))
    return [task["task_id"] for task in answer.json()]


async def test_each_role_sees_its_own_tasks_until_they_are_resolved(notification: Notification) -> None:
    await notification.hear(
        raised("t-1", role="economist"),
        raised("t-2", role="customer_service"),
        raised("t-2", role="customer_service"),
        TaskResolved(task_id="t-3", how="by itself"),
        raised("t-3", role="economist"),
    )

    assert await listed(notification, "economist") == ["t-1"]
    assert await listed(notification, "customer_service") == ["t-2"]


async def test_a_task_of_another_care_unit_is_not_shown(notification: Notification) -> None:
    await notification.hear(
        raised("own", role="dietitian", care_unit="DEMO-101"),
        raised("anothers", role="dietitian", care_unit="DEMO-102"),
    )

    assert await listed(notification, "dietitian") == ["own"]


async def test_the_settings_choose_the_gateway(tmp_path: Path) -> None:
    register = Register()
    service = await in_memory(
        "notification", assemble, at=AT, ask=register, sms_adapter="file", sms_file=tmp_path / "sms.jsonl"
    )
    told = Notification(service, Gateway(), register, tmp_path)

    await told.hear(told.despatched())
    await told.run()

    assert "+46701740605" in (tmp_path / "sms.jsonl").read_text()
    assert isinstance(notification_app._gateway(Settings(sms_adapter="http")), HttpGateway)
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    elks = Settings(sms_adapter="46elks", sms_user="u1", sms_password_file=secret)
    assert isinstance(notification_app._gateway(elks), ElksGateway)
    assert isinstance(notification_app._email(Settings(email_adapter="smtp")), SmtpEmail)


async def test_the_tasks_of_one_patient_are_listed_within_what_the_reader_sees(
    notification: Notification,
) -> None:
    other = raised("t-2", role="customer_service").model_copy(update={"patient_ref": "p-2"})
    mine, economists = raised("t-1", role="customer_service"), raised("t-3", role="economist")
    await notification.hear(mine, other, economists)

    headers = notification.service.token("customer_service")
    answer = await notification.service.client.get("/tasks?patient_ref=p-1", headers=headers)

    assert [each["task_id"] for each in answer.json()] == ["t-1"]
