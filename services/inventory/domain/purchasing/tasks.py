"""What of a purchase a person must see to: tasks of the store keepers of its warehouse (Q60)."""

from services.inventory.domain.purchasing.purchase import Purchase
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


def task(purchase: Purchase, kind: str, reason: str, *, about: str = "", **details: str) -> TaskRaised:
    """Raise a task; `about` tells several of one kind apart."""
    return TaskRaised(
        task_id=_task_id(purchase, kind, about),
        kind=kind,
        role="store_keeper",
        care_unit=purchase.warehouse_no,
        subject_no=purchase.order_no,
        reason=reason,
        details={"order_no": purchase.order_no, "supplier": purchase.supplier_name, **details},
    )


def solved(purchase: Purchase, *kinds: str, how: str) -> list[Fact]:
    """Solve tasks of these kinds, whether they were raised or not."""
    return [TaskResolved(task_id=_task_id(purchase, kind, ""), how=how) for kind in kinds]


def _task_id(purchase: Purchase, kind: str, about: str) -> str:
    return ":".join((kind.replace("_", "-"), purchase.order_no, *([about] if about else ())))
