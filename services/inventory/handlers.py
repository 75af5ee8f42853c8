"""Handlers for the facts that inventory consumes: tariffs, to say which articles have no price (Q3)."""

from functools import partial

from services.inventory.domain.pricing import note_tariff
from services.inventory.repository.collections import TARIFFS
from shared.events.billing import TariffPublished
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause, Repository


def handlers(repository: Repository) -> Subscriptions:
    subscriptions = Subscriptions("inventory")

    @subscriptions.on(TariffPublished)
    async def on_tariff_published(event: TariffPublished, cause: Cause) -> None:
        await repository.change(TARIFFS.maybe(event.tariff), partial(note_tariff, told=event), cause=cause)

    return subscriptions
