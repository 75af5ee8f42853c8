"""Which goods of a parcel to a storeroom are recalled, and by which recall (N4, Q47)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.inventory.domain.orders.order import Goods
from services.inventory.domain.recalls.notices import is_meant
from services.inventory.domain.recalls.recall import Recall


@dataclass(frozen=True)
class RecalledGoods:
    """The recalls that may concern some parcels, and which devices are marked."""

    recalls: tuple[Recall, ...] = ()
    marked: Mapping[str, str] = field(default_factory=dict)
    """The recall's number by the device's."""

    def of(self, goods: Goods) -> Recall | None:
        """Give the recall that concerns goods; of what was received, the one that set it apart then."""
        if goods.returned:
            numbers = {goods.recall_no}
        else:
            numbers = {goods.recall_no, self.marked.get(goods.device_no or "", "")}
        for each in self.recalls:
            of_lot = each.state == "open" and each.which.lot is not None and is_meant(goods, each)
            if each.recall_no in numbers or (of_lot and not goods.returned):
                return each
        return None
