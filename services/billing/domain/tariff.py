"""Tariffs as dated data: what may be published (S57 to S62, Q1, Q3, Q25)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.events.billing import TariffPublished
from shared.events.prescription import PrescriptionType

TYPES = frozenset(get_args(PrescriptionType))


class TariffExists(Refused):
    """A tariff with that first day is published; it is never changed."""

    rule = "tariff-exists"
    sentence = Sentence(
        "Det finns redan en taxa från den dagen. Välj en senare första dag för den nya.",
        "There is a tariff from that day already. Choose a later first day for the new one.",
    )


class TypesIncomplete(Refused):
    """Each of the four prescription types is priced exactly once."""

    rule = "tariff-types-incomplete"
    sentence = Sentence(
        "Taxan ska ha var och en av de fyra förskrivningstyperna precis en gång.",
        "The tariff must have each of the four prescription types exactly once.",
    )


class AmountMissing(Refused):
    """A type that is paid per withdrawal has an amount, one that is paid per product has none (Q3)."""

    rule = "tariff-amount-missing"
    sentence = Sentence(
        "En typ per uttag ska ha ett belopp; en typ per produkt har sina belopp på artiklarna.",
        "A type per withdrawal needs an amount; a type per product has its amounts on the articles.",
    )


class FeeNegative(Refused):
    """No fee is below 0 kr."""

    rule = "tariff-fee-negative"
    sentence = Sentence("En avgift kan inte vara negativ.", "A fee cannot be negative.")


class NamedTwice(Refused):
    """An article or an override stands twice."""

    rule = "tariff-named-twice"
    sentence = Sentence(
        "En artikel eller ett undantag står två gånger i taxan. Ta bort den ena.",
        "An article or an override stands twice in the tariff. Remove one of them.",
    )


@dataclass(frozen=True)
class Tariff:
    """A published tariff; its name is its first day."""

    tariff: str
    published: TariffPublished


def against_publish(existing: Tariff | None, *, proposed: TariffPublished) -> Iterator[Refused]:
    """Give every reason not to publish a tariff (S57 to S62, N1)."""
    if existing:
        yield TariffExists(tariff=existing.tariff)
    if Counter(each.prescription_type for each in proposed.types) != Counter(TYPES):
        yield TypesIncomplete()
    for each in proposed.types:
        if (each.basis == "withdrawal") != (each.amount is not None):
            yield AmountMissing(prescription_type=each.prescription_type)
    if any(amount < 0 for amount in _amounts(proposed)):
        yield FeeNegative()
    yield from (NamedTwice(article_no=each) for each in _twice(fee.article_no for fee in proposed.articles))
    yield from (NamedTwice(override=each) for each in _twice(rule.reason for rule in proposed.overrides))


def publish_tariff(existing: Tariff | None, *, proposed: TariffPublished) -> Decision[Tariff | None]:
    """Publish a tariff, in force from its first day on (S57 to S62); raises what `against_publish` gives."""
    refuse_any(against_publish(existing, proposed=proposed))
    return Tariff(proposed.tariff, proposed), [proposed]


def _amounts(proposed: TariffPublished) -> Iterator[Decimal]:
    yield from (each.amount for each in proposed.types if each.amount is not None)
    yield from (each.amount for each in proposed.articles)
    yield from (each.amount for each in proposed.overrides)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
