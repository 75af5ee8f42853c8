"""The basket of one person and one patient, kept between visits; edits lose nothing (Q49, S85, S94, S110)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.delivering import TO_THE_UNIT, DeliveryRequest
from services.ordering.domain.devices.lines import ChosenComponent, Line, with_components
from services.ordering.domain.devices.other_region import Approval
from shared.domain.decision import Decision, NotFound, Refused, Sentence

MOST_LINES = 50


class BasketFull(Refused):
    """An order has at most fifty lines."""

    rule = "basket-full"
    sentence = Sentence(
        "Det finns redan 50 rader. Skicka beställningen och lägg resten i en ny.",
        "There are 50 lines already. Send the order and put the rest in a new one.",
    )


class GoesWithNothing(Refused):
    """An accessory goes with a device of the same basket (S92)."""

    rule = "goes-with-nothing"
    sentence = Sentence(
        "Raden som tillbehöret hör till finns inte. Välj hjälpmedlets rad, eller ta bort kopplingen.",
        "The line that the accessory goes with does not exist. Choose the device's line, or remove the link.",
    )


@dataclass(frozen=True)
class Head:
    """For whom, at which care unit and in whose name it is ordered, and how it is delivered."""

    care_unit: str
    prescriber: str
    delivery: DeliveryRequest = TO_THE_UNIT
    joint: bool = False
    """All that comes from one place is sent together, or nothing yet (S95)."""
    approval: Approval | None = None


@dataclass(frozen=True)
class Basket:
    """What one person is about to order for one patient."""

    patient_ref: str
    owner: str
    head: Head
    lines: tuple[Line, ...] = ()
    last_line_no: int = 0
    touched_at: datetime | None = None

    def line(self, line_no: int) -> Line:
        """Find a line; raises NotFound."""
        found = next((each for each in self.lines if each.line_no == line_no), None)
        if found is None:
            raise NotFound("basket line", str(line_no))
        return found


def basket_id(owner: str, patient_ref: str) -> str:
    return f"{owner}|{patient_ref}"


def arrange(
    known: Basket | None, *, patient_ref: str, owner: str, head: Head, at: datetime
) -> Decision[Basket]:
    """Begin a basket, or change its head; the lines stay as they are (S85)."""
    basket = known or Basket(patient_ref, owner, head)
    return replace(basket, head=head, touched_at=at), []


def add_line(basket: Basket, *, line: Line, at: datetime) -> Decision[Basket]:
    """Add an article (S91); raises BasketFull and GoesWithNothing."""
    if len(basket.lines) >= MOST_LINES:
        raise BasketFull
    number = basket.last_line_no + 1
    added = replace(line, line_no=number)
    _refuse_loose(basket, added)
    return replace(basket, lines=(*basket.lines, added), last_line_no=number, touched_at=at), []


def change_line(
    basket: Basket,
    *,
    line_no: int,
    article: DeviceArticle | None,
    changes: Mapping[str, Any],
    added: tuple[ChosenComponent, ...] | None,
    removed: tuple[str, ...] | None,
    at: datetime,
) -> Decision[Basket]:
    """Change what was named and keep all else: fee, comment, components (S94, S110). Raises NotFound."""
    before = basket.line(line_no)
    line = replace(before, **changes)
    if article is not None and (added is not None or removed is not None):
        line = with_components(
            line,
            article,
            added=_optional(before, article) if added is None else added,
            removed=before.removed if removed is None else removed,
        )
    _refuse_loose(basket, line)
    lines = tuple(line if each.line_no == line_no else each for each in basket.lines)
    return replace(basket, lines=lines, touched_at=at), []


def remove_line(basket: Basket, *, line_no: int, at: datetime) -> Decision[Basket]:
    """Remove a line; what went with it stays by itself (S93). Raises NotFound."""
    basket.line(line_no)
    left = (
        replace(each, goes_with=None) if each.goes_with == line_no else each
        for each in basket.lines
        if each.line_no != line_no
    )
    return replace(basket, lines=tuple(left), touched_at=at), []


def emptied(basket: Basket) -> Basket:
    """Give the basket as it is when its lines were sent or given up: the care unit is remembered (S84)."""
    head = Head(care_unit=basket.head.care_unit, prescriber=basket.head.prescriber)
    return replace(basket, head=head, lines=())


def give_up(basket: Basket, *, at: datetime) -> Decision[Basket]:
    """Empty a basket without sending anything (S85)."""
    return replace(emptied(basket), touched_at=at), []


def move_basket(old: Basket, into: Basket | None, *, into_ref: str) -> Decision[Basket, Basket | None]:
    """Move the lines of a patient who turned out to be another to that one's basket (S65)."""
    if not old.lines:
        return old, into, []
    if into is None:
        return emptied(old), replace(old, patient_ref=into_ref), []
    last = into.last_line_no
    moved = tuple(
        replace(
            each,
            line_no=each.line_no + last,
            goes_with=each.goes_with + last if each.goes_with else None,
        )
        for each in old.lines
    )
    both = replace(into, lines=(*into.lines, *moved), last_line_no=last + old.last_line_no)
    return emptied(old), both, []


def _optional(line: Line, article: DeviceArticle) -> tuple[ChosenComponent, ...]:
    standard = {each.article_no for each in article.standard_components}
    return tuple(each for each in line.components if each.article_no not in standard)


def _refuse_loose(basket: Basket, line: Line) -> None:
    others = {each.line_no for each in basket.lines} - {line.line_no}
    if line.goes_with is not None and line.goes_with not in others:
        raise GoesWithNothing(line=line.line_no)
