"""The tariffs as billing told them, each by its first day."""

from shared.events.billing import TariffPublished
from shared.repository import Collection

TARIFFS = Collection("tariffs", TariffPublished)
