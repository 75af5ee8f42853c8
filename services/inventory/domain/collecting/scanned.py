"""What was scanned when a collection order is closed, and how it compares with what should come (Q54)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.collecting.order import ToCollect
from services.inventory.domain.devices.device import Device
from services.inventory.domain.orders.order import Disposition as ComponentDisposition
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.disposing import Articles

Disposition = Literal["shelf", "quarantine", "scrap"]
"""Of a device: lent again at once, repaired or reconditioned first, or used no more."""


@dataclass(frozen=True)
class ComponentCame:
    """Pieces of a component that were on the device, and what becomes of them."""

    article_no: str
    quantity: int
    disposition: ComponentDisposition | None = None
    """None: the usual one of its article (Q46)."""


@dataclass(frozen=True)
class Scanned:
    """A device that came, and what becomes of it."""

    device_no: str
    disposition: Disposition
    components: tuple[ComponentCame, ...] | None = None
    """What was on it; None: all that should be, which is dealt with as usual."""


@dataclass(frozen=True)
class OtherGoods:
    """Counted pieces that came beside the devices, on none of them; base units."""

    article_no: str
    quantity: int


@dataclass(frozen=True)
class Closing:
    """What was scanned at which warehouse, with what the rule must know of the articles."""

    storeroom: Storeroom
    on: date
    at: datetime
    by: str
    scanned: tuple[Scanned, ...]
    others: tuple[OtherGoods, ...]
    device_nos: tuple[str, ...]
    """Those of the order and those scanned: in this order the devices were read."""
    articles: Articles
    put_back: tuple[str, ...]
    """The articles whose balances were read."""


@dataclass(frozen=True)
class Found:
    """The devices of the order that came and those that did not, and the numbers that nobody expected."""

    came: tuple[tuple[ToCollect, Device, Scanned], ...]
    not_there: tuple[ToCollect, ...]
    unexpected: tuple[str, ...]
