"""Response bodies about fees, each with the rule that set it (S45, S57 to S62)."""

from collections.abc import Callable, Iterable

from shared.domain.decision import Sentence
from shared.domain.money import NOTHING, Money
from shared.events.fees import FeePriced
from shared.http import Language, View
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


class FeeView(View):
    """A fee, with the rule that set it (S45)."""

    fee_no: int
    fee_code: str
    text: str
    amount: str
    """As it was when the withdrawal was sent."""
    due: str
    """What it comes to now: 0.00 when it is credited, less when less came (Q9, Q32)."""
    reason: str
    rule: str
    tariff: str
    prescription_type: str | None
    line_ids: list[str]
    at_most: bool
    """A cap for the patient may make it less when it is booked; the statement shows what it became."""


def as_priced(fee: FeePriced) -> Money:
    """Give a fee as it was priced, before anything came."""
    return Money(fee.amount)


AT_MOST = Sentence(
    "Högst så mycket: ett tak för patienten kan göra avgiften lägre.",
    "At most: a cap for the patient may make the fee less.",
)


def fees_shown(
    fees: Iterable[FeePriced], language: Language, *, due_of: Callable[[FeePriced], Money] = as_priced
) -> list[FeeView]:
    return [
        FeeView(
            fee_no=each.fee_no,
            fee_code=each.fee_code,
            text=each.text,
            amount=str(Money(each.amount)),
            due=str(due_of(each)),
            reason=each.reason,
            rule=said(_rule_of(each), language),
            tariff=each.tariff,
            prescription_type=each.prescription_type,
            line_ids=list(each.line_ids),
            at_most=each.at_most,
        )
        for each in fees
    ]


def _rule_of(fee: FeePriced) -> Sentence:
    return RULES_OF_FEES[fee.reason] + AT_MOST if fee.at_most else RULES_OF_FEES[fee.reason]


def total_of(fees: Iterable[FeePriced], *, due_of: Callable[[FeePriced], Money] = as_priced) -> str:
    """Add up what the fees come to now (Q9, Q32)."""
    return str(sum((due_of(each) for each in fees), NOTHING))
