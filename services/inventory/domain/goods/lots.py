"""Numbers of lots and pieces, as makers print them: compared without case and blanks (T18)."""

from shared.domain.text import single_line, typed


def piece_number(text: str) -> str:
    """Give a lot or serial number in its one form: upper case, one kind of dash, no blanks.

    Raises NotOneLine.
    """
    return "".join(single_line(typed(text)).split()).upper()


def same_piece_number(one: str, other: str) -> bool:
    """Tell whether two are one number; a version before kept them as they were typed."""
    return one == other or _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(typed(text).split()).upper()
