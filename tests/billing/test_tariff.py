"""What tariff may be published."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.tariff import (
    TYPES,
    AmountMissing,
    FeeNegative,
    NamedTwice,
    Tariff,
    TariffExists,
    TypesIncomplete,
    against_publish,
    publish_tariff,
)
from shared.domain.decision import Refused
from shared.events.billing import ArticleFee, Override, TariffPublished, TypeFee

TYPE = TypeFee(
    prescription_type="infant_formula",
    basis="withdrawal",
    amount=Decimal(120),
    fee_code="A",
    text="Egenavgift",
)
PRODUCT = TypeFee(prescription_type="energy_nutrition", basis="product", fee_code="B", text="Egenavgift")
ARTICLE = ArticleFee(article_no="900001", amount=Decimal(30), per="line")
ASYLUM = Override(reason="asylum", amount=Decimal(50), fee_code="C", text="Egenavgift")
OTHERS = sorted(TYPES - {"energy_nutrition"})
TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(PRODUCT, *(TYPE.model_copy(update={"prescription_type": each}) for each in OTHERS)),
    articles=(ARTICLE,),
    overrides=(ASYLUM,),
)


def test_a_published_tariff_is_told_as_it_is() -> None:
    assert publish_tariff(None, proposed=TARIFF) == (Tariff("2026-01-01", TARIFF), [TARIFF])


def test_a_second_tariff_from_the_same_day_is_refused() -> None:
    with pytest.raises(TariffExists):
        publish_tariff(Tariff("2026-01-01", TARIFF), proposed=TARIFF)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"types": TARIFF.types[1:]}, TypesIncomplete),
        ({"types": (*TARIFF.types, TYPE)}, TypesIncomplete),
        ({"types": (PRODUCT.model_copy(update={"amount": Decimal(1)}), *TARIFF.types[1:])}, AmountMissing),
        (
            {"types": (*TARIFF.types[:-1], TARIFF.types[-1].model_copy(update={"amount": None}))},
            AmountMissing,
        ),
        ({"articles": (ARTICLE.model_copy(update={"amount": Decimal(-1)}),)}, FeeNegative),
        ({"overrides": (ASYLUM.model_copy(update={"amount": Decimal("-0.01")}),)}, FeeNegative),
        ({"articles": (ARTICLE, ARTICLE)}, NamedTwice),
        ({"overrides": (ASYLUM, ASYLUM)}, NamedTwice),
    ],
)
def test_a_tariff_that_is_not_whole_is_refused(change: dict[str, Any], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        publish_tariff(None, proposed=TARIFF.model_copy(update=change))


def test_every_reason_against_a_tariff_is_given_at_once() -> None:
    broken = TARIFF.model_copy(update={"types": (), "articles": (ARTICLE, ARTICLE)})

    reasons = list(against_publish(Tariff("2026-01-01", TARIFF), proposed=broken))

    assert [type(reason) for reason in reasons] == [TariffExists, TypesIncomplete, NamedTwice]
