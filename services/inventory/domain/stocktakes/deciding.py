"""Registering what was counted, and writing an approved difference into the register (Q51)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.inventory.domain.devices.counting_devices import Scanned, outcome_of
from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance, CountWritten, Lot, last_count, lot_in
from services.inventory.domain.goods.counting import ReservedPiecesMissing
from services.inventory.domain.goods.movement import COUNTED, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.stocktakes.limits import corrected_alone, takes_two
from services.inventory.domain.stocktakes.stocktake import (
    Counted,
    Difference,
    Stocktake,
)
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money
from shared.domain.two_people import refuse_same_person


class CountedSince(Refused):
    """Another count of the same goods was written: the difference was to a register that is no more."""

    rule = "counted-since"
    sentence = Sentence(
        "Någon annan räkning av samma vara har skrivits in efter den här. Räkna på nytt.",
        "Another count of the same goods was written into the register after this one. Count again.",
    )


Balances = tuple[Balance | None, ...]
Devices = tuple[Device, ...]


class StocktakeDecided(Refused):
    """Somebody approved or declined it already."""

    rule = "stocktake-decided"
    sentence = Sentence(
        "Inventeringen är redan avgjord. Räkna på nytt om det behövs.",
        "The stocktake is decided already. Count again if needed.",
    )


def register_stocktake(
    _new: Stocktake | None,
    balances: Balances,
    devices: Devices,
    *,
    counted: Sequence[Counted],
    made: Stocktake,
    values: Mapping[str, Money],
) -> Decision[Stocktake, Balances, Devices]:
    """Keep how what was counted differs from the register, and move nothing yet."""
    of_articles = {each.article_no: each for each in balances if each}
    differences = tuple(
        difference
        for each in counted
        if _is_one(difference := _difference(each, of_articles.get(each.article_no), devices, made, values))
    )
    found = replace(made, differences=differences)
    needs_second = _needs_second(found, of_articles, at=made.counted_at)
    return replace(found, needs_second=needs_second), balances, devices, []


def approve_stocktake(
    stocktake: Stocktake,
    balances: Balances,
    devices: Devices,
    movement: Movement | None,
    *,
    by: str,
    at: datetime,
) -> Decision[Stocktake, Balances, Devices, Movement | None]:
    """Move what differs; what has moved since the count is left as it is.

    Raises StocktakeDecided, SamePerson, CountedSince and ReservedPiecesMissing.
    """
    _demand_waiting(stocktake)
    articles = list(dict.fromkeys(each.article_no for each in stocktake.differences))
    stock = Stock.of(stocktake.storeroom_no, articles, balances)
    if stocktake.needs_second or _needs_second(
        stocktake, {each.article_no: each for each in stock.balances}, at=at
    ):
        refuse_same_person(asked_by=stocktake.counted_by, by=by)
    known = {each.device_no: each for each in devices}
    for each in stocktake.differences:
        _demand_newest(each, stock.of_article(each.article_no))
    for each in stocktake.differences:
        stock, known = _adjusted(stock, known, each)
        stock = stock.counted(each.article_no, _written(stocktake, each, by=by, at=at))
    after = tuple(known[each.device_no] for each in devices)
    noted = Movement(
        stocktake.stocktake_no, stocktake.storeroom_no, "counted", at, by, stock.moved,
        reason=stocktake.reason,
    )  # fmt: skip
    facts = [device_changed(each) for each, before in zip(after, devices, strict=True) if each != before]
    decided = replace(stocktake, state="approved", decided_by=by, decided_at=at)
    return decided, stock.balances, after, added(movement, noted), facts


def decline_stocktake(stocktake: Stocktake, *, by: str, at: datetime) -> Decision[Stocktake]:
    """Leave the register as it is, so that somebody counts again. Raises StocktakeDecided."""
    _demand_waiting(stocktake)
    return replace(stocktake, state="declined", decided_by=by, decided_at=at), []


def _demand_waiting(stocktake: Stocktake) -> None:
    if stocktake.state != "waits":
        raise StocktakeDecided(state=stocktake.state)


def _demand_newest(difference: Difference, balance: Balance) -> None:
    """Demand that no other count of the lot was written since; devices know themselves where they are."""
    newest = last_count(balance, lot=difference.lot)
    if newest and newest != difference.last_count and not difference.names_devices:
        raise CountedSince(article_no=difference.article_no, lot=difference.lot)


def _needs_second(stocktake: Stocktake, balances: Mapping[str, Balance], *, at: datetime) -> bool:
    """Tell whether a colleague approves: what the person alone corrected before is added."""
    pieces, value = stocktake.pieces, stocktake.value
    values = {each.article_no: each.piece_value for each in stocktake.differences}
    for no, each in values.items():
        before = corrected_alone(balances[no], by=stocktake.counted_by, at=at) if no in balances else 0
        pieces, value = pieces + before, value + each * before
    return takes_two(pieces, value, on=local_day(at))


def _written(stocktake: Stocktake, difference: Difference, *, by: str, at: datetime) -> CountWritten:
    return CountWritten(
        stocktake.stocktake_no, difference.lot, difference.pieces, stocktake.counted_by, at,
        alone=by == stocktake.counted_by,
    )  # fmt: skip


def _difference(
    counted: Counted,
    balance: Balance | None,
    devices: Devices,
    stocktake: Stocktake,
    values: Mapping[str, Money],
) -> Difference:
    no, value = counted.article_no, values[counted.article_no]
    if counted.device_nos is None:
        lot = lot_in(balance, counted.lot) if balance else None
        expected = lot.on_hand if lot else 0
        last = last_count(balance, lot=counted.lot) if balance else ""
        return Difference(
            no, expected, counted.quantity, value, counted.lot, counted.best_before, last_count=last
        )
    scanned = Scanned(
        stocktake.stocktake_no, stocktake.storeroom_no, no, counted.device_nos, stocktake.reason,
        stocktake.counted_by, stocktake.counted_at, value,
    )  # fmt: skip
    outcome = outcome_of(devices, scanned)
    elsewhere = tuple(sorted((*outcome.elsewhere, *counted.unknown)))
    counted_here = len(counted.device_nos) - len(outcome.elsewhere)
    expected = counted_here + len(outcome.missing) - len(outcome.found)
    return Difference(
        no, expected, counted_here, value, missing=outcome.missing, found=outcome.found, elsewhere=elsewhere
    )


def _is_one(difference: Difference) -> bool:
    return bool(difference.pieces or difference.elsewhere)


def _adjusted(
    stock: Stock, known: dict[str, Device], difference: Difference
) -> tuple[Stock, dict[str, Device]]:
    no, place = difference.article_no, stock.storeroom_no
    missing = [each for each in difference.missing if _lies(known[each], place)]
    found = [each for each in difference.found if known[each].state == "missing"]
    pieces = len(found) - len(missing) if difference.names_devices else difference.too_many
    balance = stock.of_article(no)
    if balance.available + pieces < 0:
        raise ReservedPiecesMissing(article_no=no, reserved=balance.reserved)
    for each in found:
        stock = put_in(stock, known[each], source=COUNTED)
    for each in missing:
        stock = stock.take_free(no, 1, target=COUNTED, device_no=each)
    changed = {each: lying_in(known[each], place) for each in found}
    changed |= {each: moved(known[each], state="missing") for each in missing}
    if difference.names_devices:
        return stock, {**known, **changed}
    return _counted(stock, difference), known


def _counted(stock: Stock, difference: Difference) -> Stock:
    lot = Lot(difference.lot, difference.best_before)
    if difference.too_many > 0:
        return stock.put(difference.article_no, difference.too_many, source=COUNTED, lot=lot)
    return stock.take_free(difference.article_no, -difference.too_many, target=COUNTED, lot=difference.lot)


def _lies(device: Device, storeroom_no: str) -> bool:
    return device.state == "in_stock" and device.storeroom_no == storeroom_no
