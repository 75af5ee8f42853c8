"""Response bodies about withdrawals; nothing else of a withdrawal is shown."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from services.ordering.api.delivery_views import DeliveryView, delivery_shown
from services.ordering.api.fee_views import FeeView, fees_shown, total_of
from services.ordering.domain.delivery import Delivery
from services.ordering.domain.dialogue.what_came import missing
from services.ordering.domain.flavours import Split
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import STATES, Choice, Item, Step, Withdrawal
from services.ordering.domain.withdrawal_steps import STEPS, What
from shared.domain.decision import Refused
from shared.domain.reasons import in_words
from shared.http import Language, Preview, Reason, View
from shared.http.language import said

NOTED_BY_CODE: frozenset[What] = frozenset({"refused", "cancelled", "undeliverable", "annulment_too_late"})


class ShareView(View):
    """So many packages of one flavour."""

    article_no: str
    packages: int


class ItemView(View):
    """What is taken of one prescribed line."""

    line_id: str
    split: list[ShareView]
    substitution_allowed: bool


class StepView(View):
    """A step of the history: when, by whom and what (S49)."""

    at: datetime
    by: str
    what: str
    what_text: str
    """What people call the step."""
    note: str | None
    note_text: str | None
    """The note in words, where it is a distributor's code (Q31)."""
    order_no: str | None
    article_no: str | None
    """Whose block was passed, as the note says too."""


class OverrideView(View):
    """A block that customer service passed (S48)."""

    article_no: str
    reason: str
    by: str


class OrderBrief(View):
    """How far an order of the withdrawal has come."""

    order_no: str
    distributor: str
    state: str
    state_text: str
    why: str | None
    """In words, why nothing more comes, as the distributor says (Q31)."""
    annulment: Literal["asked", "too_late"] | None
    """What came of asking the distributor to stop it: while asked, the order is neither (Q22)."""


class WithdrawalKept(View):
    """The draft as it is kept: nothing personal stands in a kept answer."""

    withdrawal_no: str
    patient_ref: str
    state: str
    state_text: str
    items: list[ItemView]

    @classmethod
    def of(cls, withdrawal: Withdrawal, language: Language) -> "WithdrawalKept":
        return cls(
            withdrawal_no=withdrawal.withdrawal_no,
            patient_ref=withdrawal.patient_ref,
            state=withdrawal.shown_state,
            state_text=said(STATES[withdrawal.shown_state], language),
            items=items_of(withdrawal.choice),
        )


class AnnulmentKept(WithdrawalKept):
    """What came of annulling: a draft is gone at once, an order waits for its distributor (Q22)."""

    orders: list[OrderBrief]

    @classmethod
    def with_orders(
        cls, withdrawal: Withdrawal, _: object, orders: Iterable[Order], *, language: Language
    ) -> "AnnulmentKept":
        kept = WithdrawalKept.of(withdrawal, language).model_dump()
        return cls(**kept, orders=[_brief(each, language) for each in orders])


class WithdrawalView(WithdrawalKept):
    """A withdrawal with its steps (S49)."""

    payer: str
    channel: str
    asked_by: str
    made_by: str
    made_at: datetime
    sent_on: date | None
    orders: list[OrderBrief]
    fees: list[FeeView]
    total: str | None
    """What its fees come to now; None while it was never sent: nobody has priced it."""
    given_back: list[str]
    lacking: list[ItemView]
    """What was ordered and will not come: the rest may be ordered (Q32)."""
    ordered_again_as: str | None
    """The withdrawal that orders again what never came (Q31)."""
    overrides: list[OverrideView]
    history: list[StepView]
    delivery: DeliveryView | None = None
    """Shown when one withdrawal is opened, not in lists."""

    @classmethod
    def whole(
        cls, withdrawal: Withdrawal, *, orders: Sequence[Order], language: Language, delivery: Delivery | None
    ) -> "WithdrawalView":
        return cls(
            **WithdrawalKept.of(withdrawal, language).model_dump(),
            payer=withdrawal.payer,
            channel=withdrawal.channel,
            asked_by=withdrawal.choice.asked_by,
            made_by=withdrawal.made_by,
            made_at=withdrawal.made_at,
            sent_on=withdrawal.sent_on,
            orders=[_brief(each, language) for each in orders],
            fees=fees_shown(withdrawal.fees, language, due_of=withdrawal.due_of),
            total=total_of(withdrawal.fees, due_of=withdrawal.due_of) if withdrawal.sent_on else None,
            given_back=list(withdrawal.given_back),
            lacking=[item_shown(each) for each in missing(withdrawal, orders)] if withdrawal.sent_on else [],
            ordered_again_as=withdrawal.ordered_again_as,
            overrides=[
                OverrideView(article_no=each.article_no, reason=each.reason, by=each.by)
                for each in withdrawal.choice.passed
            ],
            history=[_step(each, language) for each in withdrawal.history],
            delivery=delivery_shown(delivery) if delivery else None,
        )


class Confirmation(View):
    """What the person sees when the order is on its way to the distributor (S45)."""

    withdrawal_no: str
    order_nos: list[str]
    state: str
    state_text: str
    sent_on: date
    fees: list[FeeView]
    total: str
    receiver: str
    recipient: str | None = None
    """Added at the door: nothing personal stands in a kept answer."""
    delivery_kind: str
    delivery_rule: str
    notice: str
    keep_address: bool
    """The address is published, to be offered next time (S42)."""

    @classmethod
    def of(cls, withdrawal: Withdrawal, *, on: date, language: Language) -> "Confirmation":
        delivery = withdrawal.choice.delivery
        return cls(
            withdrawal_no=withdrawal.withdrawal_no,
            order_nos=list(withdrawal.order_nos),
            state=withdrawal.shown_state,
            state_text=said(STATES[withdrawal.shown_state], language),
            sent_on=on,
            fees=fees_shown(withdrawal.fees, language, due_of=withdrawal.due_of),
            total=total_of(withdrawal.fees, due_of=withdrawal.due_of),
            receiver=delivery.receiver,
            delivery_kind=delivery.kind,
            delivery_rule=delivery.rule,
            notice=delivery.notice,
            keep_address=delivery.keep_address,
        )


class LineLeft(View):
    """What is left of a line, and when it can be withdrawn next (N1)."""

    line_id: str
    article_no: str
    packages: int
    withdrawals_left: int
    valid_through: date
    split: list[ShareView]
    on_the_way_in: str | None
    next_possible_on: date | None


class WithdrawalPreview(Preview):
    """What sending would give: every reason, the fees and what is left (N1)."""

    fees: list[FeeView]
    total: str | None
    """None when it cannot be priced: the reasons say why."""
    lines: list[LineLeft]
    next_possible_on: date | None
    """Today when nothing speaks against; None when nobody can say."""
    delivery: DeliveryView


def reasons_shown(refusals: Iterable[Refused], language: Language) -> list[Reason]:
    return [Reason(rule=each.rule, detail=said(each.said, language), facts=each.facts) for each in refusals]


def items_of(choice: Choice) -> list[ItemView]:
    return [item_shown(each) for each in choice.items]


def item_shown(item: Item) -> ItemView:
    return ItemView(
        line_id=item.line_id,
        split=split_shown(item.split),
        substitution_allowed=item.substitution_allowed,
    )


def split_shown(split: Split) -> list[ShareView]:
    return [ShareView(article_no=each.article_no, packages=each.packages) for each in split]


def _brief(order: Order, language: Language) -> OrderBrief:
    return OrderBrief(
        order_no=order.order_no,
        distributor=order.distributor,
        state=order.state,
        state_text=said(order.said_state, language),
        why=said(in_words(order.over_code), language) if order.over_code else None,
        annulment=order.cancelling,
    )


def _step(step: Step, language: Language) -> StepView:
    is_code = step.note is not None and step.what in NOTED_BY_CODE
    article_no, note = step.article_no, step.note
    if step.what == "block_passed":
        article_no, reason = step.passed
        note = f"{article_no}: {reason}"
    return StepView(
        at=step.at,
        by=step.by,
        what=step.what,
        what_text=said(STEPS[step.what], language),
        note=note,
        note_text=said(in_words(note or ""), language) if is_code else note,
        order_no=step.order_no,
        article_no=article_no,
    )
