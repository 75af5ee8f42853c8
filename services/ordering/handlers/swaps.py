"""The handler for maintenance swaps: a loan continues with the new device (Q48, Q56)."""

from functools import partial

from services.ordering.domain.devices.copies import note_newest
from services.ordering.domain.devices.lines import ChosenComponent
from services.ordering.domain.devices.loans import note_lent
from services.ordering.domain.swaps import DeviceSwap, SwappedDevice, lent_by
from services.ordering.repository.collections import DEVICE_LOANS, DEVICE_SWAPS
from shared.events.fact import known_or
from shared.events.inventory_swaps import DeviceInSwap, DeviceSwapChanged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def on_swaps(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(DeviceSwapChanged)
    async def on_device_swap_changed(event: DeviceSwapChanged, cause: Cause) -> None:
        told = DeviceSwap(
            swap_no=event.swap_no,
            version=event.version,
            patient_ref=event.patient_ref,
            care_unit=event.care_unit,
            storeroom_no=event.storeroom_no,
            product_area=event.product_area,
            arranged_on=event.arranged_on,
            ready_by=event.ready_by,
            devices=tuple(map(_device, event.devices)),
        )
        for lent in lent_by(told):
            rule = partial(note_lent, lent=lent)
            await repository.change(
                DEVICE_LOANS.maybe(lent.loan_id), rule, cause=cause.part("loan", lent.loan_id)
            )
        await repository.change(
            DEVICE_SWAPS.maybe(told.swap_no), partial(note_newest, told=told), cause=cause
        )


def _device(row: DeviceInSwap) -> SwappedDevice:
    """Read a row; a result that only a newer version knows leaves the old device with the patient."""
    return SwappedDevice(
        loan_id=row.loan_id,
        device_no=row.device_no,
        article_no=row.article_no,
        new_article_no=row.new_article_no,
        new_device_no=row.new_device_no,
        is_swapped=row.result is not None and known_or(row.result, "not_swapped") == "swapped",
        registered_at=row.registered_at,
        components=tuple(ChosenComponent(each.article_no, each.quantity) for each in row.components),
    )
