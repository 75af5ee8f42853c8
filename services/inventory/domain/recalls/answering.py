"""The measure of a recall is carried out on one device: that recall stops it no more (N4, 0134)."""

from dataclasses import replace
from datetime import datetime

from services.inventory.domain.devices.device import Device, RecallAnswer, device_changed
from services.inventory.domain.goods.marks import is_marked_by
from services.inventory.domain.orders.handing import OrderMoved
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.recalls.marking import goods_unmarked, unmarked
from services.inventory.domain.recalls.notices import RecallNotice, end_notice, held_as, notice_id
from services.inventory.domain.recalls.recall import demand_nobody_named
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact

Notices = tuple[RecallNotice | None, ...]
Orders = tuple[DeviceOrder | None, ...]


class NotRecalled(Refused):
    """The recall does not concern the device, or was answered for it."""

    rule = "not-recalled"
    sentence = Sentence(
        "Återkallelsen gäller inte hjälpmedlet, eller så är åtgärden redan registrerad. Kontrollera numret.",
        "The recall does not concern the device, or the measure is registered already. Check the number.",
    )


def notices_of(device: Device, recall_no: str) -> list[str]:
    """Name the notices that a recall may have about a device: on loan, or waiting at a unit."""
    waits = f"{device.order_no}:{device.device_no}"
    return [notice_id(recall_no, each) for each in (held_as(device), waits)]


def correct_device(
    device: Device,
    orders: Orders,
    notices: Notices,
    *,
    read: Device,
    recall_no: str,
    reason: str,
    by: str,
    at: datetime,
) -> Decision[Device, Orders, Notices]:
    """Take the recall's mark off the device; other recalls and faults stop it still.

    It is put on a shelf by whoever looks at it next. `read`: the device as its orders and notices were read
    by it. Raises NotRecalled, OrderMoved and RecallNamesPerson.
    """
    if (device.order_no, device.loan_id) != (read.order_no, read.loan_id):
        raise OrderMoved(order_no=read.order_no, device_no=device.device_no)
    if not is_marked_by(device.recalls, recall_no):
        raise NotRecalled(device_no=device.device_no)
    demand_nobody_named(reason)
    answer = RecallAnswer(recall_no, reason, by, at)
    free = replace(unmarked(device, recall_no), answered=(*device.answered, answer))
    after = list[RecallNotice | None]()
    facts: list[Fact] = [device_changed(free)]
    for each in notices:
        if each is None or not each.is_open:
            after.append(each)
            continue
        ended, told = end_notice(each, how="corrected", by=by, at=at, why=reason)
        after.append(ended)
        facts += told
    freed = tuple(goods_unmarked(each, recall_no, device.device_no) if each else None for each in orders)
    return free, freed, tuple(after), facts
