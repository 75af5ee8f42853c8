"""Why a device is collected, in words (S142)."""

from collections.abc import Mapping

from shared.domain.decision import Sentence
from shared.events.fact import Open
from shared.events.values import Purpose

PURPOSES: Mapping[str, Sentence] = {
    "reconditioning": Sentence("Rekonditionering", "Reconditioning"),
    "scrapping": Sentence("Skrotning föreslås", "Scrapping proposed"),
    "repair": Sentence("Reparation/avhjälpande underhåll", "Repair or corrective maintenance"),
    "warranty_repair": Sentence("Garantireparation", "Repair on warranty"),
    "need_ended": Sentence("Behovet upphört", "The need has ended"),
}


def purpose_said(purpose: Open[Purpose]) -> Sentence:
    """Say the purpose; one that only a newer version knows is said by its code."""
    return PURPOSES.get(purpose, Sentence(str(purpose), str(purpose)))
