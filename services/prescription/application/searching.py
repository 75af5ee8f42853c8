"""Searches patients by prescriptions and names: bounded work for a page, best hits first (S29, S30)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from services.prescription.application.sealing import name_keys
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.search import (
    Criteria,
    begins,
    fits_activity,
    is_whole,
    name_parts,
    near_texts,
    wanted_of_prescriptions,
)
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.repository.prescriptions import Prescribing
from services.prescription.repository.search import SearchQueries, Where
from shared.sealed import Seals

MOST_AT_ONCE = 100
MOST_BATCHES = 10
"""A page costs at most this many batches; a search that finds little continues from its cursor."""
MOST_PRESCRIPTIONS = 200
BEST, BROAD = "0", "1"


@dataclass(frozen=True)
class Hit:
    """A patient with those of the prescriptions that fit the search."""

    patient: Patient
    prescription_nos: tuple[str, ...]
    is_near: bool = False
    """The name is not what was written, but near it."""


@dataclass(frozen=True)
class Page:
    """Hits, and where to continue; None when there are no more."""

    hits: tuple[Hit, ...]
    next: str | None


@dataclass(frozen=True)
class Reach:
    """Whose patients are searched: those of some care units in some areas; None for all of them."""

    care_units: frozenset[str] | None
    areas: frozenset[str] | None


Batch = tuple[list[tuple[str, Hit]], str | None]
"""Hits, each with the cursor right behind it, and the cursor behind the whole batch."""


class Searching:
    """Reads what a search needs by its indexes."""

    def __init__(self, prescribing: Prescribing, seals: Seals) -> None:
        self._queries = SearchQueries(prescribing.repository)
        self._seals = seals

    async def page(
        self, criteria: Criteria, reach: Reach, *, on: date, after: str | None, limit: int
    ) -> Page:
        """Give a page of patients whom all criteria fit, those with the whole name first."""
        where = wanted_of_prescriptions(criteria, care_units=reach.care_units, areas=reach.areas, on=on)
        if criteria.activity == "ended":
            where.pop("lines.state")  # what a date has ended, no job may have noted yet
        candidates = self._by_name if criteria.name else self._by_prescription
        hits: list[Hit] = []
        cursor = after
        for _ in range(MOST_BATCHES):
            batch, following = await candidates(criteria, where, cursor, on)
            for place, hit in batch:
                hits.append(hit)
                if len(hits) == limit:
                    return Page(tuple(hits), place)
            cursor = following
            if cursor is None:
                break
        if not hits and cursor is None and after is None and criteria.name:
            return Page(await self._near(criteria, where, on, limit=limit), None)
        return Page(tuple(hits), cursor)

    async def _near(self, criteria: Criteria, where: Where, on: date, *, limit: int) -> tuple[Hit, ...]:
        """Offer those whose names differ by a letter from what was written, when nobody has that name."""
        parts = [part for part in name_parts(criteria.name or "") if near_texts(part)]
        if not parts:
            return ()
        longest, *others = (
            frozenset(name_keys(near_texts(each), self._seals))
            for each in sorted(parts, key=len, reverse=True)
        )
        found = await self._queries.named_any(longest, limit=MOST_AT_ONCE)
        fitting = [each for each in found if each.person and _has_all(each.person.name_keys, others)]
        hits = await self._with_prescriptions(fitting, where, criteria, on)
        return tuple(replace(hit, is_near=True) for hit in hits[:limit])

    async def patients(self, patient_refs: Sequence[str]) -> list[Patient]:
        """Give those who may be shown in a list, in this order; who was merged as the patient of today."""
        return await self._queries.present(patient_refs)

    async def _by_prescription(self, criteria: Criteria, where: Where, after: str | None, on: date) -> Batch:
        found = await self._queries.prescriptions(where, after=after, limit=MOST_PRESCRIPTIONS)
        refs = list(dict.fromkeys(each.patient_ref for each in found))
        if len(found) == MOST_PRESCRIPTIONS and len(refs) > 1:
            # The last patient may have more than the batch holds: the next batch begins there.
            refs.pop()
        numbers = _by_patient(each for each in found if fits_activity(each, criteria, on))
        patients = await self._queries.patients([each for each in refs if each in numbers])
        hits = [Hit(each, numbers[each.patient_ref]) for each in patients]
        following = refs[-1] if len(found) == MOST_PRESCRIPTIONS else None
        return [(hit.patient.patient_ref, hit) for hit in hits], following

    async def _by_name(self, criteria: Criteria, where: Where, after: str | None, on: date) -> Batch:
        stage, after_ref = (after[:1], after[1:]) if after else (BEST, "")
        parts = sorted(name_parts(criteria.name or ""), key=len, reverse=True)
        whole, *beginnings = name_keys((is_whole(parts[0]), *(begins(each) for each in parts)), self._seals)
        broad = partial(self._queries.named_but_not, beginnings[0])
        named = self._queries.named if stage == BEST else broad
        found = await named(whole, after=after_ref or None, limit=MOST_AT_ONCE)
        fitting = [each for each in found if each.person and set(beginnings) <= set(each.person.name_keys)]
        hits = await self._with_prescriptions(fitting, where, criteria, on)
        following = BROAD if stage == BEST else None
        if len(found) == MOST_AT_ONCE:
            following = f"{stage}{found[-1].patient_ref}"
        return [(f"{stage}{hit.patient.patient_ref}", hit) for hit in hits], following

    async def _with_prescriptions(
        self, patients: Sequence[Patient], where: Where, criteria: Criteria, on: date
    ) -> list[Hit]:
        """Keep the patients who have such a prescription; all of them when nothing is asked of it."""
        if not where and criteria.activity is None:
            return [Hit(each, ()) for each in patients]
        refs = [each.patient_ref for each in patients]
        found = await self._queries.prescriptions_of(where, refs)
        numbers = _by_patient(each for each in found if fits_activity(each, criteria, on))
        return [Hit(each, numbers[each.patient_ref]) for each in patients if each.patient_ref in numbers]


def _has_all(keys: Iterable[str], wanted: Iterable[frozenset[str]]) -> bool:
    known = frozenset(keys)
    return all(known & each for each in wanted)


def _by_patient(prescriptions: Iterable[Prescription]) -> dict[str, tuple[str, ...]]:
    numbers: dict[str, tuple[str, ...]] = {}
    for each in prescriptions:
        numbers[each.patient_ref] = (*numbers.get(each.patient_ref, ()), each.prescription_no)
    return numbers
