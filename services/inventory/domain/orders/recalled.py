"""Recalled goods in a parcel: they are not packed, sent or handed over (N4)."""

from collections.abc import Sequence
from datetime import datetime

from services.inventory.domain.goods.balance import LotRecalled
from services.inventory.domain.goods.marks import stands_at
from services.inventory.domain.maintenance.lending import DeviceRecalled
from services.inventory.domain.orders.order import Goods


def demand_not_recalled(goods: Sequence[Goods], *, at: datetime) -> None:
    """Demand that no recall concerned any of the goods then; raises DeviceRecalled and LotRecalled."""
    for each in goods:
        if not stands_at(each.recalls, at):
            continue
        if each.device_no is not None and not each.component:
            raise DeviceRecalled(line_no=each.line_no, device_no=each.device_no)
        raise LotRecalled(line_no=each.line_no, article_no=each.article_no, lot=each.lot)
