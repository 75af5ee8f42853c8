"""Handlers that keep copies of what others own about devices: places, devices, prescribers and rules."""

from functools import partial

from services.ordering.domain.devices.copies import (
    CareUnit,
    Device,
    DeviceRules,
    OfferedSources,
    PlaceOfWork,
    Prescriber,
    Right,
    SourceSetting,
    Storeroom,
    note_newest,
)
from services.ordering.domain.goods_order import GoodsLine, GoodsOrder
from services.ordering.repository.collections import (
    CARE_UNITS,
    DEVICE_RULES,
    DEVICES,
    GOODS_ORDERS,
    PRESCRIBERS,
    SOURCE_SETTINGS,
    STOREROOMS,
)
from services.ordering.repository.devices import RULES
from shared.domain.days import Period
from shared.events.inventory_goods import (
    CareUnitChanged,
    DeviceChanged,
    StoreroomChanged,
)
from shared.events.inventory_orders import GoodsOrderChanged
from shared.events.prescription import DeliverySourceChosen, DeviceRulesChanged, PrescriberChanged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def on_devices(subscriptions: Subscriptions, repository: Repository) -> None:
    _on_places(subscriptions, repository)
    _on_people(subscriptions, repository)


def _on_places(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(CareUnitChanged)
    async def on_care_unit_changed(event: CareUnitChanged, cause: Cause) -> None:
        told = CareUnit(event.care_unit, event.version, event.name, event.address, event.active)
        await repository.change(
            CARE_UNITS.maybe(event.care_unit), partial(note_newest, told=told), cause=cause
        )

    @subscriptions.on(StoreroomChanged)
    async def on_storeroom_changed(event: StoreroomChanged, cause: Cause) -> None:
        told = Storeroom(
            event.storeroom_no,
            event.version,
            event.name,
            event.kind,
            event.care_units,
            event.active,
        )
        await repository.change(
            STOREROOMS.maybe(event.storeroom_no), partial(note_newest, told=told), cause=cause
        )

    @subscriptions.on(GoodsOrderChanged)
    async def on_goods_order_changed(event: GoodsOrderChanged, cause: Cause) -> None:
        told = GoodsOrder(
            event.order_no, event.kind, event.version, event.state, event.care_unit, event.storeroom_no,
            event.ordered_at, event.source_no, event.supplier, event.expected_on,
            tuple(GoodsLine(each.article_no, each.quantity) for each in event.lines),
        )  # fmt: skip
        await repository.change(
            GOODS_ORDERS.maybe(event.order_no), partial(note_newest, told=told), cause=cause
        )

    @subscriptions.on(DeviceChanged)
    async def on_device_changed(event: DeviceChanged, cause: Cause) -> None:
        told = Device(
            event.device_no,
            event.version,
            event.article_no,
            event.storeroom_no,
            event.former_numbers,
            event.owner,
            event.label,
        )
        await repository.change(DEVICES.maybe(event.device_no), partial(note_newest, told=told), cause=cause)


def _on_people(subscriptions: Subscriptions, repository: Repository) -> None:
    @subscriptions.on(PrescriberChanged)
    async def on_prescriber_changed(event: PrescriberChanged, cause: Cause) -> None:
        places = tuple(
            PlaceOfWork(each.care_unit, each.product_areas, Period(each.valid_from, each.valid_through))
            for each in event.units
        )
        told = Prescriber(event.prescriber, event.version, event.name, event.profession, places)
        await repository.change(
            PRESCRIBERS.maybe(event.prescriber), partial(note_newest, told=told), cause=cause
        )

    @subscriptions.on(DeviceRulesChanged)
    async def on_device_rules_changed(event: DeviceRulesChanged, cause: Cause) -> None:
        rights = tuple(
            Right(
                each.iso_code,
                each.product_area,
                Period(each.valid_from, each.valid_through),
                each.professions,
                each.care_units,
            )
            for each in event.rights
        )
        offered = tuple(
            OfferedSources(
                each.product_area,
                each.sources,
                Period(each.valid_from, each.valid_through),
                each.care_units,
            )
            for each in event.offered
        )
        told = DeviceRules(event.version, rights, offered)
        await repository.change(DEVICE_RULES.maybe(RULES), partial(note_newest, told=told), cause=cause)

    @subscriptions.on(DeliverySourceChosen)
    async def on_delivery_source_chosen(event: DeliverySourceChosen, cause: Cause) -> None:
        told = SourceSetting(event.version, event.source)
        await repository.change(
            SOURCE_SETTINGS.maybe(event.person), partial(note_newest, told=told), cause=cause
        )
