"""The register of prescribers: who may be named as prescriber where, and when (S82, S83, Q42)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shared.domain.days import Period
from shared.domain.decision import Decision
from shared.events.prescription import PrescriberAt, PrescriberChanged

MOST_PLACES = 200
"""Of one prescriber: units where he or she works or has worked."""


@dataclass(frozen=True)
class PlaceOfWork:
    """A care unit where somebody prescribes in some product areas, between two days."""

    care_unit: str
    product_areas: tuple[str, ...]
    holds: Period


@dataclass(frozen=True)
class Registered:
    """One prescriber: what the register's file says, and what tokens say of the units that no file names."""

    prescriber: str
    name: str
    profession: str
    listed: tuple[PlaceOfWork, ...] = ()
    learned: tuple[PlaceOfWork, ...] = ()
    version: int = 0

    @property
    def places(self) -> tuple[PlaceOfWork, ...]:
        """Give all places: of a unit that the file names, the file alone decides."""
        named = {each.care_unit for each in self.listed}
        return (*self.listed, *(each for each in self.learned if each.care_unit not in named))

    def areas_at(self, care_unit: str, *, on: date) -> tuple[str, ...]:
        """Give the product areas in which the person prescribes at the unit that day; none: not there."""
        here = (each for each in self.places if each.care_unit == care_unit and each.holds.covers(on))
        return tuple(dict.fromkeys(area for each in here for area in each.product_areas))


@dataclass(frozen=True)
class SignedIn:
    """What a token says of a person at work; no units when the person is no prescriber."""

    prescriber: str
    name: str
    profession: str
    care_units: Collection[str]
    product_areas: Collection[str]


def list_prescriber(known: Registered | None, *, row: Registered) -> Decision[Registered]:
    """Make the register what its file says of one person; what was learned stays (Q42)."""
    before = known or Registered(row.prescriber, row.name, row.profession)
    changed = replace(before, name=row.name, profession=row.profession, listed=row.listed)
    return _told(known, changed)


def learn_prescriber(
    known: Registered | None, *, signed_in: SignedIn, on: date
) -> Decision[Registered | None]:
    """Learn from a token where a person prescribes from today on, and where not any more (Q42).

    Name and profession of somebody whom the file names are the file's.
    """
    if known is None and not _works(signed_in):
        return None, []
    before = known or Registered(signed_in.prescriber, signed_in.name, signed_in.profession)
    learned = _learned(before.learned, signed_in, on)
    changed = replace(before, learned=learned)
    if not before.listed and _works(signed_in):
        changed = replace(changed, name=signed_in.name, profession=signed_in.profession)
    return _told(known, changed)


def list_prescribers(
    known: Sequence[Registered | None], *, rows: Sequence[Registered]
) -> Decision[tuple[Registered, ...]]:
    """Make the register what its file says of many people, each beside the row."""
    decisions = [list_prescriber(kept, row=row) for kept, row in zip(known, rows, strict=True)]
    return tuple(each for each, _ in decisions), [fact for _, facts in decisions for fact in facts]


def _works(signed_in: SignedIn) -> bool:
    return bool(signed_in.care_units and signed_in.product_areas)


def _learned(before: Iterable[PlaceOfWork], signed_in: SignedIn, on: date) -> tuple[PlaceOfWork, ...]:
    """End what the token does not say any more, yesterday; begin today what it says anew."""
    areas = tuple(sorted(signed_in.product_areas))
    units = sorted(signed_in.care_units) if areas else []
    stays = [
        each
        for each in before
        if each.holds.covers(on) and each.care_unit in units and each.product_areas == areas
    ]
    ended = [_ended(each, on) for each in before if each not in stays]
    known = {each.care_unit for each in stays}
    new = [PlaceOfWork(each, areas, Period(on)) for each in units if each not in known]
    past = [each for each in ended if each is not None]
    return tuple((*past, *stays, *new)[-MOST_PLACES:])


def _ended(place: PlaceOfWork, on: date) -> PlaceOfWork | None:
    """End a place before a day; one that began that day was never true."""
    if place.holds.valid_through is not None and place.holds.valid_through < on:
        return place
    if place.holds.valid_from >= on:
        return None
    return replace(place, holds=Period(place.holds.valid_from, on - timedelta(days=1)))


def _told(known: Registered | None, changed: Registered) -> Decision[Registered]:
    if known == changed:
        return known, []
    said = replace(changed, version=changed.version + 1)
    return said, [_prescriber_changed(said)]


def _prescriber_changed(prescriber: Registered) -> PrescriberChanged:
    return PrescriberChanged(
        prescriber=prescriber.prescriber,
        version=prescriber.version,
        name=prescriber.name,
        profession=prescriber.profession,
        units=tuple(
            PrescriberAt(
                care_unit=each.care_unit,
                product_areas=each.product_areas,
                valid_from=each.holds.valid_from,
                valid_through=each.holds.valid_through,
            )
            for each in prescriber.places
        ),
    )
