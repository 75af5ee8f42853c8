"""The result of a rule: a new state with the facts to publish, or a refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVarTuple, get_args

from shared.events.fact import Fact

States = TypeVarTuple("States")

Decision = tuple[*States, Sequence[Fact]]
"""The new states, in the order the rule took them, and last the facts that became true."""


Reader = Literal["staff", "customer_service", "citizen"]
"""Who reads a sentence, as far as it matters for what to do next."""
READERS: tuple[Reader, ...] = get_args(Reader)


@dataclass(frozen=True)
class Sentence:
    """A sentence for people, in the two languages that we speak."""

    sv: str
    en: str

    def to(self, reader: Reader) -> "Sentence":  # noqa: ARG002  everybody reads the same
        """Give the sentence for this reader."""
        return self

    def __add__(self, other: "Sentence") -> "Sentence":
        joined = {each: self.to(each).followed_by(other.to(each)) for each in READERS}
        everybody = self.followed_by(other)
        if all(each == everybody for each in joined.values()):
            return everybody
        return Addressed(everybody.sv, everybody.en, joined["customer_service"], joined["citizen"])

    def followed_by(self, other: "Sentence") -> "Sentence":
        """Say one after the other; either may be empty."""
        return Sentence(f"{self.sv} {other.sv}".strip(), f"{self.en} {other.en}".strip())


@dataclass(frozen=True)
class Addressed(Sentence):
    """A sentence with other words for customer service or a citizen: nobody is sent to oneself."""

    to_customer_service: Sentence | None = None
    to_citizen: Sentence | None = None

    def to(self, reader: Reader) -> Sentence:
        """Give the sentence for this reader."""
        instead = {"customer_service": self.to_customer_service, "citizen": self.to_citizen, "staff": None}
        return instead[reader] or Sentence(self.sv, self.en)


ABOUT: dict[str, Sentence] = {
    "line_id": Sentence("rad", "line"),
    "line": Sentence("rad", "line"),
    "article_no": Sentence("artikel", "article"),
    "order_no": Sentence("beställning", "order"),
    "withdrawal_no": Sentence("uttag", "withdrawal"),
}
"""What a refusal is about, by the fact that names it: people read of several at once which is meant."""


class Refused(Exception):
    """A rule says no, with a stable code for machines and a sentence for people.

    Subclasses stand beside their rule and set `rule` (kebab-case) and `sentence`.
    `also` holds every further reason found in the same question (N1); `facts` what a machine may
    want to know, never anything personal.
    """

    rule: str = "refused"  # of the class, or of the row in the rule book that refuses
    witnessed: bool = False
    """Whether the audit log has a row of it already."""
    names_it: ClassVar[bool] = True
    """Whether the sentence begins with what it is about; False where it says that itself."""
    sentence: ClassVar[Sentence] = Sentence("Det går inte.", "That is not possible.")

    def __init__(self, sentence: Sentence | None = None, **facts: str | int | None) -> None:
        self.facts = facts
        self.also: tuple[Refused, ...] = ()
        self._says = sentence or self.sentence
        super().__init__(self.rule, self._says.en)

    @property
    def said(self) -> Sentence:
        """Give the sentence, with the line, article, order or withdrawal that it is about before it."""
        about = self._about() if self.names_it else Sentence("", "")
        return about + self._says

    def _about(self) -> Sentence:
        known = [name for name in ABOUT if self.facts.get(name) is not None]
        if "line_id" in known and "line" in known:
            known.remove("line")  # its place, of a line that has a number
        sv = ", ".join(f"{ABOUT[name].sv} {self.facts[name]}" for name in known)
        en = ", ".join(f"{ABOUT[name].en} {self.facts[name]}" for name in known)
        return (
            Sentence(f"{sv[0].upper()}{sv[1:]}:", f"{en[0].upper()}{en[1:]}:") if known else Sentence("", "")
        )

    @property
    def reasons(self) -> "tuple[Refused, ...]":
        return (self, *self.also)


class NotFound(Exception):
    """What was asked for does not exist, or not for this person; then `patient_refs` says whose it is."""

    witnessed: bool = False
    """Whether the audit log has a row of it already."""

    def __init__(self, what: str, which: str = "", *, patient_refs: tuple[str, ...] = ()) -> None:
        self.what = what
        self.which = which
        self.patient_refs = patient_refs
        super().__init__(what)


def refuse_any(reasons: Iterable[Refused]) -> None:
    """Raise the first reason with all the others behind it; do nothing when there is none."""
    found = tuple(reasons)
    if found:
        found[0].also = found[1:]
        raise found[0]
