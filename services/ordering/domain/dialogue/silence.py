"""Orders without an answer: a task for a person until the distributor answers (N7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from services.ordering.domain.order import Order
from services.ordering.domain.reply_context import ReplyContext
from services.ordering.domain.tasks import NOT_HANDED_OVER, order_task, order_task_over
from shared.domain.days import STOCKHOLM, can_be_expected, local_day
from shared.domain.decision import Decision

KIND = "order_silent"


def heard_from(context: ReplyContext, *, how: str) -> ReplyContext:
    """Begin to count silence anew, from the promised day where one is still to come (N7).

    Of an order that is over nothing more is awaited; `how` says what ends the tasks about silence.
    """
    order = context.order
    was_silent = order.is_silent
    context = reached(context, how=how)
    context = context.with_order_changed(quiet_from=_quiet_from(order, at=context.at), is_silent=False)
    return context.with_facts(order_task_over(order.order_no, kind=KIND, how=how)) if was_silent else context


def reached(context: ReplyContext, *, how: str) -> ReplyContext:
    """End what people were asked to see to because the distributor could not be reached (N7)."""
    if context.order.unreached is None:
        return context
    over = order_task_over(context.order_no, kind=NOT_HANDED_OVER, how=how)
    return context.with_order_changed(unreached=None).with_facts(over)


def has_been_silent(order: Order, *, before: datetime) -> bool:
    """Tell whether an order has had no answer since then, with a task or without (N7)."""
    return order.is_silent or (order.quiet_from is not None and order.quiet_from <= before)


def note_silence(order: Order, *, before: datetime) -> Decision[Order]:
    """Raise a task for an order without an answer since then; once per silence (N7)."""
    if order.is_silent or not has_been_silent(order, before=before):
        return order, []
    reason = "no-answer-to-the-annulment" if order.cancelling == "asked" else f"silent-after-{order.state}"
    task = order_task(order.order_no, patient_ref=order.patient_ref, kind=KIND, reason=reason)
    return replace(order, is_silent=True), [task]


def _quiet_from(order: Order, *, at: datetime) -> datetime | None:
    if order.is_over:
        return None
    if order.cancelling == "asked":
        return at  # a promised day is no answer to whether it was stopped
    days = [line.promised_on for line in order.lines if line.promised_on and not line.is_over]
    # An older version believed days that cannot be: they shall not put the alarm to sleep.
    meant = [day for day in days if can_be_expected(day, since=date.min, today=local_day(at))]
    return max([at, *(_end_of(day) for day in meant)])


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, STOCKHOLM).astimezone(UTC)
