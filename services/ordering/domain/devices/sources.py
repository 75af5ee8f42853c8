"""From where a line is taken: what is preset, and what is refused (Q50, Q52, S79, S87)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceArticle, SourceKind, Storeroom
from services.ordering.domain.devices.judging import is_offered
from services.ordering.domain.devices.lines import Line
from shared.domain.decision import Refused, Sentence

KINDS: tuple[SourceKind, ...] = ("storeroom", "warehouse")


class SourceNotChosen(Refused):
    """Both sources are possible, and nobody has chosen one (S87, Q52)."""

    rule = "source-not-chosen"
    sentence = Sentence(
        "Välj om artikeln ska levereras från huvudlagret eller tas ur eget förråd.",
        "Choose whether the article is delivered from the warehouse or taken from an own storeroom.",
    )


class PlaceNotChosen(Refused):
    """There are several storerooms or warehouses, or none, to take it from."""

    rule = "place-not-chosen"
    sentence = Sentence(
        "Välj vilket förråd eller lager som artikeln ska tas ur.",
        "Choose which storeroom or warehouse the article is taken from.",
    )


class StoreroomNotOfUnit(Refused):
    """The storeroom or warehouse does not serve the care unit (S111, S107)."""

    rule = "storeroom-not-of-unit"
    sentence = Sentence(
        "Förrådet är inte kopplat till tjänstestället. Välj ett förråd som hör till det, "
        "ett annat tjänsteställe eller en annan individ.",
        "The storeroom does not belong to the care unit. Choose one that does, "
        "another care unit or another device.",
    )


class DeviceInNoStoreroom(Refused):
    """The device lies in no storeroom, so nobody can hand it out from one (S111, S107)."""

    rule = "device-in-no-storeroom"
    sentence = Sentence(
        "Individen finns inte i något förråd. Är den tillbaka från en patient, registrera returen först; "
        "välj annars en annan individ.",
        "The device lies in no storeroom. If it is back from a patient, register the return first; "
        "otherwise choose another device.",
    )


class DeviceNotChosen(Refused):
    """A marked article is handed out by its number (S92, Q41)."""

    rule = "device-not-chosen"
    sentence = Sentence(
        "Artikeln är individmärkt. Ange numret på den individ som lämnas ut ur förrådet.",
        "The article is marked. Give the number of the device that is handed out from the storeroom.",
    )


def with_source(
    line: Line,
    article: DeviceArticle,
    *,
    serving: Iterable[Storeroom],
    offered: Collection[str] | None,
    setting: SourceKind | None,
) -> Line:
    """Fill in the source where one is preset, and the place where there is only one (Q52).

    `offered`: what the rule book says of the area and the care unit; None where it says nothing.
    """
    places = tuple(serving)
    source = line.source or _preset(article, places, offered=offered, setting=setting)
    if source is None or line.storeroom_no is not None:
        return replace(line, source=source)
    of_it = [each.storeroom_no for each in places if each.kind == source]
    return replace(line, source=source, storeroom_no=of_it[0] if len(of_it) == 1 else None)


def against_place(line: Line, *, care_unit: str, catalogue: DeviceCatalogue) -> Iterator[Refused]:
    """Say what is wrong with where a line is taken from (S87, S111)."""
    if line.source is None:
        yield SourceNotChosen(article_no=line.article_no, line=line.line_no)
        return
    if line.storeroom_no is None and line.device_no is None:
        yield PlaceNotChosen(article_no=line.article_no, line=line.line_no)
        return
    if line.storeroom_no is None:
        yield DeviceInNoStoreroom(device_no=line.device_no, line=line.line_no)
        return
    place = catalogue.storerooms.get(line.storeroom_no)
    if place is None or place.kind != line.source or not place.serves(care_unit):
        yield StoreroomNotOfUnit(care_unit=care_unit, line=line.line_no)
    article = catalogue.articles.get(line.article_no)
    if article and article.marked and line.source == "storeroom" and line.device_no is None:
        yield DeviceNotChosen(article_no=line.article_no, line=line.line_no)


def _preset(
    article: DeviceArticle,
    places: tuple[Storeroom, ...],
    *,
    offered: Collection[str] | None,
    setting: SourceKind | None,
) -> SourceKind | None:
    """The only one that is possible, else the only one that the area has, else the person's own setting."""
    possible = [
        kind for kind in KINDS if is_offered(article, kind) and any(each.kind == kind for each in places)
    ]
    usual = [kind for kind in possible if offered is None or kind in offered] or possible
    if len(usual) == 1:
        return usual[0]
    return setting if setting in usual else None
