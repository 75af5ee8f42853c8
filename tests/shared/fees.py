"""A tariff with every kind of fee, lines of each type, and what they cost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.domain.days import Period
from shared.domain.money import Money
from shared.domain.tariff import Payment, Priced, price
from shared.events.billing import TariffPublished
from shared.events.fees import ArticleFee, FeePriced, Override, TypeFee

TODAY = date(2026, 11, 21)
ADULT = Payment(born=date(1990, 7, 5))
CHILD = Payment(born=date(2015, 3, 1))
ASYLUM = Payment(born=date(1990, 7, 5), asylum_seeker=Period(date(2026, 1, 1), date(2026, 12, 31)))

ASYLUM_50 = Override(reason="asylum", amount=Decimal(50), fee_code="LMN-50", text="Egenavgift")
UNDER_16_120 = Override(
    reason="under16", amount=Decimal(120), fee_code="LMN-60", text="Egenavgift", cap_at_cost=True
)


def type_fee(prescription_type: str, amount: int | None) -> TypeFee:
    return TypeFee(
        prescription_type=prescription_type,
        basis="product" if amount is None else "withdrawal",
        amount=None if amount is None else Decimal(amount),
        fee_code=f"LMN-{prescription_type}",
        text="Egenavgift",
    )


TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(
        type_fee("coeliac_metabolic", 120),
        type_fee("energy_nutrition", None),
        type_fee("specific_content", 210),
        type_fee("infant_formula", 120),
    ),
    articles=(
        ArticleFee(article_no="900001", amount=Decimal("30.5"), per="line"),
        ArticleFee(article_no="900002", amount=Decimal("12.25"), per="package"),
    ),
    overrides=(ASYLUM_50, UNDER_16_120),
)

FLOUR = Priced("F1-1", "900100", "coeliac_metabolic", packages=4, cost=Money.of("400"))
BREAD = replace(FLOUR, line_id="F1-2", article_no="900101")
DRINK = Priced("F2-1", "900001", "energy_nutrition", packages=20, cost=Money.of("480"))
TUBE = Priced("F2-2", "900002", "energy_nutrition", packages=3, cost=Money.of("300"))
THICKENER = Priced("F3-1", "900200", "specific_content", packages=2, cost=Money.of("350"))
FORMULA = Priced("F4-1", "900300", "infant_formula", packages=6, cost=Money.of("600"))


def fees(*lines: Priced, payment: Payment = ADULT, on: date = TODAY) -> list[FeePriced]:
    return price(TARIFF, lines, payment=payment, on=on)


def amounts(*lines: Priced, payment: Payment = ADULT, on: date = TODAY) -> list[str]:
    return [str(fee.amount) for fee in fees(*lines, payment=payment, on=on)]
