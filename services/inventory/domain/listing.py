"""What the catalogue says of a device for people who choose, and no other service needs (S165, S166)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkingDays:
    """From how many working days to how many."""

    least: int
    most: int

    def __str__(self) -> str:
        return str(self.most) if self.least == self.most else f"{self.least}-{self.most}"


@dataclass(frozen=True)
class Listing:
    """How a supplier describes an article, and how soon it delivers."""

    product: str | None = None
    """The supplier's own grouping of articles: a device and what belongs to it (S109, S165)."""
    description: str | None = None
    delivery: WorkingDays | None = None
    """Delivery time of the customer agreement (S165, S167)."""


NOTHING_SAID = Listing()
