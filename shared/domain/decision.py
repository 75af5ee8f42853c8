"""What a rule answers: a new state with the facts to tell, or a refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVarTuple

from shared.events.fact import Fact

States = TypeVarTuple("States")

Decision = tuple[*States, Sequence[Fact]]
"""The new states, in the order the rule took them, and last the facts that became true."""


@dataclass(frozen=True)
class Sentence:
    """A sentence for people, in the two languages that we speak."""

    sv: str
    en: str

    def __add__(self, other: "Sentence") -> "Sentence":
        return Sentence(f"{self.sv} {other.sv}", f"{self.en} {other.en}")


class Refused(Exception):
    """A rule says no, with a stable code for machines and a sentence for people.

    Subclasses stand beside their rule and set `rule` (kebab-case) and `sentence`.
    `also` holds every further reason found in the same question (N1); `facts` what a machine may
    want to know, never anything personal.
    """

    rule: str = "refused"  # of the class, or of the row in the rule book that refuses
    sentence: ClassVar[Sentence] = Sentence("Det går inte.", "That is not possible.")

    def __init__(self, sentence: Sentence | None = None, **facts: str | int | None) -> None:
        self.said = sentence or self.sentence
        self.facts = facts
        self.also: tuple[Refused, ...] = ()
        super().__init__(self.rule, self.said.en)

    @property
    def reasons(self) -> "tuple[Refused, ...]":
        return (self, *self.also)


class NotFound(Exception):
    """What was asked for does not exist, or not for this person."""

    def __init__(self, what: str, which: str = "") -> None:
        self.what = what
        self.which = which
        super().__init__(what)


def refuse_any(reasons: Iterable[Refused]) -> None:
    """Raise the first reason with all the others behind it; do nothing when there is none."""
    found = tuple(reasons)
    if found:
        found[0].also = found[1:]
        raise found[0]
