"""Quantities of an order's lines, and the devices among them, on their way to the patient (Q43)."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Goods:
    """What of a line is in a parcel, or with the patient."""

    line_no: int
    article_no: str
    quantity: int
    device_nos: tuple[str, ...] = ()
    loan_ids: tuple[str, ...] = ()


def line_nos(goods: list[Goods]) -> tuple[int, ...]:
    """Name the lines, each once, in the order in which they came."""
    return tuple(dict.fromkeys(each.line_no for each in goods))


def joined(goods: list[Goods], line_no: int) -> Goods:
    """Add up what of a line stands in several parcels or hand-outs (Q43)."""
    of_it = [each for each in goods if each.line_no == line_no]
    article_no = of_it[0].article_no if of_it else ""
    devices = tuple(no for each in of_it for no in each.device_nos)
    loans = tuple(loan for each in of_it for loan in each.loan_ids)
    return Goods(line_no, article_no, sum(each.quantity for each in of_it), devices, loans)


def less(received: Goods, given: Goods) -> Goods:
    """Take from what was received what was handed over (Q43)."""
    devices = tuple(each for each in received.device_nos if each not in given.device_nos)
    return replace(received, quantity=received.quantity - given.quantity, device_nos=devices)
