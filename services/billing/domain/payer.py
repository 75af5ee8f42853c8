"""Who pays: the identity that a fee is told with, and nothing more of the person."""

from dataclasses import dataclass

from shared.domain.decision import Decision


@dataclass(frozen=True)
class Identity:
    """The number's type as the OID that invoicing knows, and the number itself, sealed."""

    id_type: str
    number: str


@dataclass(frozen=True)
class Payer:
    """A patient as billing knows one; without identity when the person is protected (Q18)."""

    patient_ref: str
    version: int
    identity: Identity | None


def note_payer(payer: Payer | None, *, heard: Payer) -> Decision[Payer | None]:
    """Keep the newest version; an older one that comes late does nothing (S46)."""
    if payer and payer.version >= heard.version:
        return payer, []
    return heard, []
