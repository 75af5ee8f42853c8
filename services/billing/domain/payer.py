"""Who pays: the identity that a fee is told with, and nothing more of the person."""

from dataclasses import dataclass, replace

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
    merged_into: str | None = None
    """The patient that this one turned out to be (S65, S68)."""


def note_payer(payer: Payer | None, *, heard: Payer) -> Decision[Payer | None]:
    """Keep the newest version; an older one that comes late does nothing (S46)."""
    if payer and payer.version >= heard.version:
        return payer, []
    return replace(heard, merged_into=payer.merged_into if payer else None), []


def note_merged(payer: Payer | None, *, patient_ref: str, into_ref: str) -> Decision[Payer | None]:
    """Keep that two patients were one person: fees told later carry the other one's number (S65, S68)."""
    known = payer or Payer(patient_ref, version=0, identity=None)
    return (known if known.merged_into else replace(known, merged_into=into_ref)), []
