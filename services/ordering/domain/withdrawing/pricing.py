"""Calculates what a withdrawal costs the patient on the day it is sent (Q5, Q25)."""

from collections.abc import Iterator
from datetime import date

from services.ordering.domain.allowance import Allowance, Line
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.flavours import Split, total
from services.ordering.domain.person import Person
from services.ordering.domain.withdrawal import Choice, Item
from shared.domain.days import birthday
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import CHILD_BELOW_YEARS, Priced, in_force, price
from shared.events.fees import FeePriced

OF_FOODS = "foods"


class TooManyDays(Refused):
    """For a child under 16 one withdrawal may last so many days at most (Q25)."""

    rule = "too-many-days-for-a-child"
    sentence = Sentence(
        "Patienten är under 16 och uttaget räcker längre än vad som är tillåtet. Ta färre förpackningar.",
        "The patient is under 16 and the withdrawal would last longer than allowed. Take fewer packages.",
    )


def fees_of(
    allowance: Allowance, choice: Choice, *, person: Person, catalogue: Catalogue, on: date
) -> tuple[FeePriced, ...]:
    """Price what was chosen by the tariff in force (S57 to S62, Q8); raises NoTariff and NotPriced."""
    tariff = in_force(catalogue.tariffs, on=on)
    lines = [_priced(item, allowance.line(item.line_id), catalogue) for item in choice.items]
    return tuple(price(tariff, lines, payment=person.payment, on=on))


def _priced(item: Item, line: Line, catalogue: Catalogue) -> Priced:
    return Priced(
        line_id=line.line_id,
        article_no=line.article_no,
        prescription_type=line.prescription_type,
        packages=total(item.split),
        cost=cost_of(item.split, catalogue),
    )


def cost_of(split: Split, catalogue: Catalogue) -> Money:
    """Add up what the goods cost the region; raises ArticleNotKnownYet."""
    costs = (catalogue.article(share.article_no).package_price * share.packages for share in split)
    return sum(costs, NOTHING)


def against_price(
    allowance: Allowance, choice: Choice, *, person: Person, catalogue: Catalogue, on: date
) -> Iterator[Refused]:
    """Say why the withdrawal cannot be priced, or lasts too long for a child (Q3, Q25)."""
    try:
        fees_of(allowance, choice, person=person, catalogue=catalogue, on=on)
        tariff = in_force(catalogue.tariffs, on=on)
    except Refused as reason:
        yield reason
        return
    most = tariff.longest_days_under_16
    if person.born is None or most is None or not person.payment.is_child(on):
        return
    grown = birthday(person.born, CHILD_BELOW_YEARS).isoformat()
    for item in choice.items:
        line = allowance.line(item.line_id)
        # The law is about foods (2002:160): other aids for a child have no such limit (Q30).
        if line.product_area == OF_FOODS and total(item.split) * line.days > most * line.packages:
            yield TooManyDays(line_id=line.line_id, most_days=most, next_possible=grown)
