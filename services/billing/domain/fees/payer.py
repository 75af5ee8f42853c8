"""The payer: the identity that a fee is sent with, and nothing else about the person."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.domain.decision import Decision
from shared.domain.money import Money


@dataclass(frozen=True)
class Identity:
    """The number's type as the OID that invoicing knows, and the number itself, sealed."""

    id_type: str
    number: str


@dataclass(frozen=True)
class Spent:
    """A fee that counts under a cap: the charge's name, its day and what is paid (T5)."""

    event_id: str
    day: date
    amount: Money
    tariff: str | None = None
    """The tariff that set the fee, and so whose cap it counts under."""


@dataclass(frozen=True)
class Guardian:
    """Who acts for a minor, and on which days, both ends included (S70)."""

    guardian_ref: str
    valid_from: date
    valid_through: date


@dataclass(frozen=True)
class Payer:
    """A patient as billing knows one; without identity when the person is protected (Q18)."""

    patient_ref: str
    version: int
    identity: Identity | None
    merged_into: str | None = None
    """The patient that this one turned out to be (S65, S68)."""
    merged_at: datetime | None = None
    spent: tuple[Spent, ...] = ()
    """What counts under the tariffs' caps; written with every booking for the patient."""
    protected: bool = True
    """Also when nobody said otherwise (Q18)."""
    born: str | None = None
    """The birth date, sealed: opened only when a guardian asks (Q7)."""
    guardians: tuple[Guardian, ...] = ()

    @property
    def is_known(self) -> bool:
        """Tell whether anything is known of the patient."""
        return self.version > 0


class MergedOnward(Exception):
    """The other patient was merged into a third one just now: the fact is tried again."""


def note_payer(payer: Payer | None, *, published: Payer) -> Decision[Payer | None]:
    """Keep the newest version; an older one that comes late does nothing (S46)."""
    if payer and payer.version >= published.version:
        return payer, []
    if payer is None:
        return published, []
    return replace(published, merged_into=payer.merged_into, merged_at=payer.merged_at, spent=payer.spent), []


def note_merged(
    payer: Payer | None, into: Payer | None, *, patient_ref: str, into_ref: str, at: datetime
) -> Decision[Payer | None, Payer | None]:
    """Keep that two patients were one person: later fees carry the other one's number (S65, S68).

    What both have paid counts together from now on; what was booked before stands (T5).
    """
    known = payer or Payer(patient_ref, version=0, identity=None)
    if known.merged_into:
        return known, into, []
    gone = replace(known, merged_into=into_ref, merged_at=at, spent=())
    if not known.spent:
        return gone, into, []
    if into and into.merged_into:
        raise MergedOnward
    other = into or Payer(into_ref, version=0, identity=None)
    return gone, replace(other, spent=other.spent + known.spent), []
