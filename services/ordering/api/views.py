"""What ordering shows of withdrawals: only what is listed here leaves."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from services.ordering.domain.delivery import Delivery
from services.ordering.domain.flavours import Split
from services.ordering.domain.order import STATES as ORDER_STATES
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import STATES, Choice, Step, Withdrawal
from shared.domain.decision import Refused, Sentence
from shared.domain.money import NOTHING, Money
from shared.events.ordering import FeePriced
from shared.http import Language, Preview, Reason, View
from shared.http.language import said

RULES_OF_FEES: dict[str, Sentence] = {
    "asylum": Sentence(
        "Asylsökande och papperslösa: samma avgift för varje uttag.",
        "Asylum seekers and undocumented people: the same fee for every withdrawal.",
    ),
    "under16": Sentence(
        "Under 16 år: samma avgift för varje uttag, dock högst vad varorna kostar.",
        "Under 16: the same fee for every withdrawal, but never more than the goods cost.",
    ),
    "type": Sentence("Avgift per uttag för förskrivningstypen.", "Fee per withdrawal of the type."),
    "product": Sentence("Artikelns egen avgift.", "The article's own fee."),
}


class ShareView(View):
    """So many packages of one flavour."""

    article_no: str
    packages: int


class ItemView(View):
    """What is taken of one prescribed line."""

    line_id: str
    split: list[ShareView]


class FeeView(View):
    """A fee, with the rule that set it (S45)."""

    fee_no: int
    fee_code: str
    text: str
    amount: str
    reason: str
    rule: str
    tariff: str
    prescription_type: str | None
    line_ids: list[str]


class AddressView(View):
    """Where the goods go."""

    line1: str
    line2: str | None
    co: str | None
    postal_code: str
    city: str
    country: str


class DeliveryView(View):
    """How the goods are handed over, opened for the person who asks."""

    kind: str
    rule: str
    receiver: str
    recipient: str | None
    address: AddressView | None
    notice: str
    notice_to: str | None
    language: str
    door_code: str | None
    instructions: str | None
    pickup_point: str | None
    together: bool


class StepView(View):
    """A step of the history: when, by whom and what (S49)."""

    at: datetime
    by: str
    what: str
    note: str | None


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
            state=withdrawal.state,
            state_text=said(STATES[withdrawal.state], language),
            items=items_of(withdrawal.choice),
        )


class WithdrawalView(WithdrawalKept):
    """A withdrawal with its steps (S49)."""

    payer: str
    channel: str
    made_by: str
    made_at: datetime
    sent_on: date | None
    orders: list[OrderBrief]
    fees: list[FeeView]
    total: str
    given_back: list[str]
    overrides: list[OverrideView]
    history: list[StepView]
    delivery: DeliveryView | None = None
    """Shown when one withdrawal is opened, not in lists."""

    @classmethod
    def whole(
        cls, withdrawal: Withdrawal, *, orders: Iterable[Order], language: Language, delivery: Delivery | None
    ) -> "WithdrawalView":
        return cls(
            **WithdrawalKept.of(withdrawal, language).model_dump(),
            payer=withdrawal.payer,
            channel=withdrawal.channel,
            made_by=withdrawal.made_by,
            made_at=withdrawal.made_at,
            sent_on=withdrawal.sent_on,
            orders=[_brief(each, language) for each in orders],
            fees=fees_shown(withdrawal.fees, language),
            total=total_of(withdrawal.fees),
            given_back=list(withdrawal.given_back),
            overrides=[
                OverrideView(article_no=each.article_no, reason=each.reason, by=each.by)
                for each in withdrawal.choice.passed
            ],
            history=[_step(each) for each in withdrawal.history],
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

    @classmethod
    def of(cls, withdrawal: Withdrawal, *, on: date, language: Language) -> "Confirmation":
        delivery = withdrawal.choice.delivery
        return cls(
            withdrawal_no=withdrawal.withdrawal_no,
            order_nos=list(withdrawal.order_nos),
            state=withdrawal.state,
            state_text=said(STATES[withdrawal.state], language),
            sent_on=on,
            fees=fees_shown(withdrawal.fees, language),
            total=total_of(withdrawal.fees),
            receiver=delivery.receiver,
            delivery_kind=delivery.kind,
            delivery_rule=delivery.rule,
            notice=delivery.notice,
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
    total: str
    lines: list[LineLeft]
    next_possible_on: date | None
    """Today when nothing speaks against; None when nobody can say."""
    delivery: DeliveryView


def reasons_shown(refusals: Iterable[Refused], language: Language) -> list[Reason]:
    return [Reason(rule=each.rule, detail=said(each.said, language), facts=each.facts) for each in refusals]


def items_of(choice: Choice) -> list[ItemView]:
    return [ItemView(line_id=each.line_id, split=split_shown(each.split)) for each in choice.items]


def split_shown(split: Split) -> list[ShareView]:
    return [ShareView(article_no=each.article_no, packages=each.packages) for each in split]


def fees_shown(fees: Iterable[FeePriced], language: Language) -> list[FeeView]:
    return [
        FeeView(
            fee_no=each.fee_no,
            fee_code=each.fee_code,
            text=each.text,
            amount=str(Money(each.amount)),
            reason=each.reason,
            rule=said(RULES_OF_FEES[each.reason], language),
            tariff=each.tariff,
            prescription_type=each.prescription_type,
            line_ids=list(each.line_ids),
        )
        for each in fees
    ]


def total_of(fees: Iterable[FeePriced]) -> str:
    return str(sum((Money(each.amount) for each in fees), NOTHING))


def delivery_shown(delivery: Delivery) -> DeliveryView:
    address = delivery.address
    return DeliveryView(
        kind=delivery.kind,
        rule=delivery.rule,
        receiver=delivery.receiver,
        recipient=delivery.recipient,
        address=AddressView(**asdict(address)) if address else None,
        notice=delivery.notice,
        notice_to=delivery.notice_to,
        language=delivery.language,
        door_code=delivery.door_code,
        instructions=delivery.instructions,
        pickup_point=delivery.pickup_point,
        together=delivery.together,
    )


def _brief(order: Order, language: Language) -> OrderBrief:
    return OrderBrief(
        order_no=order.order_no,
        distributor=order.distributor,
        state=order.state,
        state_text=said(ORDER_STATES[order.state], language),
    )


def _step(step: Step) -> StepView:
    return StepView(at=step.at, by=step.by, what=step.what, note=step.note)
