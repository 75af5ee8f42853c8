"""Tariffs as dated data, and which may be published (S57 to S62, Q1, Q3, Q25)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

from shared.domain.decision import Refused, Sentence
from shared.events.billing import TariffPublished
from shared.events.values import FoodsType

TYPES = frozenset(get_args(FoodsType))
"""Each of the four is priced; the types of other product areas may be (Q30)."""


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
        "Taxan ska ha var och en av de fyra förskrivningstyperna exakt en gång.",
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
    """An article, an override or a device fee stands twice."""

    rule = "tariff-named-twice"
    sentence = Sentence(
        "En artikel, ett undantag, en hjälpmedelsavgift eller en ersättning står två gånger i taxan. "
        "Ta bort den ena.",
        "An article, an override, a device fee or a compensation stands twice in the tariff. "
        "Remove one of them.",
    )


class BegunAlready(Refused):
    """Fees follow the tariff in force, so a new one begins tomorrow at the earliest (Q5)."""

    rule = "tariff-begun-already"
    sentence = Sentence(
        "En ny taxa kan börja gälla tidigast i morgon. Välj en senare första dag.",
        "A new tariff can begin tomorrow at the earliest. Choose a later first day.",
    )


class CapWithoutWindow(Refused):
    """A cap for the patient has its days, a cap for the withdrawal has none (T5)."""

    rule = "tariff-cap-without-window"
    sentence = Sentence(
        "Ett tak per patient ska ha ett antal dagar, och ett tak per uttag inget. Rätta taket.",
        "A cap per patient needs a number of days, and a cap per withdrawal has none. Correct the cap.",
    )


@dataclass(frozen=True)
class PublishedTariff:
    """A published tariff; its name is its first day."""

    tariff: str
    published: TariffPublished


def against_publish(
    existing: PublishedTariff | None, *, proposed: TariffPublished, not_before: date | None
) -> Iterator[Refused]:
    """Give every reason not to publish a tariff (S57 to S62, N1); the very first has no `not_before`."""
    if existing:
        yield TariffExists(tariff=existing.tariff)
    elif not_before and proposed.valid_from < not_before:
        yield BegunAlready(not_before=not_before.isoformat())
    yield from _against_content(proposed)


def _against_content(proposed: TariffPublished) -> Iterator[Refused]:
    named = Counter(each.prescription_type for each in proposed.types)
    if not named.keys() >= TYPES or max(named.values()) > 1:
        yield TypesIncomplete()
    for each in proposed.types:
        if (each.basis == "withdrawal") != (each.amount is not None):
            yield AmountMissing(prescription_type=each.prescription_type)
    if any(amount < 0 for amount in _amounts(proposed)):
        yield FeeNegative()
    if proposed.cap and (proposed.cap.scope == "patient") != bool(proposed.cap.window_days):
        yield CapWithoutWindow()
    yield from (NamedTwice(article_no=each) for each in _twice(fee.article_no for fee in proposed.articles))
    yield from (NamedTwice(override=each) for each in _twice(rule.reason for rule in proposed.overrides))
    codes = (row.fee_code for row in proposed.device_fees)
    yield from (NamedTwice(fee_code=each) for each in _twice(codes))
    rules = (f"{row.how} {row.product_area or ''}".strip() for row in proposed.compensations)
    yield from (NamedTwice(compensation=each) for each in _twice(rules))


def _amounts(proposed: TariffPublished) -> Iterator[Decimal]:
    yield from (each.amount for each in proposed.types if each.amount is not None)
    yield from (each.amount for each in proposed.articles)
    yield from (each.amount for each in proposed.overrides)
    yield from (each.amount for each in proposed.device_fees)
    yield from (each.amount for each in (proposed.cap,) if each)
    yield from (each.at_most for each in proposed.compensations if each.at_most is not None)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
