"""A signed-in person or service, as the token's claims say."""

from dataclasses import dataclass

from shared.auth.rule import EVERY_UNIT


@dataclass(frozen=True)
class Actor:
    """Whom a token speaks for (claims: architecture, security)."""

    sub: str
    roles: frozenset[str] = frozenset()
    care_units: frozenset[str] = frozenset()
    product_areas: frozenset[str] = frozenset()
    profession: str | None = None
    patient_ref: str | None = None
    employed_by_region: bool = True
    name: str = ""
    purpose: str | None = None
    guardian_of: frozenset[str] = frozenset()
    """Patients that a citizen acts for, as the citizen's sign-in says; our own register is asked as well."""

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def covers(self, *, area: str | None = None, unit: str | None = None) -> bool:
        """Tell whether this person works in the product area and for the care unit (S73, S75)."""
        area_covered = area is None or self.has(*EVERY_UNIT) or area in self.product_areas
        return area_covered and (unit is None or self.has(*EVERY_UNIT) or unit in self.care_units)
