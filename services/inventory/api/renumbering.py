"""Routes that give a device a new number, or receive the one that a supplier sends for it (Q12, S177)."""

import uuid
from functools import partial
from typing import Literal

from fastapi import Response

from services.inventory.api.forms import NewSerialNo
from services.inventory.application.register import Register
from services.inventory.domain.devices.device import Device, Label, serial_id
from services.inventory.domain.devices.renumbering import Replacement, renumber, replace_by_supplier
from services.inventory.domain.goods.balance import balance_id
from services.inventory.repository.collections import (
    BALANCES,
    DEVICES,
    LABELS,
    MOVEMENTS,
    SERIALS,
)
from shared.domain.decision import NotFound
from shared.http import Asked, ReasonText, Request, Router, View
from shared.http.ids import DeviceNo


class RenumberForm(Request):
    """The number that is put on the device instead of a worn one."""

    new_number: DeviceNo
    reason: ReasonText
    confirmed: Literal[True]
    """Whoever asks has the device there, and has put the new label on it (S177)."""


class ReplacementForm(Request):
    """The device that the supplier sent for one that it took back."""

    new_number: DeviceNo
    serial_no: NewSerialNo
    reason: ReasonText


class NumbersView(View):
    """By which numbers a device is found."""

    device_no: str
    label: str
    former_numbers: list[str]
    replaces: str | None

    @classmethod
    def of(cls, device: Device) -> "NumbersView":
        return cls(
            device_no=device.device_no,
            label=device.number_on_label,
            former_numbers=list(device.former_numbers),
            replaces=device.replaces,
        )


def routes(register: Register) -> Router:
    router = Router("inventory", prefix="/devices", tags=["devices"])
    warehouse = register.warehouse
    repository, clock = warehouse.repository, warehouse.clock

    @router.post("/{device_no}/renumber", response_model=NumbersView)
    async def renumber_device(device_no: DeviceNo, form: RenumberForm, asked: Asked) -> Response:
        """Put a new number on a device with a worn label; the old one is still found (Q12, S177)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        device = await warehouse.device(device_no)
        if not await register.has_in_hand(device, asked.actor):
            raise NotFound(DEVICES.noun, device_no)
        new = Label(form.new_number, device.device_no, form.reason, asked.actor.sub, clock.now())
        refs = DEVICES.ref(device.device_no) & DEVICES.maybe(new.number) & LABELS.maybe(new.number)

        def shown(changed: Device, *_: object) -> NumbersView:
            return NumbersView.of(changed)

        rule = partial(renumber, new=new)
        return asked.answered(await repository.change(refs, rule, cause=asked.cause, reply=shown))

    @router.post("/{device_no}/replace", response_model=NumbersView)
    async def replace_device_of_supplier(
        device_no: DeviceNo, form: ReplacementForm, asked: Asked
    ) -> Response:
        """Receive the device that the supplier sends for one it took back: another device (Q12)."""
        if (kept := await repository.kept_answer(asked.cause)) is not None:
            return asked.answered(kept)
        old = await warehouse.device(device_no)
        if old.storeroom_no is None:
            raise NotFound(DEVICES.noun, device_no)
        await warehouse.storeroom_for(old.storeroom_no, asked.actor)
        sent = Replacement(
            str(uuid.uuid4()), old.storeroom_no, form.new_number, form.serial_no, form.reason,
            asked.actor.sub, clock.now(), await warehouse.recalls_of(old.article_no),
        )  # fmt: skip
        refs = (
            DEVICES.maybe_many([old.device_no, form.new_number])
            & BALANCES.maybe(balance_id(old.storeroom_no, old.article_no))
            & LABELS.maybe(form.new_number)
            & SERIALS.maybe(serial_id(old.article_no, form.serial_no))
            & MOVEMENTS.maybe(sent.movement_no)
        )

        def shown(devices: tuple[Device | None, ...], *_: object) -> NumbersView:
            return NumbersView.of(devices[1] or old)

        rule = partial(replace_by_supplier, sent=sent)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=shown)
        await warehouse.give_to_waiting(sent.storeroom_no, [old.article_no])
        return asked.answered(answer)

    return router
