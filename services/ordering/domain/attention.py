"""What the dialogue with a distributor asks customer service to look at."""

from services.ordering.domain.order import Order, OrderedLine
from services.ordering.domain.replies import digest
from shared.events.partners import DistributorReply
from shared.events.tasks import TaskRaised, TaskResolved

LONGEST_CODE = 40


def code(text: str | None) -> str:
    """Let a distributor's code through, and no free text, which may name somebody."""
    if not text or len(text) > LONGEST_CODE or not text.isascii() or len(text.split()) != 1:
        return "other"
    return text


def look_at(order: Order, reply: DistributorReply, *, why: str) -> TaskRaised:
    """Ask somebody to look at a reply that contradicts what is known."""
    return _task(order, f"reply:{order.order_no}:{digest(reply)[:16]}", kind="reply-to-look-at", reason=why)


def replaced(order: Order, line: OrderedLine) -> TaskRaised:
    """Ask somebody what the patient will get: no order allows substitution."""
    return _task(
        order,
        f"replacement:{order.order_no}:{line.line}",
        kind="article-replaced",
        reason=f"{line.article_no} > {code(line.replacement_article_no)}",
    )


def part_delivered(order: Order) -> TaskRaised:
    """Ask somebody to see to it that the rest comes; the block stays until then (Q11)."""
    return _task(order, _part(order), kind="order-part-delivered", reason="part-delivered")


def wholly_delivered(order: Order) -> TaskResolved:
    return TaskResolved(task_id=_part(order), how="delivered")


def _part(order: Order) -> str:
    return f"part-delivered:{order.order_no}"


def _task(order: Order, task_id: str, *, kind: str, reason: str) -> TaskRaised:
    return TaskRaised(
        task_id=task_id,
        kind=kind,
        role="customer_service",
        patient_ref=order.patient_ref,
        subject_no=order.order_no,
        reason=reason,
    )
