"""What notification does when it hears a fact."""

from collections.abc import Callable

from services.notification.domain.message import delivery_notice
from services.notification.domain.task import Task
from services.notification.repository import Messages, Tasks
from shared.clock import Clock
from shared.events.ordering import OrderDespatched
from shared.events.tasks import TaskRaised, TaskResolved
from shared.hearing import Ears
from shared.repository import Cause


def handlers(messages: Messages, tasks: Tasks, clock: Clock, *, send_soon: Callable[[], None]) -> Ears:
    ears = Ears("notification")

    @ears.on(OrderDespatched)
    async def on_order_despatched(event: OrderDespatched, cause: Cause) -> None:
        notice = delivery_notice(
            event.order_no,
            patient_ref=event.patient_ref,
            channel=event.notify.channel,
            to=event.notify.to,
            language=event.notify.language,
            at=clock.now(),
        )
        await messages.notify(notice, cause=cause)
        send_soon()

    @ears.on(TaskRaised)
    async def on_task_raised(event: TaskRaised, cause: Cause) -> None:
        task = Task(
            task_id=event.task_id,
            kind=event.kind,
            role=event.role,
            care_unit=event.care_unit,
            patient_ref=event.patient_ref,
            subject_no=event.subject_no,
            reason=event.reason,
            due_at=event.due_at,
            raised_at=clock.now(),
        )
        await tasks.put(task, cause=cause)

    @ears.on(TaskResolved)
    async def on_task_resolved(event: TaskResolved, cause: Cause) -> None:
        await tasks.end(event.task_id, how=event.how, at=clock.now(), cause=cause)

    return ears
