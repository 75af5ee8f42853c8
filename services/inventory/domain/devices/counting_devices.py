"""A stocktake of devices: scanned numbers against what the register says lies there (Q51)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import Balance, CountWritten
from services.inventory.domain.goods.counting import ReservedPiecesMissing
from services.inventory.domain.goods.movement import COUNTED, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.stocktakes.limits import demand_one_is_enough
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money

Devices = tuple[Device, ...]

MOST_SCANNED = 2000
"""Devices of one article that are scanned in one stocktake."""


class TooManyToScan(Refused):
    """More devices lie there than one stocktake can name: the rest would be missing."""

    rule = "too-many-to-scan"
    sentence = Sentence(
        "Här ligger fler exemplar av artikeln än de 2000 som kan skannas i en inventering. Inget är ändrat. "
        "Flytta en del till ett annat förråd först, eller kontakta systemförvaltningen.",
        "More pieces of the article lie here than the 2,000 that one stocktake can scan. Nothing is changed. "
        "Move some to another storeroom first, or contact the operators.",
    )


@dataclass(frozen=True)
class Scanned:
    """The numbers of an article's devices that lie in a storeroom, and why that may differ."""

    movement_no: str
    storeroom_no: str
    article_no: str
    device_nos: frozenset[str]
    reason: str
    counted_by: str
    at: datetime
    piece_value: Money


@dataclass(frozen=True)
class Outcome:
    """What a stocktake of devices found: what was missing, came to light, or is registered elsewhere."""

    missing: tuple[str, ...]
    found: tuple[str, ...]
    elsewhere: tuple[str, ...]
    """A person looks into these: the register says another place, a patient, or another article."""


def count_devices(
    movement: Movement | None, balance: Balance | None, devices: Devices, *, scanned: Scanned
) -> Decision[Movement | None, Balance, Devices]:
    """Let the register say what was scanned; `devices` are those scanned, and those that should lie there.

    Raises TooManyToScan, ReservedPiecesMissing, and StocktakeNeedsTwo.
    """
    if len(_on_shelf(devices, scanned)) > MOST_SCANNED:
        raise TooManyToScan(article_no=scanned.article_no, most=MOST_SCANNED)
    outcome = outcome_of(devices, scanned)
    stock = Stock.of(scanned.storeroom_no, (scanned.article_no,), (balance,))
    if stock.balances[0].available + len(outcome.found) < len(outcome.missing):
        raise ReservedPiecesMissing(article_no=scanned.article_no, reserved=stock.balances[0].reserved)
    pieces = len(outcome.found) + len(outcome.missing)
    demand_one_is_enough(stock.balances[0], pieces, scanned.piece_value, by=scanned.counted_by, at=scanned.at)
    written = CountWritten(scanned.movement_no, "", pieces, scanned.counted_by, scanned.at)
    stock = stock.counted(scanned.article_no, written)
    known = {each.device_no: each for each in devices}
    for number in outcome.found:
        stock = put_in(stock, known[number], source=COUNTED)
    for number in outcome.missing:
        stock = stock.take_free(scanned.article_no, 1, target=COUNTED, device_no=number)
    after = tuple(_counted(each, outcome, scanned) for each in devices)
    noted = Movement(
        scanned.movement_no, scanned.storeroom_no, "counted", scanned.at, scanned.counted_by, stock.moved,
        reason=scanned.reason,
    )  # fmt: skip
    changed = [each for each, before in zip(after, devices, strict=True) if each != before]
    return added(movement, noted), stock.balances[0], after, [device_changed(each) for each in changed]


def outcome_of(devices: Iterable[Device], scanned: Scanned) -> Outcome:
    """Compare what was scanned with where the register has each device."""
    known = tuple(devices)
    here = [each for each in known if each.article_no == scanned.article_no]
    lie_here = [each.device_no for each in here if each.storeroom_no == scanned.storeroom_no]
    found = [
        each.device_no for each in here if each.state == "missing" and each.device_no in scanned.device_nos
    ]
    return Outcome(
        missing=tuple(sorted(_on_shelf(known, scanned) - scanned.device_nos)),
        found=tuple(sorted(found)),
        elsewhere=tuple(sorted(scanned.device_nos - {*lie_here, *found})),
    )


def _on_shelf(devices: Iterable[Device], scanned: Scanned) -> frozenset[str]:
    """Name what should be scanned."""
    return frozenset(
        each.device_no
        for each in devices
        if each.article_no == scanned.article_no
        and each.state == "in_stock"
        and each.storeroom_no == scanned.storeroom_no
    )


def _counted(device: Device, outcome: Outcome, scanned: Scanned) -> Device:
    if device.device_no in outcome.missing:
        return moved(device, state="missing")
    if device.device_no in outcome.found:
        return lying_in(device, scanned.storeroom_no)
    return device
