"""Work for people, as the flows see it: it stands on a list, somebody takes it and ends it (N7)."""

from tools.demo.flows.acts import CLERK
from tools.demo.flows.stage import Body, Call, Stage

LOOK_AT = "GET notification /tasks, and notification.hears.*.task_raised.v1"


async def listed(stage: Stage, task_id: str, *, says: str, by: str = CLERK) -> Body:
    """Wait until a task stands on somebody's list."""

    async def shown() -> Body | None:
        answer = await stage.answer(by, Call("notification", f"/tasks/{task_id}", method="GET"))
        task: Body | None = answer.json()["task"] if answer.is_success else None
        return task if task and task["is_open"] else None

    return await stage.eventually(says, shown, look_at=LOOK_AT, noting=reason)


async def open_of_kind(stage: Stage, kind: str, *, by: str = CLERK) -> frozenset[str]:
    """Give the ids of the tasks of a kind that wait for somebody."""
    tasks = await stage.ask(by, Call("notification", f"/tasks?kind={kind}", method="GET"))
    return frozenset(str(each["task_id"]) for each in tasks)


async def resolved(stage: Stage, task: Body, *, how: str, by: str = CLERK) -> None:
    """Take a task and end it, saying how."""
    with stage.timeline.step(f"somebody takes the task and ends it: {how.replace('_', ' ')}") as step:
        await stage.ask(by, Call("notification", f"/tasks/{task['task_id']}/claim"))
        ended = await stage.ask(by, Call("notification", f"/tasks/{task['task_id']}/resolve", {"how": how}))
        step.note(str(ended["resolved_how"]))


async def is_over(stage: Stage, task_id: str, *, says: str = "the task is over", by: str = CLERK) -> None:
    """Wait until a task is over, ended by a person or by what it was about."""

    async def shown() -> str | None:
        answer = await stage.answer(by, Call("notification", f"/tasks/{task_id}", method="GET"))
        task = answer.json()["task"] if answer.is_success else {"is_open": True}
        return None if task["is_open"] else str(task["resolved_how"])

    await stage.eventually(says, shown, look_at=LOOK_AT, noting=str)


def reason(task: Body) -> str:
    return f"{task['role']}: {task['reason']}"
