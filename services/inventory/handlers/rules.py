"""Handler for the region's rules of who may order which devices: the newest counts (Q42)."""

from functools import partial

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.replenishing.rights import DeviceRules, Right, note_rules
from services.inventory.repository.collections import DEVICE_RULES, RULES
from shared.domain.days import Period
from shared.events.prescription import DeviceRulesChanged
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_rules(subscriptions: Subscriptions, warehouse: Warehouse) -> None:
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
        rule = partial(note_rules, told=DeviceRules(event.version, rights))
        await warehouse.repository.change(DEVICE_RULES.maybe(RULES), rule, cause=cause)
