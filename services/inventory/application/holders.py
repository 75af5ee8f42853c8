"""Reads who has a lot or a device, and which shelves it lies on, for the person who asks (T17, T19)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.inventory.application.register import Register
from services.inventory.application.warehouse import works_at
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.orders.holding import Holding, holdings_of_device, holdings_of_lot
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import PATIENTS, STOREROOMS
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.decision import NotFound
from shared.repository import Page, Place


@dataclass(frozen=True)
class Shelf:
    """Pieces that lie in a storeroom."""

    storeroom: Storeroom
    article_no: str
    on_hand: int
    quarantined: int


class Holders:
    """Where the goods of a lot, or a device, are and were."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._queries = register.queries
        self._repository = register.warehouse.repository

    async def of_lot(self, lot: str, article_no: str | None, *, after: Place | None) -> Page[Holding]:
        """Give a page of what went out of a lot, by order."""
        page = await self._queries.orders_with_lot(lot, after=after)
        return Page(holdings_of_lot(page.states, lot=lot, article_no=article_no), page.next)

    async def of_devices(self, devices: Sequence[Device]) -> list[Holding]:
        """List who has and had devices."""
        found: list[Holding] = []
        for each in devices:
            loans = await self._queries.loans_of_device(each.device_no)
            found += holdings_of_device(loans, device_no=each.device_no)
        return found

    async def devices(self, *, device_no: str | None, serial_no: str | None) -> list[Device]:
        """Find the devices with a number or a serial number; raises NotFound."""
        if device_no is not None:
            return [await self._register.warehouse.device(device_no)]
        found = await self._queries.devices_with_serial(serial_no or "")
        if not found:
            raise NotFound("Device", serial_no or "")
        return found

    async def shelves_of_lot(self, lot: str, article_no: str | None, actor: Actor) -> list[Shelf]:
        """List where pieces of a lot lie, of the storerooms that the person works at (Q39)."""
        balances = await self._queries.balances_with_lot(lot)
        asked = [each for each in balances if article_no in {None, each.article_no}]
        places = await self._places({each.storeroom_no for each in asked}, actor)
        return [_shelf(each, lot, place) for each in asked if (place := places.get(each.storeroom_no))]

    async def shelves_of_devices(self, devices: Sequence[Device], actor: Actor) -> list[Shelf]:
        """List where devices lie, of the storerooms that the person works at (Q39)."""
        places = await self._places({each.storeroom_no for each in devices if each.storeroom_no}, actor)
        return [
            Shelf(place, each.article_no, int(each.state == "in_stock"), int(each.state == "quarantined"))
            for each in devices
            if (place := places.get(each.storeroom_no or ""))
        ]

    async def seen(self, holdings: Sequence[Holding], actor: Actor) -> list[Holding]:
        """Give those whose patients the person works for, under the references that these have now (S65)."""
        theirs = [each for each in holdings if actor.covers(area=each.product_area, unit=each.care_unit)]
        refs = list(dict.fromkeys(each.patient_ref for each in theirs))
        merged = await self._repository.get(PATIENTS.maybe_many(refs))
        now = {
            ref: (await self._register.warehouse.patient(ref)).patient_ref if known else ref
            for ref, known in zip(refs, merged, strict=True)
        }
        return [each.of_patient(now[each.patient_ref]) for each in theirs]

    async def _places(self, numbers: set[str], actor: Actor) -> dict[str, Storeroom]:
        kept = await self._repository.get(STOREROOMS.maybe_many(sorted(numbers)))
        everywhere = actor.has(*EVERY_UNIT)
        return {each.storeroom_no: each for each in kept if each and (everywhere or works_at(actor, each))}


def _shelf(balance: Balance, lot: str, storeroom: Storeroom) -> Shelf:
    found = next(each for each in balance.lots if same_piece_number(each.lot, lot))
    return Shelf(storeroom, balance.article_no, found.on_hand, found.quarantined)
