"""What a moment decides is so when it is read, whether the job that acts on it has run or not (N7, Q24)."""

from typing import Any

from shared.events.tasks import TaskRaised
from tests.notification.in_memory import Notification


async def seen(notification: Notification) -> tuple[list[str], bool, int]:
    """Give the list of what is overdue, what the task says, and how many are counted."""
    service = notification.service
    token = service.token("customer_service")

    async def look(path: str) -> Any:
        return (await service.client.get(path, headers=token)).json()

    listed = [each["task_id"] for each in await look("/tasks?state=overdue")]
    counts = {each["role"]: each["overdue"] for each in await look("/tasks/counts")}
    return listed, (await look("/tasks/t-1"))["task"]["is_overdue"], counts["customer_service"]


async def test_a_task_is_overdue_from_its_due_time_before_it_has_gone_further(
    notification: Notification,
) -> None:
    task = TaskRaised(task_id="t-1", kind="order_silent", role="customer_service", reason="silent-after-sent")
    await notification.hear(task, task.model_copy(update={"task_id": "t-2", "kind": "message_not_sent"}))
    clock = notification.service.clock

    clock.move(hours=24, seconds=-1)
    before = await seen(notification)
    clock.move(seconds=1)
    due = await seen(notification)
    await notification.run(2)
    gone_further = await seen(notification)

    assert before == (["t-2"], False, 1)
    assert due == gone_further == (["t-2", "t-1"], True, 2)


async def test_a_task_that_is_over_is_not_overdue(notification: Notification) -> None:
    service = notification.service
    task = TaskRaised(task_id="t-1", kind="order_silent", role="customer_service", reason="silent-after-sent")
    await notification.hear(task)
    await service.client.post(
        "/tasks/t-1/resolve", json={"how": "done"}, headers=service.once("customer_service")
    )
    service.clock.move(hours=48)

    assert await seen(notification) == ([], False, 0)


async def test_a_message_whose_time_is_over_is_not_shown_as_one_that_waits(
    notification: Notification,
) -> None:
    notification.register.answer = None  # nobody says whether the patient may be told
    await notification.hear(notification.despatched())
    await notification.run()
    waiting = await notification.message()

    notification.service.clock.move(days=30)
    too_late = await notification.message()
    await notification.run()

    assert (waiting["state"], too_late["state"]) == ("due", "expired")
    assert (await notification.message())["state"] == "expired"
