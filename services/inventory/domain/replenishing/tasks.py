"""The tasks that a deviation of a delivery becomes: for the store keepers of the warehouse it left (Q47)."""

from services.inventory.domain.orders.order import Deviation, DeviceOrder
from shared.events.tasks import TaskRaised


def task_of(order: DeviceOrder, parcel_no: str, place: int, deviation: Deviation, *, name: str) -> TaskRaised:
    """Ask the warehouse to look into a deviation, the one at this place of its report.

    `name`: the article's.
    """
    details = {
        "article_no": deviation.article_no,
        "article_name": name,
        "quantity": str(deviation.quantity),
        "parcel_no": parcel_no,
        "what": deviation.device_no or deviation.lot or deviation.article_no,
    }
    return TaskRaised(
        task_id=f"delivery-deviation:{order.order_no}:{parcel_no}:{place + 1}",
        kind="delivery_deviation",
        role="store_keeper",
        care_unit=order.storeroom_no,
        subject_no=deviation.device_no or deviation.article_no,
        reason=f"delivery-{deviation.kind.replace('_', '-')}",
        details=details,
    )
