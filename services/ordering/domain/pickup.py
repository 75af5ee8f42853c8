"""Pick-up points, as data that customer service maintains (S36)."""

from dataclasses import dataclass

from shared.domain.address import Address
from shared.domain.decision import Decision


@dataclass(frozen=True)
class PickupPoint:
    """A place to fetch goods at; nothing about a patient."""

    point_id: str
    name: str
    address: Address
    opening_hours: str | None = None
    distributors: tuple[str, ...] = ()
    """Who delivers there; empty when all do."""
    is_open: bool = True
    """A closed one is kept, for the withdrawals that went there, and not offered."""

    def serves(self, distributor: str) -> bool:
        return not self.distributors or distributor in self.distributors


def put_point(known: PickupPoint | None, *, point: PickupPoint) -> Decision[PickupPoint]:
    """Keep a pick-up point as it is now (S36)."""
    return (known if known == point else point), []
