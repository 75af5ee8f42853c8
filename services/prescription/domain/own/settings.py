"""A person's own settings: from where devices are taken unless the line says otherwise (S153, Q52)."""

from dataclasses import dataclass, replace
from typing import Literal

from shared.domain.decision import Decision
from shared.events.prescription import DeliverySourceChosen

Source = Literal["storeroom", "warehouse"]


@dataclass(frozen=True)
class OwnSettings:
    """What one of the staff chose."""

    person: str
    source: Source
    version: int = 1


def choose_source(known: OwnSettings | None, *, person: str, source: Source) -> Decision[OwnSettings]:
    """Keep the preset source, and publish it when it is another than before (S153)."""
    if known is not None and known.source == source:
        return known, []
    chosen = (
        replace(known, source=source, version=known.version + 1) if known else OwnSettings(person, source)
    )
    return chosen, [DeliverySourceChosen(person=person, version=chosen.version, source=source)]
