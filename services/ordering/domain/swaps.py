"""Ordering's copy of maintenance swaps, for their paper and for loans (Q56, Q61)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.ordering.domain.devices.lines import ChosenComponent
from services.ordering.domain.devices.loans import Loan


@dataclass(frozen=True)
class SwappedDevice:
    """A device on loan, and the one that comes for it."""

    loan_id: str
    device_no: str
    article_no: str
    new_article_no: str
    new_device_no: str | None = None
    is_swapped: bool = False
    """The patient has the new one."""
    registered_at: datetime | None = None
    """When it was registered last which of the two the patient has; None: never."""
    components: tuple[ChosenComponent, ...] = ()
    """What is on the one that the patient has."""


@dataclass(frozen=True)
class DeviceSwap:
    """A swap of one patient's devices; inventory owns it."""

    swap_no: str
    version: int
    patient_ref: str
    care_unit: str
    storeroom_no: str
    product_area: str
    arranged_on: date
    ready_by: date
    devices: tuple[SwappedDevice, ...] = ()


def lent_by(swap: DeviceSwap) -> Iterator[Loan]:
    """Say which device the patient has under each loan of which that was registered (Q48)."""
    for each in swap.devices:
        if each.registered_at is None:
            continue
        yield Loan(
            each.loan_id,
            swap.patient_ref,
            article_no=each.new_article_no if each.is_swapped else each.article_no,
            device_no=each.new_device_no if each.is_swapped else each.device_no,
            product_area=swap.product_area,
            care_unit=swap.care_unit,
            lent_at=each.registered_at,
            components=each.components,
        )
