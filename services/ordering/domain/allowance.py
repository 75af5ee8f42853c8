"""A patient's allowance: what may be withdrawn, what is used, and which articles are on their way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.ordering.domain.flavours import Split
from services.ordering.domain.person import Person, PersonNotKnownYet
from shared.domain.decision import Addressed, Decision, NotFound, Refused, Sentence
from shared.events.fact import Open
from shared.events.values import PayerKind

LineState = Literal["active", "annulled", "expired", "used_up"]


class AnnulledLine(Refused):
    """The prescriber annulled the line (S26, Q21)."""

    rule = "line-annulled"
    sentence = Sentence(
        "Raden är makulerad av förskrivaren. Ta bort den ur uttaget, eller fråga förskrivaren.",
        "The prescriber annulled the line. Take it out of the withdrawal, or ask the prescriber.",
    )


class ExpiredLine(Refused):
    """The line is older than 365 days (S16, S24, Q4)."""

    rule = "line-expired"
    sentence = Sentence(
        "Förskrivningen har gått ut. Be förskrivaren om en ny.",
        "The prescription has expired. Ask the prescriber for a new one.",
    )


class UsedUpLine(Refused):
    """All withdrawals of the line have been made (S24)."""

    rule = "line-used-up"
    sentence = Sentence(
        "Alla uttag på raden är gjorda. Be förskrivaren om en ny förskrivning.",
        "All withdrawals of the line have been made. Ask the prescriber for a new prescription.",
    )


MOST_GIVEN_BACK = 50


class GivenBackTooOften(Refused):
    """The line was ordered and annulled so often that its lists of withdrawals only grow (Q9)."""

    rule = "line-given-back-too-often"
    sentence = Sentence(
        f"Raden har beställts och makulerats {MOST_GIVEN_BACK} gånger. "
        "Be förskrivaren om en ny förskrivning.",
        f"The line has been ordered and annulled {MOST_GIVEN_BACK} times. "
        "Ask the prescriber for a new prescription.",
    )


class ArticleOnTheWay(Refused):
    """The article is already ordered and has not arrived (S47, Q11)."""

    rule = "article-on-the-way"
    sentence = Addressed(
        "Artikeln är redan beställd och på väg. Vänta tills den är levererad; "
        "kundservice kan gå förbi spärren om det finns skäl.",
        "The article is already ordered and on its way. Wait until it is delivered; "
        "customer service can pass the block with a reason.",
        to_customer_service=Sentence(
            "Artikeln är redan beställd och på väg. "
            "Vänta tills den är levererad, eller gå förbi spärren om det finns skäl.",
            "The article is already ordered and on its way. "
            "Wait until it is delivered, or pass the block if there is a reason.",
        ),
        to_citizen=Sentence(
            "Artikeln är redan beställd och på väg. Vänta tills den är levererad, eller ring kundservice.",
            "The article is already ordered and on its way. "
            "Wait until it is delivered, or call customer service.",
        ),
    )


@dataclass(frozen=True)
class Line:
    """A prescribed line; each withdrawal uses it once, whatever its packages (Q9)."""

    line_id: str
    prescription_no: str
    article_no: str
    packages: int
    """Packages that one withdrawal gives at most."""
    days: int
    withdrawals: int
    valid_through: date
    prescription_type: str
    product_area: str
    care_unit: str
    prescriber: str
    prescriber_employed_by_region: bool
    payer: Open[PayerKind]
    """Decided by prescription, and passed on as it came."""
    used_by: tuple[str, ...] = ()
    """The withdrawals that used the line: by number, so that nothing is counted or given back twice."""
    last_choice: Split = ()
    given_back: int = 0
    """How many withdrawals were given back to it."""

    @property
    def withdrawals_left(self) -> int:
        return max(self.withdrawals - len(self.used_by), 0)


@dataclass(frozen=True)
class OnTheWay:
    """A prescribed article that one order carries."""

    article_no: str
    line_id: str
    withdrawal_no: str
    order_no: str
    expected_on: date | None = None


@dataclass(frozen=True)
class Allowance:
    """All that one patient may withdraw; two clerks at the same moment meet here (Q21)."""

    patient_ref: str
    person: Person | None = None
    lines: tuple[Line, ...] = ()
    annulled_lines: tuple[str, ...] = ()
    """Also of lines that are not known yet: facts come in any order."""
    expired_lines: tuple[str, ...] = ()
    on_the_way: tuple[OnTheWay, ...] = ()
    merged_into: str | None = None
    """The reference that took all of it over; nothing is kept here any more (S65)."""

    def held(self) -> "Allowance":
        """Give it to be written as it is: who changes the person now runs before or after (Q18)."""
        return replace(self)

    @property
    def known_person(self) -> Person:
        """Give the person; raises PersonNotKnownYet."""
        if self.person is None:
            raise PersonNotKnownYet
        return self.person

    def line(self, line_id: str) -> Line:
        """Find a line of this patient; raises NotFound."""
        found = next((line for line in self.lines if line.line_id == line_id), None)
        if found is None:
            raise NotFound("line", line_id)
        return found

    def state_of(self, line: Line, *, on: date) -> LineState:
        """Say what a line is that day, whether its end is known or not (S24, Q4)."""
        if line.line_id in self.annulled_lines:
            return "annulled"
        if on > line.valid_through or line.line_id in self.expired_lines:
            return "expired"
        return "active" if line.withdrawals_left else "used_up"

    def left_of(self, line: Line, *, on: date) -> int:
        """Count the withdrawals that can still be made: none of a line that has ended (S24)."""
        return line.withdrawals_left if self.state_of(line, on=on) == "active" else 0

    def blocks(self, article_no: str) -> tuple[OnTheWay, ...]:
        return tuple(each for each in self.on_the_way if each.article_no == article_no)


def against_line(allowance: Allowance, line: Line, *, passed: frozenset[str], on: date) -> Iterator[Refused]:
    """Say why a line cannot be withdrawn that day; `passed` articles have no block (S24, S47)."""
    if line.line_id in allowance.annulled_lines:
        yield AnnulledLine(line_id=line.line_id)
    if on > line.valid_through or line.line_id in allowance.expired_lines:
        yield ExpiredLine(line_id=line.line_id, valid_through=line.valid_through.isoformat())
    if line.withdrawals_left == 0:
        yield UsedUpLine(line_id=line.line_id, withdrawals=line.withdrawals)
    if line.given_back >= MOST_GIVEN_BACK:
        yield GivenBackTooOften(line_id=line.line_id)
    if line.article_no not in passed:
        for block in allowance.blocks(line.article_no)[:1]:
            # A day that has passed says nothing of when the goods come.
            day = block.expected_on
            expected = day.isoformat() if day and day >= on else None
            yield ArticleOnTheWay(
                line_id=line.line_id,
                article_no=line.article_no,
                order_no=block.order_no,
                next_possible=expected,
            )


def refuse_moved(allowance: Allowance) -> None:
    """Raise NotFound where another reference took everything over just now: it is asked again (S65)."""
    if allowance.merged_into:
        raise NotFound("allowance", allowance.merged_into)


def note_person(known: Allowance | None, *, patient_ref: str, person: Person) -> Decision[Allowance]:
    """Store the newest snapshot of a patient (decision 0007)."""
    allowance = known or Allowance(patient_ref)
    if allowance.merged_into:
        return allowance, []  # facts about the person come with the reference that is kept
    if allowance.person and allowance.person.version >= person.version:
        return allowance, []
    return replace(allowance, person=person), []


def note_lines(known: Allowance | None, *, patient_ref: str, lines: Iterable[Line]) -> Decision[Allowance]:
    """Open the lines of a prescription for withdrawals; lines that are known stay as they are (S22)."""
    allowance = known or Allowance(patient_ref)
    refuse_moved(allowance)
    before = {line.line_id for line in allowance.lines}
    new = tuple(line for line in lines if line.line_id not in before)
    return (replace(allowance, lines=allowance.lines + new) if new else allowance), []


def note_annulled(known: Allowance | None, *, patient_ref: str, line_id: str) -> Decision[Allowance]:
    """Close a line for every withdrawal sent from now on, also one that is not known yet (Q21)."""
    allowance = known or Allowance(patient_ref)
    refuse_moved(allowance)
    if line_id in allowance.annulled_lines:
        return allowance, []
    return replace(allowance, annulled_lines=(*allowance.annulled_lines, line_id)), []


def note_expired(known: Allowance | None, *, patient_ref: str, line_id: str) -> Decision[Allowance]:
    """Close a line that prescription ended for its age; used-up lines are counted here (Q21)."""
    allowance = known or Allowance(patient_ref)
    refuse_moved(allowance)
    if line_id in allowance.expired_lines:
        return allowance, []
    return replace(allowance, expired_lines=(*allowance.expired_lines, line_id)), []


def use(
    allowance: Allowance,
    *,
    chosen: Mapping[str, Split],
    withdrawal_no: str,
    orders: Mapping[str, Iterable[str]],
) -> Allowance:
    """Use one withdrawal of each chosen line, and block its article until it arrives (S45, S47).

    `orders` says which lines each order carries; a line may be in several (Q23).
    """
    lines = tuple(
        replace(line, used_by=(*line.used_by, withdrawal_no), last_choice=chosen[line.line_id])
        if line.line_id in chosen
        else line
        for line in allowance.lines
    )
    return carry(replace(allowance, lines=lines), withdrawal_no, orders=orders)


def carry(allowance: Allowance, withdrawal_no: str, *, orders: Mapping[str, Iterable[str]]) -> Allowance:
    """Block the articles of the lines that each order carries, until they arrive (S47)."""
    blocks = tuple(
        OnTheWay(allowance.line(line_id).article_no, line_id, withdrawal_no, order_no)
        for order_no, line_ids in orders.items()
        for line_id in line_ids
    )
    return replace(allowance, on_the_way=allowance.on_the_way + blocks)


def give_back(allowance: Allowance, *, line_ids: Iterable[str], withdrawal_no: str) -> Allowance:
    """Give exactly that withdrawal back to the lines (Q9)."""
    given = frozenset(line_ids)
    lines = tuple(_less(line, withdrawal_no) if line.line_id in given else line for line in allowance.lines)
    return replace(allowance, lines=lines)


def _less(line: Line, withdrawal_no: str) -> Line:
    left = tuple(each for each in line.used_by if each != withdrawal_no)
    return replace(line, used_by=left, given_back=line.given_back + (left != line.used_by))


def release(allowance: Allowance, *, order_no: str, line_ids: Iterable[str]) -> Allowance:
    """Free the articles of these lines from the order that carried them (S47)."""
    freed = frozenset(line_ids)
    kept = tuple(
        each for each in allowance.on_the_way if not (each.order_no == order_no and each.line_id in freed)
    )
    return replace(allowance, on_the_way=kept)


def expect(allowance: Allowance, *, order_no: str, days: Mapping[str, date]) -> Allowance:
    """Note when the distributor expects to deliver what is on its way."""
    blocks = tuple(
        replace(each, expected_on=days[each.line_id])
        if each.order_no == order_no and each.line_id in days
        else each
        for each in allowance.on_the_way
    )
    return replace(allowance, on_the_way=blocks)
