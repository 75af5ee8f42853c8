"""The part of the rule book about devices: who may prescribe which class, where, and when (S79, S86, Q42)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.prescription.domain.own.settings import Source
from services.prescription.domain.rules.rule_book import Row
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.text import typed
from shared.events.prescription import DeviceRight, DeviceRulesChanged, OfferedSources

READERS = ("inventory", "ordering")
"""The services that keep these rules: one that begins to is told what was published before it listened."""
ISO_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")
"""Two, four or six digits; a short code stands for every class that begins with it."""


@dataclass(frozen=True, kw_only=True)
class DeviceRow(Row):
    """One right; the code stands for every class whose code begins with it (ISO 9999)."""

    iso_code: str
    product_area: str
    professions: tuple[str, ...] = ()
    """Empty: every profession."""
    care_units: tuple[str, ...] = ()
    """Empty: every care unit; advanced aids name their specialist clinics (S86)."""


@dataclass(frozen=True, kw_only=True)
class OfferedRow(Row):
    """From where devices of an area are taken: at the care units named, or where no other row names one."""

    product_area: str
    sources: tuple[Source, ...]
    care_units: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeviceRules:
    """All rows of devices, of every time."""

    rows: tuple[DeviceRow, ...] = ()
    offered: tuple[OfferedRow, ...] = ()


@dataclass(frozen=True)
class DeviceCase:
    """What somebody would prescribe where: a class of a product area, by a profession at a care unit."""

    iso_code: str
    product_area: str
    profession: str
    care_unit: str


class NoRightToDevice(Refused):
    """No row lets the profession prescribe the class at the care unit that day (S86)."""

    rule = "no-right-to-device"
    sentence = Sentence(
        "Yrket får inte förskriva hjälpmedlet vid vårdenheten den dagen. Välj en annan förskrivare, "
        "eller hänvisa till en specialistmottagning.",
        "The profession may not prescribe the device at the care unit that day. Choose another prescriber, "
        "or refer to a specialist clinic.",
    )


class NotAnIsoCode(Refused):
    """The text cannot name a class of devices."""

    rule = "not-an-iso-code"
    sentence = Sentence(
        "En ISO-kod har två, fyra eller sex siffror, till exempel 04 03 12.",
        "An ISO code has two, four or six digits, for example 04 03 12.",
    )


def iso_code(text: str) -> str:
    """Read a code of ISO 9999 as people write it, with blanks or full stops; raises NotAnIsoCode."""
    digits = re.sub(r"[ .-]", "", typed(text.strip()))
    if not ISO_CODE.fullmatch(digits):
        raise NotAnIsoCode
    return digits


@dataclass(frozen=True)
class PublishedRules:
    """What was published last, so that a change is published once, with the next version."""

    version: int
    rights: tuple[DeviceRight, ...]
    offered: tuple[OfferedSources, ...] = ()
    told_to: tuple[str, ...] = ()
    """The services that kept them then; empty of an earlier version, which did not note it."""


def rows_of_class(rules: DeviceRules, case: DeviceCase, *, on: date) -> Iterator[tuple[DeviceRow, bool]]:
    """Give every row of the class that holds that day, and whether it allows the case (S86)."""
    for row in rules.rows:
        of_class = row.product_area == case.product_area and case.iso_code.startswith(row.iso_code)
        if of_class and row.holds.covers(on):
            yield row, _allows(row, case)


def may_prescribe_in(
    rules: DeviceRules, area: str, *, profession: str, care_units: Sequence[str], on: date
) -> tuple[DeviceRow, ...]:
    """Give the rows by which a profession prescribes anything of an area at one of the units (S75)."""
    return tuple(
        row
        for row in rules.rows
        if row.product_area == area
        and row.holds.covers(on)
        and profession in (row.professions or (profession,))
        and (not row.care_units or not {*row.care_units}.isdisjoint(care_units))
    )


def sources_at(rules: DeviceRules, area: str, care_unit: str, *, on: date) -> tuple[Source, ...]:
    """Give from where devices of an area are taken at a care unit that day; none: no row says (S79, Q52)."""
    of_area = [row for row in rules.offered if row.product_area == area and row.holds.covers(on)]
    named = [row for row in of_area if care_unit in row.care_units]
    others = [row for row in of_area if not row.care_units]
    return next((row.sources for row in (*named, *others)), ())


def publish_rules(kept: PublishedRules | None, *, rules: DeviceRules) -> Decision[PublishedRules]:
    """Publish the rights when they are others than those published last, also at the first start (Q42).

    Rights that did not change are published again, once, when another service has begun to keep them.
    """
    rights = tuple(_right(row) for row in rules.rows)
    offered = tuple(_offered(row) for row in rules.offered)
    is_told = kept is not None and set(READERS) <= set(kept.told_to)
    if kept is not None and is_told and (kept.rights, kept.offered) == (rights, offered):
        return kept, []
    told_to = tuple(sorted({*READERS, *(kept.told_to if kept else ())}))
    changed = PublishedRules(kept.version + 1 if kept else 1, rights, offered, told_to)
    return changed, [DeviceRulesChanged(version=changed.version, rights=rights, offered=offered)]


def _allows(row: DeviceRow, case: DeviceCase) -> bool:
    by_profession = not row.professions or case.profession in row.professions
    return by_profession and (not row.care_units or case.care_unit in row.care_units)


def _right(row: DeviceRow) -> DeviceRight:
    return DeviceRight(
        iso_code=row.iso_code,
        product_area=row.product_area,
        professions=row.professions,
        care_units=row.care_units,
        valid_from=row.holds.valid_from,
        valid_through=row.holds.valid_through,
    )


def _offered(row: OfferedRow) -> OfferedSources:
    return OfferedSources(
        product_area=row.product_area,
        care_units=row.care_units,
        sources=row.sources,
        valid_from=row.holds.valid_from,
        valid_through=row.holds.valid_through,
    )
