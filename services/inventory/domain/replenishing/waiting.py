"""A joint delivery that waits for what is purchased no more is a task, until it is split (Q55)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.inventory.domain.article import Article, name_of
from services.inventory.domain.orders.order import DeviceOrder, Replenishment, settled
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


def note_waiting_in_vain(order: DeviceOrder, *, articles: Mapping[str, Article]) -> Decision[DeviceOrder]:
    """Raise one task when an article that a joint delivery waits for is not purchased any more."""
    terms = order.replenishment
    if terms is None or terms.waits_in_vain or not order.waits_joint:
        return order, []
    gone = next((no for no in order.waiting_for if _is_gone(articles.get(no))), None)
    if gone is None:
        return order, []
    task = TaskRaised(
        task_id=_task_of(order),
        kind="replenishment_waits",
        role="order_placer",
        care_unit=order.care_unit,
        subject_no=order.order_no,
        reason="waits-for-what-is-not-purchased",
        details={
            "order_no": order.order_no,
            "article_no": gone,
            "article_name": name_of(articles.get(gone)),
        },
    )
    return replace(order, replenishment=replace(terms, waits_in_vain=True)), [task]


def split_replenishment(order: DeviceOrder, *, at: datetime) -> Decision[DeviceOrder]:
    """Let what is reserved of a joint delivery leave without the rest (Q55)."""
    return settled(replace(order, split_at=order.split_at or at)), resolved(order, how="split")


def resolved(order: DeviceOrder, *, how: str) -> list[Fact]:
    """Solve the task, if there is one."""
    terms: Replenishment | None = order.replenishment
    if terms is None or not terms.waits_in_vain or order.split_at is not None:
        return []
    return [TaskResolved(task_id=_task_of(order), how=how)]


def _is_gone(article: Article | None) -> bool:
    return article is None or article.status != "active"


def _task_of(order: DeviceOrder) -> str:
    return f"replenishment-waits:{order.order_no}"
