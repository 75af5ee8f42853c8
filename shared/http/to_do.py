"""What waits for a person, in boxes: so many, the first of them, and where the rest is listed (S155)."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from shared.domain.decision import Sentence
from shared.http.language import Language, said
from shared.http.models import View
from shared.repository import Page

State = TypeVar("State")
FIRST_ROWS = 5


class ToDoRow(View):
    """One thing to do, in words; it names no patient."""

    number: str
    what: str
    where: str
    since: date | None


class ToDoBox(View):
    """Things of one kind to do."""

    box: str
    title: str
    count: int
    more: bool
    """There are more than were counted: the list goes on."""
    listed_by: str
    """The door that lists all of them, with a cursor."""
    rows: list[ToDoRow]
    """The first ones."""


def box(
    name: str,
    title: Sentence,
    page: Page[State],
    rows: Iterable[ToDoRow],
    *,
    listed_by: str,
    language: Language,
) -> ToDoBox:
    """Put together a box from the first page of its list."""
    return ToDoBox(
        box=name,
        title=said(title, language),
        count=len(page.states),
        more=page.next is not None,
        listed_by=listed_by,
        rows=list(islice(rows, FIRST_ROWS)),
    )


def first_of(states: Sequence[State]) -> Sequence[State]:
    """Give those that are shown in a box: only their names are read."""
    return states[:FIRST_ROWS]
