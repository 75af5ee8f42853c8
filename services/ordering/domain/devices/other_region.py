"""Devices for patients of another region: the limit, and the home region's approval (S182, Q15, Q58)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.person import Person
from shared.domain.decision import Refused, Sentence
from shared.domain.money import Money

LIMIT = Money.of(10_000)
"""SEK for one device with its components: at this cost, and above, the home region is asked (Q58)."""

WARNING = Sentence(
    "Patienten hör till en annan region. Andra riktlinjer kan gälla; hjälpmedel för 10 000 kr eller mer, och "
    "de som kräver avancerad anpassning eller service, måste hemregionen godkänna först.",
    "The patient belongs to another region. Other guidelines may apply; devices for SEK 10,000 or more, and "
    "those with advanced adaptation or service, must be approved by the home region first.",
)


class HomeRegionNotAsked(Refused):
    """The home region has not approved the device (Q15)."""

    rule = "home-region-not-asked"
    sentence = Sentence(
        "Patienten hör till en annan region, och hjälpmedlet kräver hemregionens godkännande. Be om det, och "
        "skriv in vem som godkände och när.",
        "The patient belongs to another region, and the device needs the home region's approval. Ask for it, "
        "and record who approved it and when.",
    )


class ApprovedLater(Refused):
    """An approval on a day that has not been."""

    rule = "approved-later"
    sentence = Sentence(
        "Dagen för godkännandet har inte varit än. Ange dagen när hemregionen godkände.",
        "The day of the approval has not come yet. Give the day when the home region approved.",
    )


@dataclass(frozen=True)
class Approval:
    """What the home region approved: kept with the order (Q58)."""

    approved_by: str
    """The office and person that said yes: people at work."""
    approved_on: date
    reference: str | None = None


def is_of_other_region(person: Person | None) -> bool:
    return person is not None and person.payer == "home_region"


def other_region_warnings(person: Person | None) -> list[Sentence]:
    """Warn in every way of ordering, hand-outs too (Q58)."""
    return [WARNING] if is_of_other_region(person) else []


def against_other_region(
    person: Person, lines: Iterable[Line], *, catalogue: DeviceCatalogue, approval: Approval | None, on: date
) -> Iterator[Refused]:
    """Say which devices need an approval that is not recorded, per device with its components (Q15, Q58)."""
    if approval is not None:
        if approval.approved_on > on:
            yield ApprovedLater()
        return
    if not is_of_other_region(person):
        return
    for line in lines:
        article = catalogue.articles.get(line.article_no)
        known = all(each.article_no in catalogue.articles for each in line.components)
        if article and known and (article.advanced or catalogue.cost_of_one(line) >= LIMIT):
            yield HomeRegionNotAsked(article_no=line.article_no, line=line.line_no)
