"""Tables as pages show them: each cell a text, perhaps with a link, a badge and something quiet beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_MOMENT = 20


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table."""

    text: str = ""
    to: str = ""
    note: str = ""
    badge: str = ""
    kind: str = "default"
    """How the badge looks; what it means stands in its word."""
    is_tight: bool = False
    """A number, a day or a moment, which no line break may cut."""


@dataclass(frozen=True)
class Table:
    """Rows under their heads; on a narrow page each row is a card whose cells repeat the heads."""

    caption: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    empty: str
    amounts: frozenset[int] = frozenset()
    """Columns of numbers, by their place."""
    sorts: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Columns that the list can be sorted by: the address that does it, and how it is sorted by it now."""


def cell(
    text: object = None, to: str = "", *, note: object = "", badge: str = "", kind: str = "default"
) -> Cell:
    """Write what is shown; nothing for what is missing."""
    said = written(text)
    is_tight = " " not in said or (said[:1].isdigit() and len(said) < LONGEST_MOMENT)
    return Cell(said, to, written(note), badge, kind, is_tight)


def written(value: object) -> str:
    return "" if value is None else str(value)
