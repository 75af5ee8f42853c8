"""Published tariffs, by their first day."""

from collections.abc import Callable
from functools import partial

from pydantic import BaseModel

from services.billing.domain.tariff import Tariff, publish_tariff
from shared.events.billing import TariffPublished
from shared.repository import Answer, Cause, Collection, Repository

TARIFFS = Collection("tariffs", Tariff)


class Tariffs:
    """Dated tariffs, never changed once published."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def publish(
        self, proposed: TariffPublished, *, cause: Cause, reply: Callable[[Tariff | None], BaseModel]
    ) -> Answer:
        rule = partial(publish_tariff, proposed=proposed)
        return await self._repository.change(TARIFFS.maybe(proposed.tariff), rule, cause=cause, reply=reply)

    async def newest_first(self) -> list[TariffPublished]:
        kept = await self._repository.find(TARIFFS, {}, sort="-_id")
        return [tariff.published for tariff in kept]
