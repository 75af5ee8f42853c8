"""A postal address with the register's field widths (formats.md section 1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """Where a person lives or wants the goods; personal, so sealed wherever it is kept."""

    line1: str
    postal_code: str
    city: str
    co: str | None = None
    line2: str | None = None
    country: str = "SE"
