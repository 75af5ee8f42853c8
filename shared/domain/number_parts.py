"""Finds numbers by a part of them: all that contain it can be named, so it takes no index of parts (S124)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from shared.domain.decision import Refused, Sentence
from shared.domain.numbers import AnotherKindOfNumber, Kind, NotANumber, number, parse
from shared.domain.text import typed

SHORTEST_PART = 4
RUNNING = 6
"""Figures of a running number; a longer one is found by its beginning, or whole."""
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_PART = re.compile(r"([A-Z]?)([0-9]*)")


class PartTooShort(Refused):
    """So little of a number is in almost every number."""

    rule = "part-of-number-too-short"
    sentence = Sentence(
        f"Skriv minst {SHORTEST_PART} tecken av numret, till exempel 0077.",
        f"Write at least {SHORTEST_PART} characters of the number, such as 0077.",
    )


@dataclass(frozen=True)
class NumbersLike:
    """All numbers that contain a part: some by name, the others by how they begin."""

    numbers: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()


def numbers_like(text: str, *, kinds: Sequence[Kind], years: Iterable[int]) -> NumbersLike:
    """Name the numbers of some kinds and years that contain what a person typed or pasted (S124).

    A whole number, and a beginning with its letter, is found of every year. Raises PartTooShort, NotANumber
    for what is in no number, and AnotherKindOfNumber.
    """
    compact = re.sub("[ -]", "", typed(text.strip())).upper()
    found = _PART.fullmatch(compact)
    if found is None:
        raise NotANumber
    if len(compact) < SHORTEST_PART:
        raise PartTooShort
    letter, figures = found[1], found[2]
    if letter and letter not in kinds:
        raise AnotherKindOfNumber(expected=" ".join(kinds), found=letter)
    if letter:
        return _beginning(compact, letter, figures)
    return _joined(_anywhere(figures, kind, year) for kind in kinds for year in years)


def _beginning(compact: str, letter: str, figures: str) -> NumbersLike:
    try:
        return NumbersLike((str(parse(compact)),))
    except NotANumber:
        if len(figures) > len("2026") + RUNNING and figures[len("2026")] == "0":
            raise  # a whole number with a slip in it: a running number of so many figures begins with no 0
        return NumbersLike((), tuple(_written(letter, figures[:4], figures[4:])))


def _anywhere(figures: str, kind: Kind, year: int) -> NumbersLike:
    text = str(year)
    rest = [figures[len(text) - at :] for at in range(len(text)) if figures.startswith(text[at:])]
    beginnings = tuple(each for part in rest for each in _written(kind, text, part))
    return NumbersLike(tuple(_with_running(figures, kind, year)), beginnings)


def _written(kind: str, year: str, rest: str) -> Iterator[str]:
    """Write a beginning as numbers are; the last figure may be the check digit."""
    yield f"{kind}{year}-{rest}" if rest else f"{kind}{year}"
    if len(rest) > RUNNING:
        yield f"{kind}{year}-{rest[:-1]}-{rest[-1]}"


def _with_running(part: str, kind: Kind, year: int) -> Iterator[str]:
    zero = int(number(kind, year=year, running=0)[-1])
    for running, wanted in _runnings(part):
        check = str((zero - _weight(running)) % 10)
        if wanted in ("", check):
            yield f"{kind}{year}-{running}-{check}"


def _runnings(part: str) -> Iterator[tuple[str, str]]:
    """Give each running number in which the part is, and the check digit when that is in the part too."""
    found = set()
    for before in range(RUNNING + 1 - len(part) + 1):
        after = RUNNING - before - len(part)
        inside, check = (part, "") if after >= 0 else (part[:-1], part[-1])
        for some in product("0123456789", repeat=before + max(after, 0)):
            known = "".join(some)
            found.add((known[:before] + inside + known[before:], check))
    return iter(sorted(found))


def _weight(running: str) -> int:
    """Give what the figures add to the sum of the check digit, from the last one on."""
    figures = [int(each) for each in reversed(running)]
    return sum(DOUBLED[each] for each in figures[0::2]) + sum(figures[1::2])


def _joined(found: Iterable[NumbersLike]) -> NumbersLike:
    each = tuple(found)
    return NumbersLike(
        tuple(dict.fromkeys(no for some in each for no in some.numbers)),
        tuple(dict.fromkeys(no for some in each for no in some.beginnings)),
    )
