"""The classes of ISO 9999: codes of 2, 4 and 6 digits, each below another (S168)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

LEVELS = (2, 4, 6)
_CODE = re.compile(r"[0-9]{2}(?:[ .-]?[0-9]{2}){0,2}")


class NotAClass(Refused):
    """The text is no code of a class."""

    rule = "not-a-class"
    sentence = Sentence(
        "Skriv ISO-koden med två, fyra eller sex siffror, till exempel 04, 0403 eller 040312.",
        "Write the ISO code with two, four or six digits, such as 04, 0403 or 040312.",
    )


@dataclass(frozen=True)
class Classes:
    """Short titles of an edition of the standard; a class that has none is shown by its code alone."""

    edition: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_of(self, code: str) -> str | None:
        """Give the title of a class; None for a code of the region's own, or one that nobody wrote down."""
        return self.titles.get(code)


def class_code(text: str) -> str:
    """Read a code as people write it, `04 03 12`; raises NotAClass."""
    written = typed(text)
    if not _CODE.fullmatch(written) or not written.isascii():
        raise NotAClass
    return re.sub("[^0-9]", "", written)


def above(code: str) -> tuple[str, ...]:
    """List the classes that a code lies in, the widest first and its own last."""
    return tuple(code[:level] for level in LEVELS if level <= len(code))
