"""Numbers for people, such as U2026-000077-7: typed, unique, with a check digit (Q16)."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

Kind = Literal["F", "U", "B", "H", "R", "P", "A", "E", "Y"]
"""F prescription, U withdrawal, B order, H collection order, R return, P replenishment, A maintenance job,
E report of a loss and its compensation, Y maintenance swap. A new kind stands last: the check digit
counts the place."""

KINDS: tuple[Kind, ...] = get_args(Kind)
_FORM = re.compile(r"([FUBHRPAEY])([0-9]{4})-([0-9]{6}|[1-9][0-9]{6,11})-([0-9])")
_TYPED = re.compile(r"([FUBHRPAEY])([0-9]{4})([0-9]{6}|[1-9][0-9]{6,11})([0-9])")
"""The same with neither blanks nor dashes."""


EXAMPLE = "U2026-000123-9"


class NotANumber(Refused):
    """The text is no number of ours, or has a slip of the pen in it."""

    rule = "not-a-number"
    sentence = Sentence(
        f"Numret stämmer inte. Ett nummer ser ut som {EXAMPLE}; kontrollera varje tecken.",
        f"The number is not right. A number looks like {EXAMPLE}; check every character.",
    )


class AnotherKindOfNumber(Refused):
    """The number is whole, but names a thing of another kind."""

    rule = "another-kind-of-number"
    sentence = Sentence(
        "Numret gäller något annat. Första bokstaven visar vad: F förskrivning, U uttag, B beställning.",
        "The number is for something else. Its letter shows what: F prescription, U withdrawal, B order.",
    )


@dataclass(frozen=True)
class Number:
    """The parts of a number; its text is the number itself."""

    kind: Kind
    year: int
    running: int

    def __str__(self) -> str:
        return number(self.kind, year=self.year, running=self.running)


def number(kind: Kind, *, year: int, running: int) -> str:
    """Write a number such as U2026-000123-9 (Q16)."""
    if len(str(year)) != len("2026") or running < 0:
        raise ValueError(f"no number for year {year} and running number {running}")
    digits = f"{year}{running:06d}"
    return f"{kind}{year}-{running:06d}-{_check_digit(kind, digits)}"


def read(text: str, kinds: tuple[Kind, ...]) -> str:
    """Give a number of one of some kinds as we write it, however it was typed (Q16).

    Raises NotANumber and AnotherKindOfNumber.
    """
    example = number(kinds[0], year=2026, running=123)
    try:
        found = parse(text)
    except NotANumber as unreadable:
        raise unlike(example) from unreadable
    if found.kind not in kinds:
        sentence = AnotherKindOfNumber.sentence + Sentence(
            f"Här behövs ett som {example}.", f"One like {example} is needed here."
        )
        raise AnotherKindOfNumber(sentence, expected=" ".join(kinds), found=found.kind)
    return str(found)


def unlike(example: str) -> NotANumber:
    """Say that a text is no number like an example of the kind that is asked for (Q16)."""
    known = NotANumber.sentence
    return NotANumber(Sentence(known.sv.replace(EXAMPLE, example), known.en.replace(EXAMPLE, example)))


def parse(text: str, *, kind: Kind | None = None) -> Number:
    """Read a number that a person typed or pasted: in lower case, with blanks or any dash, or without (Q16).

    Raises NotANumber and AnotherKindOfNumber.
    """
    found = _TYPED.fullmatch(re.sub("[ -]", "", typed(text.strip())).upper())
    if found is None:
        raise NotANumber
    read = Number(_kind(found[1]), int(found[2]), int(found[3]))
    if found[4] != _check_digit(read.kind, found[2] + found[3]):
        raise NotANumber
    if kind is not None and read.kind != kind:
        raise AnotherKindOfNumber(expected=kind, found=read.kind)
    return read


def is_number(text: str, kind: Kind) -> bool:
    """Tell whether the text is, character by character, a number of that kind."""
    found = _FORM.fullmatch(text)
    return found is not None and found[1] == kind and found[4] == _check_digit(kind, found[2] + found[3])


def _kind(letter: str) -> Kind:
    return next(kind for kind in KINDS if kind == letter)


def _check_digit(kind: Kind, digits: str) -> str:
    # The kind counts as a digit of its own, so that U and B with the same digits have different check digits.
    reversed_digits = [int(each) for each in reversed(f"{KINDS.index(kind) + 1}{digits}")]
    doubled = sum(sum(divmod(2 * each, 10)) for each in reversed_digits[0::2])
    return str(-(doubled + sum(reversed_digits[1::2])) % 10)
