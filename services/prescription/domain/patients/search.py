"""Searching patients: beginnings of names, criteria, and the order of hits (S29 to S33)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.domain.decision import Refused, Sentence
from shared.events.values import PrescriptionType

SHORTEST_PART = 2
"""Of one part at least: the others may be initials."""
LONGEST_PART = 24
"""A longer name is found by its beginning."""
SHORTEST_NEAR = 4
"""A shorter name has too many others near it."""
INDEXED_AS = 2
"""Counted up when names are indexed in another way: those who were indexed before are indexed anew."""
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u02b9\u02bb\u02bd\u2032\u00b4`\uff07]")
_LETTERS = str.maketrans({
    "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u00fe": "th", "\u00e6": "ae",
    "\u0153": "oe", "\u0131": "i", "\u0127": "h", "\u0167": "t", "\u014b": "n", "\u0138": "k",
})  # fmt: skip
"""Letters that no accent makes of others, as a Swedish keyboard writes them."""

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
    if criteria.name and not any(_narrows(part) for part in parts):
        yield NameTooShort()


def name_parts(name: str) -> tuple[str, ...]:
    """Split a name, also at apostrophes, and fold it: no capitals, no accents (S30)."""
    apart = _APOSTROPHES.sub(" ", name.casefold())
    folded = unicodedata.normalize("NFKD", apart.translate(_LETTERS)).translate(_LETTERS)
    plain = "".join(sign for sign in folded if unicodedata.category(sign)[0] != "M" and sign.isprintable())
    return tuple(dict.fromkeys(re.findall(r"\w+", plain)))


def searchable_texts(name: str) -> tuple[str, ...]:
    """List what a name is found by: each beginning of each part, each whole part, and what is near (S30)."""
    parts = indexed_parts(name)
    beginnings = [
        begins(part[:length]) for part in parts for length in range(1, min(len(part), LONGEST_PART) + 1)
    ]
    whole = (is_whole(part) for part in parts)
    near = (text for part in parts for text in near_texts(part))
    return tuple(dict.fromkeys([*beginnings, *whole, *near]))


def indexed_parts(name: str) -> tuple[str, ...]:
    """Give a name's parts, and those written without apostrophes: brien and obrien find O'Brien (S30)."""
    return tuple(dict.fromkeys((*name_parts(name), *name_parts(_APOSTROPHES.sub("", name)))))


def near_texts(part: str) -> tuple[str, ...]:
    """Name a part with each one of its letters left out, to be hashed with the key (S30).

    Two parts that differ by a letter, or by two that changed places, have one of these in common.
    """
    if not SHORTEST_NEAR <= len(part) <= LONGEST_PART:
        return ()
    shorter = (part[:place] + part[place + 1 :] for place in range(len(part)))
    return tuple(dict.fromkeys(f"near:{each}" for each in (part, *shorter)))


def _narrows(part: str) -> bool:
    """Tell whether a part narrows a search: one letter does not, one sign of a syllable or a word does."""
    return len(part) >= SHORTEST_PART or unicodedata.category(part) == "Lo"


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
        days = [(on + timedelta(days=number)).isoformat() for number in range(ends + 1)]
        return {"lines.state": "active", "valid_through": {"$in": days}}
    return {"lines.state": "active"} if criteria.activity == "active" else {}


def fits_activity(prescription: Prescription, criteria: Criteria, on: date) -> bool:
    """Tell whether a prescription has active lines that day, or none, as was asked for (S29, Q4)."""
    is_active = any(line.state == "active" for line in prescription.as_of(on).lines)
    return criteria.activity is None or is_active == (criteria.activity == "active")
