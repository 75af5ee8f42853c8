"""Writes the day's entries as lines of fixed width, for older invoice systems (formats.md section 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.billing.domain.files.batch import Batch
from shared.domain.days import local_day
from shared.domain.decision import Refused, Sentence
from shared.domain.money import Money
from shared.domain.person_id import OIDS
from shared.partners import FeeEvent

ENDS = ".txt"
TEN_DIGITS = 10
WITH_CENTURY = 12
ONE = 100
"""Numbers are written in hundredths: one piece is 100, 120 kr is 12000."""
NUMBERED_BY_DATE = frozenset({OIDS["personnummer"], OIDS["samordningsnummer"]})


class DoesNotFit(Refused):
    """A field is wider than the receiver's record: it is never cut."""

    rule = "fixed-width-does-not-fit"
    sentence = Sentence(
        "Ett fält är längre än mottagarens post tillåter. Korta texten i taxan, eller ändra bredden.",
        "A field is longer than the receiver's record. Shorten the text in the tariff, or change the width.",
    )


class NotInCharacterSet(Refused):
    """A character that the receiver's character set does not have: it is never replaced."""

    rule = "fixed-width-character"
    sentence = Sentence(
        "Ett tecken finns inte i mottagarens teckenuppsättning. Ändra texten i taxan.",
        "A character is not in the receiver's character set. Change the text in the tariff.",
    )


class NumberHasNoShortForm(Refused):
    """A reserve number has no form of ten digits: the receiver must take twelve, or bill it by hand."""

    rule = "fixed-width-number"
    sentence = Sentence(
        "Ett reservnummer ryms inte i mottagarens kundnummer. Fakturera det för hand, eller öka bredden.",
        "A reserve number does not fit the receiver's customer number. Bill it by hand, or widen the field.",
    )


@dataclass(frozen=True)
class Layout:
    """The receiver's widths; the defaults are those of the one public layout that we could read."""

    encoding: str = "iso-8859-1"
    end_of_line: str = "\n"
    number: int = 10
    name: int = 35
    counterpart: int = 3
    text: int = 30
    reference: int = 30
    quantity: int = 8
    price: int = 9
    total: int = 15
    vat: int = 2
    description: int = 51
    cost_centre: int = 10


def fixed_width(batch: Batch, events: Sequence[FeeEvent], *, layout: Layout) -> bytes:
    """Write head, each payer with rows, and the total (S46).

    Raises DoesNotFit, NotInCharacterSet and NumberHasNoShortForm rather than change a character.
    """
    text = "".join(f"{line}{layout.end_of_line}" for line in _lines(batch, events, layout))
    try:
        return text.encode(layout.encoding)
    except UnicodeEncodeError as unknown:
        raise NotInCharacterSet(character=unknown.object[unknown.start]) from unknown


def _lines(batch: Batch, events: Sequence[FeeEvent], layout: Layout) -> Iterator[str]:
    yield "!" + _text(batch.batch_id, layout.number + layout.name, "head")
    # groupby needs its groups together; within a payer the order of the file stands
    ordered = sorted(events, key=lambda event: (event.patient.id_type, event.patient.id))
    for _, of_payer in groupby(ordered, key=lambda event: (event.patient.id_type, event.patient.id)):
        yield from _of_payer(list(of_payer), batch, layout)
    yield "T" + _signed(batch.total, layout.total)


def _of_payer(events: Sequence[FeeEvent], batch: Batch, layout: Layout) -> Iterator[str]:
    number = _number(events[0], layout)
    # invoicing has names and addresses from the register: ours stay at home
    yield "S" + number + " " * (4 * layout.name + layout.counterpart)
    due = f"{local_day(batch.created_at):%y%m%d}"
    references = _text(batch.batch_id, layout.reference, "reference") + " " * layout.reference
    yield "H" + number + due + references
    for event in events:
        yield from _of_entry(event, number, layout)


def _of_entry(event: FeeEvent, number: str, layout: Layout) -> Iterator[str]:
    amount = Money(event.amount) if event.kind == "charge" else -Money(event.amount)
    yield (
        "R"
        + number
        + _text(event.fee_code, layout.text, "fee_code")
        + _digits(ONE, layout.quantity, "quantity")
        + _digits(_hundredths(Money(event.amount)), layout.price, "price")
        + _signed(amount, layout.total)
        + _text(event.vat_code, layout.vat, "vat")
    )
    # the row's own field is too narrow for the words on the invoice: they have a record of their own
    yield "U" + _text(event.text, layout.description, "text")
    yield "U" + _text(event.source.uttag, layout.description, "uttag")
    yield (
        "K"
        + _text(event.cost_centre, layout.cost_centre, "cost_centre")
        + _text(event.event_id, layout.description, "event_id")
        + _signed(amount, layout.total)
    )


def _number(event: FeeEvent, layout: Layout) -> str:
    number = event.patient.id
    if layout.number < WITH_CENTURY and len(number) == WITH_CENTURY:
        if event.patient.id_type not in NUMBERED_BY_DATE or layout.number != TEN_DIGITS:
            raise NumberHasNoShortForm(event_id=event.event_id)
        return number[2:]
    return _text(number, layout.number, "number")


def _text(value: str, width: int, field: str) -> str:
    if len(value) > width:
        raise DoesNotFit(field=field, width=width)
    if not value.isprintable():  # a line break would begin another record
        raise NotInCharacterSet(field=field)
    return value.ljust(width)


def _digits(value: int, width: int, field: str) -> str:
    written = f"{value:0{width}d}"
    if len(written) > width:
        raise DoesNotFit(field=field, width=width)
    return written


def _signed(amount: Money, width: int) -> str:
    sign = "-" if amount < Money.of(0) else "+"
    return sign + _digits(abs(_hundredths(amount)), width - 1, "total")


def _hundredths(amount: Money) -> int:
    return int(amount.amount * ONE)
