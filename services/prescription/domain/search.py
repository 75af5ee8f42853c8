"""Finding patients: names by their beginnings, criteria, and the order of the hits (S29 to S33)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from shared.domain.decision import Refused, Sentence
from shared.events.prescription import PrescriptionType

SHORTEST_PART = 2
LONGEST_PART = 24
"""A longer name is found by its beginning."""
MOST_PARTS = 6

Activity = Literal["active", "ended"]


class SearchTooBroad(Refused):
    """A search says something of whom it is for: nobody lists all patients (S29)."""

    rule = "search-too-broad"
    sentence = Sentence(
        "Ange minst en uppgift att söka på: förskrivare, enhet, typ, namn eller när förskrivningen går ut.",
        "Give at least one thing to search by: prescriber, care unit, type, name or when it ends.",
    )


class NameTooShort(Refused):
    """One letter of a name finds everybody (S30)."""

    rule = "name-too-short"
    sentence = Sentence(
        f"Skriv minst {SHORTEST_PART} bokstäver av varje namn.",
        f"Write at least {SHORTEST_PART} letters of each name.",
    )


@dataclass(frozen=True)
class Criteria:
    """What an advanced search asks for; everything that is given must fit (S29)."""

    prescriber: str | None = None
    activity: Activity | None = None
    care_unit: str | None = None
    prescription_type: PrescriptionType | None = None
    ends_within_days: int | None = None
    name: str | None = None

    @property
    def about_prescriptions(self) -> bool:
        return (
            any((self.prescriber, self.activity, self.care_unit, self.prescription_type))
            or self.ends_within_days is not None
        )


def against_search(criteria: Criteria) -> Iterator[Refused]:
    """Say why the search is not made (S29, S30)."""
    if not criteria.about_prescriptions and not criteria.name:
        yield SearchTooBroad()
    parts = name_parts(criteria.name or "")
    if criteria.name and (not parts or min(len(part) for part in parts) < SHORTEST_PART):
        yield NameTooShort()


def name_parts(name: str) -> tuple[str, ...]:
    """Split a name and fold it: no capitals, no accents, so that the search is broad (S30)."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return tuple(dict.fromkeys(re.findall(r"\w+", plain)))[:MOST_PARTS]


def searchable_texts(name: str) -> tuple[str, ...]:
    """List what a name is found by: each beginning of each part, and each whole part (S30)."""
    parts = name_parts(name)
    beginnings = [
        begins(part[:length])
        for part in parts
        for length in range(SHORTEST_PART, min(len(part), LONGEST_PART) + 1)
    ]
    return tuple(dict.fromkeys([*beginnings, *(is_whole(part) for part in parts)]))


def begins(part: str) -> str:
    """Name a beginning, to be hashed with the key (S30)."""
    return f"begins:{part[:LONGEST_PART]}"


def is_whole(part: str) -> str:
    """Name a whole part, to be hashed with the key: it ranks before a beginning (S30)."""
    return f"is:{part}"


def wanted_of_prescriptions(
    criteria: Criteria, *, care_units: Iterable[str] | None, areas: Iterable[str] | None, on: date
) -> dict[str, Any]:
    """Say what a prescription must be like to make its patient a hit (S29).

    `care_units` and `areas` are those of the one who asks; None for who works for all of them.
    """
    units = [criteria.care_unit] if criteria.care_unit else None
    if care_units is not None:
        own = sorted(care_units)
        units = own if units is None else [each for each in units if each in own]
    where: dict[str, Any] = {}
    if units is not None:
        where["care_unit"] = {"$in": units}
    if areas is not None:
        where["product_area"] = {"$in": sorted(areas)}
    if criteria.prescriber:
        where["prescriber"] = criteria.prescriber
    if criteria.prescription_type:
        where["prescription_type"] = criteria.prescription_type
    return where | _of_lines(criteria, on)


def _of_lines(criteria: Criteria, on: date) -> dict[str, Any]:
    if criteria.activity == "ended":
        return {"lines.state": {"$ne": "active"}}
    ends = criteria.ends_within_days
    if ends is not None:
        last = on + timedelta(days=ends)
        return {
            "lines.state": "active",
            "valid_through": {"$gte": on.isoformat(), "$lte": last.isoformat()},
        }
    return {"lines.state": "active"} if criteria.activity == "active" else {}
