"""A withdrawal: its content, its state and its history (S34, S49, S50)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.ordering.domain.channels import AskedBy, Channel
from services.ordering.domain.delivery import Delivery
from services.ordering.domain.flavours import Split
from services.ordering.domain.tasks import draft_waits, draft_waits_no_more
from services.ordering.domain.withdrawal_steps import What
from shared.domain.decision import Addressed, Decision, Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.events.fact import Open
from shared.events.fees import FeeDue, FeePriced
from shared.events.tasks import TaskResolved
from shared.events.values import PayerKind

State = Literal["new", "ordered", "delivered", "annulled"]
"""As it is kept: `annulled` is one of which nothing comes; `failure` says when nobody had asked for that."""
Failure = Literal["refused", "cancelled", "undeliverable"]
ShownState = State | Failure
STATES: dict[ShownState, Sentence] = {
    "new": Sentence("ny", "new"),
    "ordered": Sentence("beställd", "ordered"),
    "delivered": Sentence("levererad", "delivered"),
    "annulled": Sentence("makulerad", "annulled"),
    "refused": Sentence("avvisad av distributören", "refused by the distributor"),
    "cancelled": Sentence("inställd av distributören", "cancelled by the distributor"),
    "undeliverable": Sentence("kunde inte levereras", "could not be delivered"),
}
"""What people call the states (S49, Q31)."""

MOST_CHANGES = 50
"""Of a draft that is changed again and again the newest are in its history; the audit log has all."""


class AlreadySent(Refused):
    """The withdrawal is with the distributor, or is over."""

    rule = "already-sent"
    sentence = Addressed(
        "Uttaget är redan skickat till distributören och kan inte ändras här. Kontakta kundservice.",
        "The withdrawal is already with the distributor and cannot be changed. Contact customer service.",
        to_customer_service=Sentence(
            "Uttaget är redan skickat till distributören och kan inte ändras. Makulera det och gör ett nytt.",
            "The withdrawal is already sent to the distributor and cannot be changed. "
            "Annul it and make a new one.",
        ),
    )


class AlreadyAnnulled(Refused):
    """The draft was annulled."""

    rule = "already-annulled"
    sentence = Sentence(
        "Uttaget är makulerat. Gör ett nytt uttag.",
        "The withdrawal is annulled. Make a new withdrawal.",
    )


@dataclass(frozen=True)
class Item:
    """What is taken of one prescribed line."""

    line_id: str
    split: Split = ()
    substitution_allowed: bool = False
    """The patient takes an equivalent article when this one cannot be had (T11)."""


@dataclass(frozen=True)
class BlockPassed:
    """Customer service passed an article's open-order block, for a reason (S48)."""

    article_no: str
    reason: str
    by: str


@dataclass(frozen=True)
class Choice:
    """All that a person chooses in a withdrawal."""

    items: tuple[Item, ...]
    delivery: Delivery
    passed: tuple[BlockPassed, ...] = ()
    asked_by: AskedBy = "patient"

    @property
    def line_ids(self) -> tuple[str, ...]:
        return tuple(item.line_id for item in self.items)

    @property
    def passed_articles(self) -> frozenset[str]:
        return frozenset(each.article_no for each in self.passed)


@dataclass(frozen=True)
class Step:
    """Something that happened to the withdrawal: when, by whom and what (S49)."""

    at: datetime
    by: str
    """The signed-in person, or the distributor."""
    what: What
    note: str | None = None
    """A number, a code, or the reason that a person gave."""
    order_no: str | None = None
    """Which order it is about, where there may be several (Q23)."""
    article_no: str | None = None
    """Whose block was passed; steps from before have it in the note, as `article: reason`."""

    @property
    def passed(self) -> tuple[str, str]:
        """Give the article whose block was passed, and why (S48)."""
        if self.article_no is not None:
            return self.article_no, self.note or ""
        article_no, _, reason = (self.note or "").partition(": ")
        return article_no, reason


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal of one patient, from draft to delivery."""

    withdrawal_no: str
    patient_ref: str
    choice: Choice
    payer: Open[PayerKind]
    product_area: str
    care_units: tuple[str, ...]
    channel: Channel
    made_by: str
    made_at: datetime
    state: State = "new"
    sent_on: date | None = None
    order_nos: tuple[str, ...] = ()
    fees: tuple[FeePriced, ...] = ()
    given_back: tuple[str, ...] = ()
    """Lines that got this withdrawal back (Q9)."""
    credited: tuple[int, ...] = ()
    """Fees that are credited, by their number."""
    history: tuple[Step, ...] = ()
    maker_role: str = "customer_service"
    """On whose list an unsent draft stands (S50, N7)."""
    touched_at: datetime | None = None
    """When the draft was made or last changed."""
    is_reminded: bool = False
    passed_on: date | None = None
    """The day customer service sent it past an open-order block (S48)."""
    failure: Failure | None = None
    """Why nothing came, when nobody asked for that (Q31)."""
    revision: int = 0
    """How many times its fees were priced again by what comes (Q32)."""
    due: tuple[FeeDue, ...] = ()
    """What the fees came to the last time; empty while they are as they were sent."""
    made_by_name: str | None = None
    """Of somebody at work, as it was then (Q38); None of a citizen, and of older withdrawals."""
    ordered_again_as: str | None = None
    """The withdrawal that orders again what never came (Q31)."""

    @property
    def shown_state(self) -> ShownState:
        """Give the state as people read it: what nobody annulled is not called annulled (Q31)."""
        return self.failure if self.failure and self.state == "annulled" else self.state

    @property
    def named_ref(self) -> str | None:
        """Name the patient for a task: a protected person is not named, not even by reference (Q18)."""
        return None if any(step.what == "protected" for step in self.history) else self.patient_ref

    def due_of(self, fee: FeePriced) -> Money:
        """Give what a fee comes to now: nothing when it is credited, less when less came (Q9, Q32)."""
        if fee.fee_no in self.credited:
            return NOTHING
        return next((Money(each.amount) for each in self.due if each.fee_no == fee.fee_no), Money(fee.amount))

    def noting(self, *steps: Step) -> "Withdrawal":
        """Add steps; of the changes of a draft the newest stay (S49)."""
        history = self.history + steps
        older = [each for each in history if each.what == "changed"][:-MOST_CHANGES]
        return replace(self, history=tuple(each for each in history if each not in older))

    def without_door_code(self) -> "Withdrawal":
        """Forget the door code, which nobody needs once the order is over (formats.md section 1)."""
        delivery = replace(self.choice.delivery, door_code=None)
        return replace(self, choice=replace(self.choice, delivery=delivery))

    def giving_back(self, line_ids: tuple[str, ...]) -> tuple["Withdrawal", tuple[int, ...]]:
        """Give lines back, and name the fees of which nothing comes any more (Q9)."""
        given = tuple(dict.fromkeys(self.given_back + line_ids))
        due = tuple(
            fee.fee_no
            for fee in self.fees
            if fee.fee_no not in self.credited and set(fee.line_ids) <= set(given)
        )
        return replace(self, given_back=given, credited=self.credited + due), due


def refuse_unless_draft(withdrawal: Withdrawal) -> None:
    """Raise AlreadyAnnulled or AlreadySent when the withdrawal is no draft any more (S50)."""
    if withdrawal.state == "annulled":
        raise AlreadyAnnulled(withdrawal_no=withdrawal.withdrawal_no)
    if withdrawal.state != "new":
        raise AlreadySent(withdrawal_no=withdrawal.withdrawal_no, order_no=withdrawal.order_nos[0])


def remind(withdrawal: Withdrawal, *, before: datetime) -> Decision[Withdrawal]:
    """Raise a task for a draft that nobody has touched since then; once (S50, N7)."""
    touched = withdrawal.touched_at
    if withdrawal.state != "new" or withdrawal.is_reminded or touched is None or touched > before:
        return withdrawal, []
    # Of several units the first one is asked; a citizen's draft is on customer service's list.
    unit = withdrawal.care_units[0] if withdrawal.channel == "care_unit" else None
    # Drafts from before stand on the list of prescribers, one of whom may have prescribed the lines (Q7).
    role = "order_placer" if withdrawal.maker_role == "prescriber" else withdrawal.maker_role
    task = draft_waits(withdrawal.withdrawal_no, role=role, unit=unit, patient_ref=withdrawal.patient_ref)
    return replace(withdrawal, is_reminded=True), [task]


def no_longer_waiting(withdrawal: Withdrawal) -> list[TaskResolved]:
    """End the task of a draft that is sent or annulled now, where there is one (N7)."""
    return [draft_waits_no_more(withdrawal.withdrawal_no)] if withdrawal.is_reminded else []


def forgetting_whereto(withdrawal: Withdrawal) -> Withdrawal:
    """Forget who was to get the goods, and where (Q18)."""
    delivery = replace(
        withdrawal.choice.delivery,
        recipient=None,
        address=None,
        notice_to=None,
        door_code=None,
        instructions=None,
        pickup_point=None,
        kept_address=None,
        kept_label=None,
    )
    return replace(withdrawal, choice=replace(withdrawal.choice, delivery=delivery))


def annul_draft(
    withdrawal: Withdrawal, *, by: str, at: datetime, note: str | None = None
) -> Decision[Withdrawal]:
    """Annul what was never sent, and forget where it would have gone; raises AlreadySent, AlreadyAnnulled."""
    refuse_unless_draft(withdrawal)
    annulled = replace(forgetting_whereto(withdrawal), state="annulled")
    return annulled.noting(Step(at, by, "annulled", note)), no_longer_waiting(withdrawal)
