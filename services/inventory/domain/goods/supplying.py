"""Goods that are on order from a supplier: registered, changed, ended, and received against (Q36, S89)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.inventory.domain.goods.balance import Balance, Supply
from shared.domain.days import LONGEST_WAIT_DAYS, can_be_expected
from shared.domain.decision import Decision, NotFound, Refused, Sentence

MOST_SUPPLIES = 50
"""Of one article in one storeroom that are on order at once."""


class TooManySupplies(Refused):
    """So many orders to suppliers of one article are open already."""

    rule = "too-many-supplies"
    sentence = Sentence(
        "Artikeln har redan 50 öppna inköp här. Avsluta dem som inte kommer.",
        "The article has 50 open orders from suppliers here. End those that will not come.",
    )


class ExpectedInThePast(Refused):
    """What is on order comes today or later."""

    rule = "expected-in-the-past"
    sentence = Sentence(
        "Dagen då varorna väntas har passerat. Ange en dag från och med i dag.",
        "The day on which the goods are expected has passed. Give today or a later day.",
    )


class ExpectedTooFarOff(Refused):
    """What is on order comes within a year: a later day is a slip of the pen (decision 0059)."""

    rule = "expected-too-far-off"
    sentence = Sentence(
        "Dagen då varorna väntas är mer än ett år bort. Kontrollera året.",
        "The day on which the goods are expected is more than a year away. Check the year.",
    )


class SupplyNotOpen(Refused):
    """Nothing of the article is on order under that number there, or no more."""

    rule = "supply-not-open"
    sentence = Sentence(
        "Inget av artikeln är på väg hit med det inköpsnumret: det är avslutat, har kommit eller gäller "
        "något annat. Kontrollera numret, eller ta emot varorna utan det.",
        "Nothing of the article is on order here under that number: it is ended, has come or is for "
        "something else. Check the number, or receive the goods without it.",
    )


@dataclass(frozen=True)
class Shelf:
    """Of which article in which storeroom."""

    storeroom_no: str
    article_no: str


def register_supply(known: Balance | None, *, shelf: Shelf, supply: Supply, on: date) -> Decision[Balance]:
    """Note what is on order from a supplier.

    Raises TooManySupplies, ExpectedInThePast and ExpectedTooFarOff.
    """
    balance = known or Balance(shelf.storeroom_no, shelf.article_no)
    if len(balance.supplies) >= MOST_SUPPLIES:
        raise TooManySupplies(article_no=shelf.article_no)
    _demand_to_come(supply.expected_on, on=on)
    return replace(balance, supplies=(*balance.supplies, supply)), []


def change_supply(
    balance: Balance, *, supply_no: str, expected_on: date | None, quantity: int | None, on: date
) -> Decision[Balance]:
    """Note another day, or how much is still to come.

    Raises NotFound, ExpectedInThePast and ExpectedTooFarOff.
    """
    supply = supply_in(balance, supply_no)
    if expected_on is not None:
        _demand_to_come(expected_on, on=on)
        supply = replace(supply, expected_on=expected_on)
    if quantity is not None:
        supply = replace(supply, quantity=quantity)
    return _with(balance, supply), []


def end_supply(balance: Balance, *, supply_no: str) -> Decision[Balance]:
    """Note that nothing more of it comes. Raises NotFound."""
    return _with(balance, replace(supply_in(balance, supply_no), quantity=0)), []


def received(balance: Balance, quantity: int, *, supply_no: str) -> Balance:
    """Take from what is on order what has come; more than was ordered ends it. Raises SupplyNotOpen."""
    try:
        supply = supply_in(balance, supply_no)
    except NotFound as unknown:
        raise SupplyNotOpen(supply_no=supply_no, article_no=balance.article_no) from unknown
    return _with(balance, replace(supply, quantity=max(0, supply.quantity - quantity)))


def supply_in(balance: Balance, supply_no: str) -> Supply:
    """Find what is on order by its number; raises NotFound."""
    for each in balance.supplies:
        if each.supply_no == supply_no:
            return each
    raise NotFound("supply", supply_no)


def comes_on(balance: Balance, pieces: int, *, on: date) -> date | None:
    """Give the day on which so many pieces more will have come; None when fewer are on order.

    What should have come before `on`, and has not, is late: nobody knows when it comes.
    """
    ordered = [(each.expected_on, each.quantity) for each in balance.supplies]
    purchased = [(each.expected_on, each.quantity) for each in balance.coming if each.expected_on]
    to_come = (
        (day, many) for day, many in (*ordered, *purchased) if can_be_expected(day, since=on, today=on)
    )
    for day, many in sorted(to_come):
        pieces -= many
        if pieces <= 0:
            return day
    return None


def _demand_to_come(expected_on: date, *, on: date) -> None:
    if expected_on < on:
        raise ExpectedInThePast(expected_on=expected_on.isoformat())
    if not can_be_expected(expected_on, since=on, today=on):
        last = on + timedelta(days=LONGEST_WAIT_DAYS)
        raise ExpectedTooFarOff(expected_on=expected_on.isoformat(), last=last.isoformat())


def _with(balance: Balance, supply: Supply) -> Balance:
    changed = (supply if each.supply_no == supply.supply_no else each for each in balance.supplies)
    return replace(balance, supplies=tuple(each for each in changed if each.quantity > 0))
