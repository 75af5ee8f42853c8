"""Numbers of lots and pieces, as makers print them: compared without case and blanks (T18)."""

import re

from shared.domain.code import PersonsNumber, is_persons
from shared.domain.text import single_line, typed

_WRITTEN_AS_PERSONS = re.compile("[0-9]{6}(?:[0-9]{2})?[-+][0-9]{4}")
"""Makers print so many figures too, but without this dash."""


def piece_number(text: str) -> str:
    """Give a lot or serial number in its one form: upper case, one kind of dash, no blanks.

    Raises NotOneLine.
    """
    return "".join(single_line(typed(text)).split()).upper()


def new_piece_number(text: str) -> str:
    """Give the number of a lot or piece that comes, in its one form; raises NotOneLine and PersonsNumber."""
    found = piece_number(text)
    if _WRITTEN_AS_PERSONS.fullmatch(found) and is_persons(found):
        raise PersonsNumber
    return found


def same_piece_number(one: str, other: str) -> bool:
    """Tell whether two are one number; a version before kept them as they were typed."""
    return one == other or _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(typed(text).split()).upper()
