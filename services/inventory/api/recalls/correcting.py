"""The route that says that a recall's measure was carried out on one device (N4)."""

from functools import partial

from fastapi import Response

from services.inventory.application.recalls import Recalls
from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.recalls.answering import correct_device, notices_of
from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, RECALL_NOTICES, RECALLS
from shared.http import Asked, ReasonText, Request, Router, View
from shared.http.ids import DeviceNo, Id


class CorrectedForm(Request):
    """What was done to the device, as the recall asks for it."""

    reason: ReasonText


class CorrectedView(View):
    """A device that a recall stops no more."""

    device_no: str
    state: DeviceState
    is_stopped: bool
    """Another recall or a fault stops it still."""

    @classmethod
    def of(cls, device: Device, *_: object) -> "CorrectedView":
        return cls(device_no=device.device_no, state=device.state, is_stopped=device.is_stopped)


def routes(recalls: Recalls) -> Router:
    router = Router("inventory", prefix="/recalls/{recall_no}", tags=["recalls"])
    repository, warehouse = recalls.repository, recalls.warehouse

    @router.post("/devices/{device_no}/corrected", response_model=CorrectedView)
    async def correct_recalled_device(
        recall_no: Id, device_no: DeviceNo, form: CorrectedForm, asked: Asked
    ) -> Response:
        """Say that the measure was carried out: this recall stops the device no more, others do."""
        await repository.get(RECALLS.ref(recall_no))
        device = await warehouse.device(device_no)
        refs = (
            DEVICES.ref(device.device_no)
            & DEVICE_ORDERS.maybe_many([device.order_no] if device.order_no else [])
            & RECALL_NOTICES.maybe_many(notices_of(device, recall_no))
        )
        rule = partial(
            correct_device, read=device, recall_no=recall_no, reason=form.reason, by=asked.actor.sub,
            at=warehouse.clock.now(),
        )  # fmt: skip
        answer = await repository.change(refs, rule, cause=asked.cause, reply=CorrectedView.of)
        return asked.answered(answer)

    return router
