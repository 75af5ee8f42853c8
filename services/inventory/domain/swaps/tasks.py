"""The tasks that a swap becomes where something of it lacks: the warehouse's, which arranged it (Q56)."""

from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import SwapRow
from shared.events.tasks import TaskRaised, TaskResolved


def not_swapped_task(order: DeviceOrder, row: SwapRow) -> TaskRaised:
    """Ask the warehouse to arrange the maintenance anew: the device is still with the patient."""
    return _task(order, row.device_no, "device-not-swapped", {}, _moment(row))


def missing_task(order: DeviceOrder, device_no: str) -> TaskRaised:
    """Ask where a device is that the transport should have brought."""
    return _task(order, device_no, "swapped-device-missing", {})


def component_task(order: DeviceOrder, device_no: str, article_no: str, quantity: int) -> TaskRaised:
    """Ask about pieces that should have been on the device that came."""
    details = {"article_no": article_no, "quantity": str(quantity)}
    return _task(order, device_no, "swapped-component-missing", details, f":{article_no}")


def not_swapped_over(order: DeviceOrder, row: SwapRow) -> TaskResolved:
    """End the task of a device that was registered as not swapped by mistake."""
    return TaskResolved(task_id=_task_id(order, row.device_no, _moment(row)), how="corrected")


def _task(
    order: DeviceOrder, device_no: str, reason: str, details: dict[str, str], part: str = ""
) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(order, device_no, part),
        kind="device_swap",
        role="store_keeper",
        care_unit=order.storeroom_no,
        subject_no=order.order_no,
        reason=reason,
        details={"device_no": device_no, **details},
    )


def _moment(row: SwapRow) -> str:
    """Tell the task of one registration from that of the next, after a correction."""
    return f":{row.registered_at.isoformat()}" if row.registered_at else ""


def _task_id(order: DeviceOrder, device_no: str, part: str = "") -> str:
    return f"device-swap:{order.order_no}:{device_no}{part}"
