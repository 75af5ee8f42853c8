"""Finds what was scanned, and what the person who scanned it may do with it now (T18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.inventory.application.register import KnownDevice, Register
from services.inventory.application.warehouse import works_at
from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device, serial_id
from services.inventory.domain.devices.finding import bare, sought
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.lots import piece_number
from services.inventory.domain.orders.order import DeviceOrder, Parcel
from services.inventory.domain.orders.parcel_numbers import parcel_number
from services.inventory.domain.places import Storeroom
from services.inventory.domain.scanning.acts import (
    LACKS_SEPARATOR,
    NO_PARCEL_ACT,
    NOBODYS,
    NOT_YOUR_GOODS,
    Act,
    FormerNumber,
    Standing,
    acts_with_device,
    acts_with_goods,
    acts_with_parcel,
    why_nothing,
)
from services.inventory.domain.scanning.reading import Reading
from services.inventory.repository.articles import ArticleQueries
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    PARCEL_LABELS,
    SERIALS,
    STOREROOMS,
)
from services.inventory.repository.places import PlaceQueries
from shared.auth.actor import Actor
from shared.domain.decision import NotFound, Refused, Sentence

Kind = Literal["device", "article", "parcel", "unknown"]
CLINIC = ("prescriber", "order_placer")


@dataclass(frozen=True)
class Thing:
    """What a code stands for, what may be done with it now, and if nothing, why."""

    kind: Kind
    reading: Reading
    acts: tuple[Act, ...] = ()
    why_nothing: Sentence | None = None
    device: KnownDevice | None = None
    article: Article | None = None
    parcel_no: str | None = None
    shelves: tuple[tuple[Storeroom, Balance], ...] = ()


class Scanning:
    """What lies in storerooms, is sent and lent, by what stands on it."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._repository = register.warehouse.repository
        self._places = PlaceQueries(self._repository)
        self._articles = ArticleQueries(self._repository)

    async def thing(self, reading: Reading, actor: Actor) -> Thing:
        """Look for a device, then a parcel, then an article; what nothing has is unknown."""
        device = await self._device(reading)
        if device is not None:
            return await self._of_device(device, reading, actor)
        parcel_no = _as_parcel_no(reading)
        label = await self._repository.get(PARCEL_LABELS.maybe(parcel_no)) if parcel_no else None
        if label is not None:
            return await self._of_parcel(label.order_no, label.parcel_no, reading, actor)
        article = await self._article(reading)
        if article is not None:
            return await self._of_article(article, reading, actor)
        return Thing("unknown", reading, why_nothing=LACKS_SEPARATOR if reading.lacks_separator else NOBODYS)

    async def labels(self, numbers: Sequence[str], actor: Actor) -> list[tuple[str, str]]:
        """Give each number with the name of its article, empty where the person may not see the device.

        A number that no device has yet may be printed before the receipt. Raises FormerNumber.
        """
        found = [await self._labelled(each) for each in numbers]
        for number, device in zip(numbers, found, strict=True):
            if device is not None and number != device.number_on_label:
                raise FormerNumber(device_no=number)
        seen = await self._register.seen([each for each in found if each], actor)
        known = await self._register.known(seen)
        names = {each.device.number_on_label: each.article.name for each in known if each.article}
        return [(each, names.get(each, "")) for each in numbers]

    async def _labelled(self, number: str) -> Device | None:
        try:
            return await self._register.warehouse.device(number)
        except NotFound:
            return None

    async def _device(self, reading: Reading) -> Device | None:
        if not reading.is_gs1 or reading.serial_no is None:
            return await self._by_number(reading.text)
        for article in await self._articles.devices_with_gtin(reading.gtin or ""):
            named = await self._repository.get(
                SERIALS.maybe(serial_id(article.article_no, piece_number(reading.serial_no)))
            )
            if named is not None:
                return await self._repository.get(DEVICES.ref(named.device_no))
        return None

    async def _by_number(self, text: str) -> Device | None:
        """Find a device by a whole number, label or serial number, however it is written."""
        try:
            part = sought(text)
        except Refused:
            return None
        page = await self._register.queries.devices_with(part.runs, after=None)
        exact = [each for each in page.states if part.part in map(bare, _numbers(each))]
        return exact[0] if len(exact) == 1 else None

    async def _article(self, reading: Reading) -> Article | None:
        if reading.gtin is not None:
            found = await self._articles.devices_with_gtin(reading.gtin)
            return found[0] if found else None
        kept = await self._repository.get(ARTICLES.maybe(reading.text.upper()))
        return kept if kept and kept.device else None

    async def _of_device(self, device: Device, reading: Reading, actor: Actor) -> Thing:
        try:
            await self._register.device_for(device.device_no, actor)
        except NotFound:
            return Thing("unknown", reading, why_nothing=NOBODYS)
        (known,) = await self._register.known([device])
        order_no = device.order_no
        order = await self._repository.get(DEVICE_ORDERS.maybe(order_no)) if order_no else None
        who = await self._standing(known, order, actor)
        acts = tuple(acts_with_device(device, known.stock_status, order, who))
        why = None if acts else why_nothing(device, known.stock_status, who)
        return Thing("device", reading, acts, why, device=known, article=known.article)

    async def _standing(self, known: KnownDevice, order: DeviceOrder | None, actor: Actor) -> Standing:
        device, place = known.device, known.storeroom
        area = known.article.product_area if known.article else None
        loan = await self._repository.get(LOANS.maybe(device.loan_id)) if device.loan_id else None
        if place is None and order is not None:
            place = await self._repository.get(STOREROOMS.maybe(order.storeroom_no))
        keeps = place is not None and works_at(actor, place)
        is_of_clinic = actor.has(*CLINIC)
        lent_in = loan.product_area if loan else area
        return Standing(
            keeps_goods=keeps,
            is_store_keeper=actor.has("store_keeper"),
            serves_patient=bool(order and is_of_clinic and _serves(actor, order)),
            hands_out=keeps
            and is_of_clinic
            and place is not None
            and place.kind == "storeroom"
            and actor.covers(area=area),
            takes_back=is_of_clinic and actor.covers(area=lent_in),
        )

    async def _of_parcel(self, order_no: str, parcel_no: str, reading: Reading, actor: Actor) -> Thing:
        order = await self._repository.get(DEVICE_ORDERS.ref(order_no))
        parcel: Parcel = next(each for each in order.parcels if each.parcel_no == parcel_no)
        place = await self._repository.get(STOREROOMS.maybe(order.storeroom_no))
        who = Standing(
            keeps_goods=place is not None and actor.has("store_keeper") and works_at(actor, place),
            serves_patient=order.care_unit in actor.care_units,
        )
        acts = tuple(acts_with_parcel(order, parcel, who))
        why = None if acts else NO_PARCEL_ACT
        return Thing("parcel", reading, acts, why, parcel_no=parcel_no)

    async def _of_article(self, article: Article, reading: Reading, actor: Actor) -> Thing:
        """Say what may be done with goods of an article, and where they lie of the person's storerooms."""
        places = await self._own_places(actor)
        ids = [f"{each.storeroom_no}:{article.article_no}" for each in places]
        balances = await self._repository.get(BALANCES.maybe_many(ids))
        shelves = tuple((place, each) for place, each in zip(places, balances, strict=True) if each)
        who = Standing(
            keeps_goods=any(each.active for each in places),
            is_store_keeper=actor.has("store_keeper"),
            hands_out=actor.has(*CLINIC) and actor.covers(area=article.product_area),
        )
        acts = tuple(dict.fromkeys(acts_with_goods(article, shelves, who)))
        why = None if acts else NOT_YOUR_GOODS
        return Thing("article", reading, acts, why, article=article, shelves=shelves)

    async def _own_places(self, actor: Actor) -> Sequence[Storeroom]:
        """List the storerooms and warehouses where the person works."""
        used = await self._places.storerooms_of(actor.care_units)
        named = await self._places.storerooms_named(actor.care_units)
        by_number = {each.storeroom_no: each for each in (*used, *named) if works_at(actor, each)}
        return [by_number[no] for no in sorted(by_number)]


def _numbers(device: Device) -> tuple[str, ...]:
    serial = (device.serial_no,) if device.serial_no else ()
    return (device.device_no, device.number_on_label, *device.former_numbers, *serial)


def _as_parcel_no(reading: Reading) -> str | None:
    try:
        return parcel_number(reading.sscc or reading.text)
    except Refused:
        return None


def _serves(actor: Actor, order: DeviceOrder) -> bool:
    """Tell whether an order is for the person's unit; one for its storeroom is of no product area."""
    if order.replenishment is not None:
        return order.care_unit in actor.care_units
    return actor.covers(area=order.product_area, unit=order.care_unit)
