"""Who may prescribe a device, judged on the prescriber and never on who places the order (Q42, S82, S86)."""

from collections.abc import Iterator
from datetime import date

from services.ordering.domain.devices.copies import DeviceArticle, DeviceRules, Prescriber, Right
from shared.domain.decision import Refused, Sentence


class PrescriberNotOfUnit(Refused):
    """The register of prescribers does not have that person at that care unit and product area (Q42)."""

    rule = "prescriber-not-of-unit"
    sentence = Sentence(
        "Förskrivaren finns inte i registret för det tjänstestället och produktområdet. Välj en förskrivare "
        "som arbetar där, eller be den som förvaltar registret lägga till personen.",
        "The register does not have the prescriber at that care unit and product area. Choose a prescriber "
        "who works there, or ask the keeper of the register to add the person.",
    )


class DeviceRulesNotKnownYet(Refused):
    """Nobody has said who may prescribe devices, so the answer is no."""

    rule = "device-rules-not-known-yet"
    sentence = Sentence(
        "Reglerna för vem som får förskriva hjälpmedel har inte kommit fram än. Försök igen om en stund.",
        "The rules of who may prescribe devices have not arrived yet. Try again in a while.",
    )


class NoRightToDevice(Refused):
    """The rule book does not let this prescriber's profession, or unit, prescribe such a device (S86)."""

    rule = "no-right-to-device"
    sentence = Sentence(
        "Förskrivaren får inte förskriva den sortens hjälpmedel från tjänstestället. Välj en förskrivare med "
        "den behörigheten, eller en annan artikel.",
        "The prescriber may not prescribe that kind of device at the care unit. Choose a prescriber who may, "
        "or another article.",
    )


def against_right(
    article: DeviceArticle,
    *,
    prescriber: Prescriber | None,
    care_unit: str,
    rules: DeviceRules | None,
    on: date,
) -> Iterator[Refused]:
    """Say why the named prescriber may not prescribe the article at the care unit that day."""
    area = article.product_area
    if prescriber is None or not prescriber.works_at(care_unit, area=area, on=on):
        yield PrescriberNotOfUnit(care_unit=care_unit, product_area=area)
    elif rules is None:
        yield DeviceRulesNotKnownYet()
    elif not any(
        _covers(each, article, profession=prescriber.profession, care_unit=care_unit, on=on)
        for each in rules.rights
    ):
        yield NoRightToDevice(article_no=article.article_no, profession=prescriber.profession)


def _covers(right: Right, article: DeviceArticle, *, profession: str, care_unit: str, on: date) -> bool:
    """An accessory of the area follows its class like everything else: a short code stands for all below."""
    return (
        right.product_area == article.product_area
        and article.iso_code.startswith(right.iso_code)
        and right.period.covers(on)
        and (not right.professions or profession in right.professions)
        and (not right.care_units or care_unit in right.care_units)
    )
