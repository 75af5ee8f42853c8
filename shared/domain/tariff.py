"""Calculates what a withdrawal costs the patient, from dated data (S57 to S62, Q1, Q3, Q5, Q8, Q25)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from shared.domain.days import Period, age
from shared.domain.decision import Addressed, Decision, Refused, Sentence, refuse_any
from shared.domain.money import NOTHING, Money
from shared.events.fact import Unknown
from shared.events.fees import ArticleFee, FeeCondition, FeePriced, Override, Tariff, TypeFee
from shared.events.values import FoodsType, PrescriptionType

CHILD_BELOW_YEARS = 16
FREE_UNLESS_PRICED = frozenset(get_args(PrescriptionType)) - frozenset(get_args(FoodsType))
"""Types of the other product areas cost nothing unless the tariff names them (Q30)."""


class NoTariff(Refused):
    """No tariff has begun on the day."""

    rule = "no-tariff"
    sentence = Sentence(
        "Det finns ingen gällande taxa för dagen. Kontakta den som förvaltar taxan.",
        "No tariff is in force on that day. Contact the keeper of the tariff.",
    )


class NotPriced(Refused):
    """The line cannot be priced; it is refused and never costs 0 kr (Q3)."""

    rule = "not-priced"
    sentence = Addressed(
        "Artikeln har ingen avgift i taxan och kan därför inte tas ut. Kontakta kundservice.",
        "The article has no fee in the tariff, so it cannot be withdrawn. Contact customer service.",
        to_customer_service=Sentence(
            "Artikeln har ingen avgift i taxan och kan därför inte tas ut. "
            "Be den som förvaltar taxan lägga till den.",
            "The article has no fee in the tariff and cannot be withdrawn. "
            "Ask who keeps the tariff to add it.",
        ),
    )


@dataclass(frozen=True)
class Priced:
    """One line to price; cost is what its goods cost the region."""

    line_id: str
    article_no: str
    prescription_type: str
    packages: int
    cost: Money


@dataclass(frozen=True)
class Payment:
    """What of the patient decides the fee, on the day the withdrawal is sent (Q5)."""

    born: date | None
    asylum_seeker: Period | None = None

    def is_child(self, on: date) -> bool:
        return self.born is not None and age(self.born, on) < CHILD_BELOW_YEARS

    def conditions(self, on: date) -> tuple[FeeCondition, ...]:
        """Name what of the patient may set the fee that day, without saying who it is (Q1, Q5, N5)."""
        asylum = self.asylum_seeker is not None and self.asylum_seeker.covers(on)
        return (*(("asylum",) if asylum else ()), *(("under16",) if self.is_child(on) else ()))


def note_tariff(known: Tariff | None, *, published: Tariff) -> Decision[Tariff]:
    """Keep the newest version of a tariff; a late or repeated one changes nothing (S58)."""
    return (known if known and known.version >= published.version else published), []


def in_force(tariffs: Iterable[Tariff], *, on: date) -> Tariff:
    """Choose the tariff whose first day came last; raises NoTariff."""
    begun = [tariff for tariff in tariffs if tariff.valid_from <= on]
    if not begun:
        raise NoTariff
    return max(begun, key=lambda tariff: (tariff.valid_from, tariff.version))


def against_price(
    tariff: Tariff, lines: Iterable[Priced], *, payment: Payment, on: date
) -> Iterator[Refused]:
    """Give every line that the tariff has no fee for (Q3, N1); an override prices them all."""
    yield from _against(tariff, lines, payment.conditions(on))


def price(tariff: Tariff, lines: Sequence[Priced], *, payment: Payment, on: date) -> list[FeePriced]:
    """Price a withdrawal: one overriding fee, or one fee per type present (Q8); raises NotPriced."""
    return price_under(tariff, lines, conditions=payment.conditions(on))


def price_under(
    tariff: Tariff, lines: Sequence[Priced], *, conditions: Collection[FeeCondition]
) -> list[FeePriced]:
    """Price by what was true of the patient, also without knowing the patient (N5); raises NotPriced."""
    refuse_any(_against(tariff, lines, conditions))
    costing = [line for line in lines if _costs(tariff, line)]
    override = _override(tariff, conditions)
    if override and costing:
        return _capped(tariff, [_overriding(override, tariff, costing)])
    fees: dict[str, FeePriced] = {}
    for fee in (_of_line(tariff, line) for line in costing):
        # a type is paid once, whatever the number of lines; a product is paid by itself (S57 to S60)
        key = fee.line_ids[0] if fee.reason == "product" else str(fee.prescription_type)
        fees[key] = _joined(fees[key], fee) if key in fees else fee
    numbered = [fee.model_copy(update={"fee_no": no}) for no, fee in enumerate(fees.values(), start=1)]
    return _capped(tariff, numbered)


def price_again(tariff: Tariff, fee: FeePriced, came: Collection[Priced]) -> Money:
    """Price a fee by what came of its lines: by the rule that set it, and never more than it was (Q32).

    A fee per package is for what came, a fee per withdrawal for anything at all, a cap at cost for the goods.
    """
    coming = [line for line in came if line.line_id in fee.line_ids and line.packages > 0]
    if not coming:
        return NOTHING
    most = Money(fee.amount)
    override = next((each for each in tariff.overrides if each.reason == fee.reason), None)
    if override and override.cap_at_cost:
        return min(most, sum((line.cost for line in coming), NOTHING))
    if fee.reason == "product":
        return min(most, sum((_amount(tariff, line) for line in coming), NOTHING))
    return most


def _against(
    tariff: Tariff, lines: Iterable[Priced], conditions: Collection[FeeCondition]
) -> Iterator[Refused]:
    costing = [each for each in lines if _costs(tariff, each)]
    if not is_understood(tariff):
        yield from (NotPriced(line_id=line.line_id, article_no=line.article_no) for line in costing)
        return
    if _override(tariff, conditions):
        return
    for line in costing:
        try:
            _amount(tariff, line)
        except NotPriced as refused:
            yield refused


def is_understood(tariff: Tariff) -> bool:
    """Tell whether this version knows for whom the overrides are, and what the cap is for.

    Else nothing is priced: a fee is never guessed (Q3, decision 0007).
    """
    reasons = [rule.reason for rule in tariff.overrides]
    scopes = [tariff.cap.scope] if tariff.cap else []
    return not any(isinstance(each, Unknown) for each in (*reasons, *scopes))


def _costs(tariff: Tariff, line: Priced) -> bool:
    named = {fee.prescription_type for fee in tariff.types}
    return line.prescription_type in named or line.prescription_type not in FREE_UNLESS_PRICED


def _override(tariff: Tariff, conditions: Collection[FeeCondition]) -> Override | None:
    return next((each for each in tariff.overrides if each.reason in conditions), None)


def _capped(tariff: Tariff, fees: Sequence[FeePriced]) -> list[FeePriced]:
    """Let the first fees stand and take the excess off the last ones, so that each keeps its rule."""
    if tariff.cap is None:
        return list(fees)
    if tariff.cap.scope == "patient":
        # What the patient has paid within the days is billing's to know (decision 0031).
        return [fee.model_copy(update={"at_most": True}) for fee in fees]
    left = Money(tariff.cap.amount)
    kept: list[FeePriced] = []
    for fee in fees:
        paid = min(Money(fee.amount), left)
        left = left - paid
        capped = paid < Money(fee.amount)
        kept.append(fee.model_copy(update={"amount": paid.amount, "capped": capped}) if capped else fee)
    return kept


def _overriding(override: Override, tariff: Tariff, lines: Sequence[Priced]) -> FeePriced:
    cost = sum((line.cost for line in lines), NOTHING)
    amount = Money(override.amount)
    return FeePriced(
        fee_no=1,
        fee_code=override.fee_code,
        text=override.text,
        prescription_type=None,
        line_ids=tuple(line.line_id for line in lines),
        amount=(min(amount, cost) if override.cap_at_cost else amount).amount,
        reason=override.reason,
        tariff=tariff.tariff,
    )


def _of_line(tariff: Tariff, line: Priced) -> FeePriced:
    fee = _type_fee(tariff, line)
    return FeePriced(
        fee_no=1,
        fee_code=fee.fee_code,
        text=fee.text,
        prescription_type=line.prescription_type,
        line_ids=(line.line_id,),
        amount=_amount(tariff, line).amount,
        reason="product" if fee.basis == "product" else "type",
        tariff=tariff.tariff,
    )


def _joined(fee: FeePriced, further: FeePriced) -> FeePriced:
    return fee.model_copy(update={"line_ids": fee.line_ids + further.line_ids})


def _amount(tariff: Tariff, line: Priced) -> Money:
    fee = _type_fee(tariff, line)
    if fee.basis == "product":
        own = _article_fee(tariff, line)
        return Money(own.amount) * (line.packages if own.per == "package" else 1)
    if fee.amount is None:
        raise NotPriced(line_id=line.line_id, article_no=line.article_no)
    return Money(fee.amount)


def _type_fee(tariff: Tariff, line: Priced) -> TypeFee:
    for fee in tariff.types:
        if fee.prescription_type == line.prescription_type and not isinstance(fee.basis, Unknown):
            return fee
    raise NotPriced(line_id=line.line_id, article_no=line.article_no)


def _article_fee(tariff: Tariff, line: Priced) -> ArticleFee:
    for fee in tariff.articles:
        if fee.article_no == line.article_no and not isinstance(fee.per, Unknown):
            return fee
    raise NotPriced(line_id=line.line_id, article_no=line.article_no)
