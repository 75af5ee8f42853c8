"""Routes that search the register of devices and follow one device (S174, S176, T19)."""

from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field, StringConstraints

from services.inventory.api.device_views import (
    DeviceFound,
    DeviceMovementView,
    movement_shown,
    shown,
)
from services.inventory.api.forms import LONGEST_NUMBER
from services.inventory.application.register import Register
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.finding import SearchIn, sought
from services.inventory.domain.devices.noting import note_device
from services.inventory.repository.collections import DEVICES, STOREROOMS
from shared.domain.decision import NotFound
from shared.fields import Code, MultiLine
from shared.http import Ask, Asked, Pages, Request, Router, View
from shared.http.ids import DeviceNo

LONGEST_NOTE = 500
LONGEST_PART = 2 * LONGEST_NUMBER
"""A number with blanks or dashes between its signs."""


class DeviceSearched(Request):
    """A part of a number, at least three letters or digits, as far as the label can be read."""

    text: Annotated[Code, StringConstraints(max_length=LONGEST_PART)]
    search_in: SearchIn | None = None
    """Left out: in the numbers on labels, former ones too, and in serial numbers."""


class NoteForm(Request):
    """What is written about the device from now on; null removes it."""

    note: Annotated[MultiLine, Field(max_length=LONGEST_NOTE)] | None


class NoteView(View):
    """What is written about a device."""

    device_no: str
    note: str | None

    @classmethod
    def of(cls, device: Device) -> "NoteView":
        return cls(device_no=device.device_no, note=device.note)


def routes(register: Register) -> Router:
    router = Router("inventory", prefix="/devices", tags=["devices"])
    repository = register.warehouse.repository

    @router.post("/search")
    async def search_devices(form: DeviceSearched, ask: Ask, pages: Pages) -> list[DeviceFound]:
        """Find devices by whole or part of a number or serial number, by number (S174).

        A page may be short and yet be followed by another: devices that the person may not see are left out.
        """
        part = sought(form.text, form.search_in)
        page = await register.search(part, ask.actor, after=pages.after)
        known = await register.known(pages.shown(page))
        return [
            DeviceFound.model_validate({**shown(each, ask.language), "found_in": part.found_in(each.device)})
            for each in known
        ]

    @router.get("/{device_no}/movements")
    async def list_device_movements(device_no: DeviceNo, ask: Ask, pages: Pages) -> list[DeviceMovementView]:
        """List what moved a device, the newest first; orders and patients are not named."""
        device = await register.device_for(device_no, ask.actor)
        page = await register.queries.movements_of(device.device_no, after=pages.after)
        movements = pages.shown(page)
        places = {place for each in movements for row in each.rows for place in (row.source, row.target)}
        kept = await repository.get(STOREROOMS.maybe_many(sorted(places)))
        names = {each.storeroom_no: each.name for each in kept if each}
        return [movement_shown(each, device.device_no, names) for each in movements]

    @router.post("/{device_no}/note", response_model=NoteView)
    async def write_device_note(device_no: DeviceNo, form: NoteForm, asked: Asked) -> Response:
        """Write on the card what whoever has the device next should know: nothing about a patient."""
        device = await register.warehouse.device(device_no)
        if not await register.has_in_hand(device, asked.actor):
            raise NotFound(DEVICES.noun, device_no)
        rule = partial(note_device, text=form.note)
        ref = DEVICES.ref(device.device_no)
        return asked.answered(await repository.change(ref, rule, cause=asked.cause, reply=NoteView.of))

    return router
