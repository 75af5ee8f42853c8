"""Which devices a care unit may order home: the region's rule book by class, as it was told (Q42, Q55)."""

from dataclasses import dataclass
from datetime import date

from services.inventory.domain.article import Article
from shared.domain.days import Period
from shared.domain.decision import Decision, Refused, Sentence


class NotForUnit(Refused):
    """The rule book lets nobody there prescribe such a device (S86, Q55)."""

    rule = "not-for-unit"
    sentence = Sentence(
        "Enheten får inte beställa hem den sortens hjälpmedel. Välj en annan artikel eller en annan enhet.",
        "The care unit may not order that kind of device. Choose another article, or a unit that may.",
    )


class RulesNotKnownYet(Refused):
    """Nobody has said which devices units may order, so the answer is no."""

    rule = "device-rules-not-known-yet"
    sentence = Sentence(
        "Reglerna för vem som får beställa hjälpmedel har inte kommit fram än. Försök igen om en stund.",
        "The rules of who may order devices have not arrived yet. Try again in a while.",
    )


@dataclass(frozen=True)
class Right:
    """One row of the rule book: who, at which unit, may have a class of devices."""

    iso_code: str
    product_area: str
    period: Period
    professions: tuple[str, ...] = ()
    care_units: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeviceRules:
    """The part of the rule book about devices, whole."""

    version: int
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True)
class Orderer:
    """Who orders to a storeroom, and for which of its units."""

    sub: str
    name: str
    care_unit: str
    is_store_keeper: bool
    profession: str | None = None


def note_rules(kept: DeviceRules | None, *, told: DeviceRules) -> Decision[DeviceRules]:
    """Keep the newest rules."""
    return (told if kept is None or told.version > kept.version else kept), []


def against_right(
    article: Article, *, orderer: Orderer, rules: DeviceRules | None, on: date
) -> Refused | None:
    """Say why the unit may not order the article home; a warehouse orders what it likes (Q55).

    Who has a profession is judged by it too; an order placer orders for all that work at the unit.
    """
    if orderer.is_store_keeper:
        return None
    if rules is None:
        return RulesNotKnownYet(article_no=article.article_no)
    if any(_covers(each, article, orderer, on) for each in rules.rights):
        return None
    return NotForUnit(article_no=article.article_no, care_unit=orderer.care_unit)


def _covers(right: Right, article: Article, orderer: Orderer, on: date) -> bool:
    device, profession = article.device, orderer.profession
    return (
        device is not None
        and right.product_area == article.product_area
        and device.iso_code.startswith(right.iso_code)
        and right.period.covers(on)
        and (profession is None or not right.professions or profession in right.professions)
        and (not right.care_units or orderer.care_unit in right.care_units)
    )
