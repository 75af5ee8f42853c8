"""Receiving goods into a storeroom: devices by number and serial number, counted goods by lot (S92, Q44)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.devices.device import Device, Label, Owner, Serial, device_changed
from services.inventory.domain.devices.shelving import lying_in, put_in
from services.inventory.domain.goods.balance import NO_LOT, Balance, Lot
from services.inventory.domain.goods.lots import same_piece_number
from services.inventory.domain.goods.movement import LOST, OUTSIDE, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.goods.supplying import received
from services.inventory.domain.recalls.recall import Recall, lots_of, marked_by
from shared.domain.days import DayToCome
from shared.domain.decision import Decision, Refused, Sentence
from shared.domain.money import Money

Labels = tuple[Label | None, ...]


class DeviceNumberTaken(Refused):
    """A device has this number already."""

    rule = "device-number-taken"
    sentence = Sentence(
        "Individnumret finns redan. Skanna märkningen igen eller märk om hjälpmedlet.",
        "A device has that number already. Scan the label again or put on another.",
    )


class SerialNumberTaken(Refused):
    """A device of the article has this serial number already."""

    rule = "serial-number-taken"
    sentence = Sentence(
        "Serienumret finns redan på ett annat hjälpmedel av samma artikel. Kontrollera numret.",
        "Another device of the article has that serial number already. Check the number.",
    )


class NumberTwice(Refused):
    """The same device or serial number stands twice in one receipt."""

    rule = "number-twice"
    sentence = Sentence(
        "Samma nummer står två gånger. Ange varje hjälpmedel en gång.",
        "The same number stands twice. Give each device once.",
    )


def demand_once(numbers: Iterable[str]) -> None:
    """Demand that each number stands once; raises NumberTwice."""
    for each, times in Counter(numbers).items():
        if times > 1:
            raise NumberTwice(number=each)


class NotCounted(Refused):
    """Each piece of the article is marked: it is received by number."""

    rule = "not-counted"
    sentence = Sentence(
        "Artikeln är individmärkt. Ange ett individnummer för varje exemplar i stället för ett antal.",
        "Each piece of the article is marked. Give a device number for each instead of a quantity.",
    )


class NotMarked(Refused):
    """Pieces of the article have no numbers: they are counted."""

    rule = "not-marked"
    sentence = Sentence(
        "Artikeln är inte individmärkt. Ange ett antal i stället för individnummer.",
        "Pieces of the article are not marked. Give a quantity instead of device numbers.",
    )


class AnotherBestBefore(Refused):
    """The lot is there with another best-before day."""

    rule = "another-best-before"
    sentence = Sentence(
        "Satsen finns redan med ett annat bäst före-datum. Kontrollera datumet på förpackningen.",
        "The lot is there with another best-before day. Check the day on the package.",
    )


class ExpiredAtReceipt(Refused):
    """The goods are past their best-before day."""

    rule = "expired-at-receipt"
    sentence = Sentence(
        "Bäst före-datumet har passerat. Ta inte in varorna; skicka tillbaka eller kassera dem.",
        "The best-before day has passed. Do not receive the goods; send them back or scrap them.",
    )


@dataclass(frozen=True)
class Piece:
    """A device that is received, by the number on its label."""

    device_no: str
    serial_no: str | None = None
    udi_pi: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What came into which storeroom; devices by number, or a quantity of a lot in base units."""

    movement_no: str
    storeroom_no: str
    article_no: str
    received_by: str
    at: datetime
    on: date
    owner: Owner = "central"
    quantity: int = 0
    lot: Lot = NO_LOT
    pieces: tuple[Piece, ...] = ()
    purchased_on: date | None = None
    purchase_price: Money | None = None
    """Of one piece."""
    supply_no: str | None = None
    """What was on order and has come with it."""
    recalls: tuple[Recall, ...] = ()
    """Those that are open: what they concern is received, and set apart (N4)."""


def receive_counted(
    balance: Balance | None, movement: Movement | None, *, receipt: Receipt, is_marked: bool
) -> Decision[Balance, Movement | None]:
    """Put counted goods on the shelf. Raises NotCounted, AnotherBestBefore and ExpiredAtReceipt."""
    if is_marked:
        raise NotCounted(article_no=receipt.article_no)
    lot = receipt.lot
    if lot.best_before is not None and lot.best_before < receipt.on:
        raise ExpiredAtReceipt(article_no=receipt.article_no)
    stock = Stock.of(receipt.storeroom_no, (receipt.article_no,), (balance,))
    for each in stock.balances[0].lots:
        if same_piece_number(each.lot, lot.lot) and each.best_before != lot.best_before:
            raise AnotherBestBefore(article_no=receipt.article_no, lot=lot.lot)
    stock = stock.recalled(receipt.article_no, *lots_of(receipt.article_no, receipt.recalls))
    stock = stock.put(receipt.article_no, receipt.quantity, source=OUTSIDE, lot=lot)
    return _came(stock, receipt), added(movement, _movement(receipt, stock)), []


def receive_devices(
    balance: Balance | None,
    movement: Movement | None,
    devices: tuple[Device | None, ...],
    serials: tuple[Serial | None, ...],
    labels: Labels,
    *,
    receipt: Receipt,
    is_marked: bool,
) -> Decision[Balance, Movement | None, tuple[Device | None, ...], tuple[Serial | None, ...], Labels]:
    """Make each piece a tracked device; what was stolen or lost and came to light is that device again (Q57).

    Raises NotMarked, DayToCome for a purchase after the receipt, DeviceNumberTaken and SerialNumberTaken.
    """
    if not is_marked:
        raise NotMarked(article_no=receipt.article_no)
    if receipt.purchased_on is not None and receipt.purchased_on > receipt.on:
        raise DayToCome(day=receipt.purchased_on.isoformat())
    for label in (each for each in labels if each):
        raise DeviceNumberTaken(device_no=label.number)
    before = {each.device_no: each for each in devices if each}
    for piece in receipt.pieces:
        if piece.device_no in before:
            _demand_lost(before[piece.device_no], piece, receipt)
    for known in (each for each in serials if each and each.device_no not in before):
        raise SerialNumberTaken(serial_no=known.serial_no)
    stock = Stock.of(receipt.storeroom_no, (receipt.article_no,), (balance,))
    made = tuple(_received(piece, before.get(piece.device_no), receipt) for piece in receipt.pieces)
    for each in made:
        stock = put_in(stock, each, source=LOST if each.device_no in before else OUTSIDE)
    named = tuple(
        Serial(receipt.article_no, each.serial_no, each.device_no)
        for each in receipt.pieces
        if each.serial_no
    )
    facts = [device_changed(each) for each in made]
    return _came(stock, receipt), added(movement, _movement(receipt, stock)), made, named, labels, facts


def demand_each_once(pieces: tuple[Piece, ...]) -> None:
    """Refuse a number that stands twice in one receipt; raises NumberTwice."""
    for numbers in (
        [each.device_no for each in pieces],
        [each.serial_no for each in pieces if each.serial_no],
    ):
        for each in numbers:
            if numbers.count(each) > 1:
                raise NumberTwice(number=each)


def _came(stock: Stock, receipt: Receipt) -> Balance:
    """Give the balance, less what was on order and has come. Raises SupplyNotOpen."""
    balance = stock.of_article(receipt.article_no)
    if receipt.supply_no is None:
        return balance
    return received(balance, receipt.quantity or len(receipt.pieces), supply_no=receipt.supply_no)


def _demand_lost(device: Device, piece: Piece, receipt: Receipt) -> None:
    """Demand that a known number is that of the device that was lost; raises DeviceNumberTaken."""
    is_another = piece.serial_no is not None and not same_piece_number(
        piece.serial_no, device.serial_no or ""
    )
    if not device.lost or device.article_no != receipt.article_no or is_another:
        raise DeviceNumberTaken(device_no=device.device_no)


def _received(piece: Piece, before: Device | None, receipt: Receipt) -> Device:
    if before is not None:
        return lying_in(marked_by(before, receipt.recalls), receipt.storeroom_no)
    device = marked_by(_device(piece, receipt), receipt.recalls)
    return replace(device, state="quarantined" if device.is_stopped else "in_stock")


def _device(piece: Piece, receipt: Receipt) -> Device:
    return Device(
        device_no=piece.device_no,
        article_no=receipt.article_no,
        owner=receipt.owner,
        storeroom_no=receipt.storeroom_no,
        serial_no=piece.serial_no,
        udi_pi=piece.udi_pi,
        purchased_on=receipt.purchased_on,
        purchase_price=receipt.purchase_price,
        received_on=receipt.on,
    )


def _movement(receipt: Receipt, stock: Stock) -> Movement:
    return Movement(
        receipt.movement_no, receipt.storeroom_no, "received", receipt.at, receipt.received_by, stock.moved
    )
