"""What tariff may be published."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.tariffs.draft import (
    Draft,
    DraftDecided,
    draft_tariff,
    publish_draft,
    withdraw_draft,
)
from services.billing.domain.tariffs.tariff import (
    TYPES,
    AmountMissing,
    BegunAlready,
    CapWithoutWindow,
    FeeNegative,
    NamedTwice,
    PublishedTariff,
    TariffExists,
    TypesIncomplete,
    against_publish,
)
from shared.domain.decision import Refused
from shared.domain.two_people import SamePerson
from shared.events.billing import TariffPublished
from shared.events.fees import ArticleFee, Cap, DeviceFeeRow, Override, TypeFee
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.examples import AT

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


DEVICE = DeviceFeeRow(fee_code="HJM-20", text="Egenavgift", amount=Decimal(500), per="line")
DRAFT = Draft("d-1", TARIFF, drafted_by="eko", drafted_at=AT)


def reasons(tariff: TariffPublished, existing: PublishedTariff | None = None) -> list[type[Refused]]:
    return [type(each) for each in against_publish(existing, proposed=tariff, not_before=None)]


def test_a_draft_asks_a_second_person_to_publish_it() -> None:
    draft, tariff, facts = draft_tariff(None, None, proposal=DRAFT, not_before=None)

    assert (draft, tariff) == (DRAFT, None)
    assert [type(fact) for fact in facts] == [TaskRaised]
    assert draft_tariff(DRAFT, None, proposal=DRAFT, not_before=None) == (DRAFT, None, [])


def test_a_tariff_is_published_exactly_as_it_was_drafted() -> None:
    draft, tariff, facts = publish_draft(DRAFT, None, by="ekon", at=AT, not_before=None)

    assert (draft.state, draft.decided_by) == ("published", "ekon")
    assert tariff == PublishedTariff("2026-01-01", TARIFF)
    assert facts == [TARIFF, TaskResolved(task_id="tariff-draft:d-1", how="published")]


def test_the_drafter_cannot_publish() -> None:
    with pytest.raises(SamePerson):
        publish_draft(DRAFT, None, by="eko", at=AT, not_before=None)


def test_a_draft_is_decided_once() -> None:
    withdrawn, facts = withdraw_draft(DRAFT, by="eko", at=AT)

    assert (withdrawn.state, [type(fact) for fact in facts]) == ("withdrawn", [TaskResolved])
    with pytest.raises(DraftDecided):
        publish_draft(withdrawn, None, by="ekon", at=AT, not_before=None)


def test_a_second_tariff_from_the_same_day_is_refused() -> None:
    with pytest.raises(TariffExists) as refused:
        publish_draft(DRAFT, PublishedTariff("2026-01-01", TARIFF), by="ekon", at=AT, not_before=None)

    assert refused.value.facts == {"tariff": "2026-01-01"}


def test_a_new_tariff_begins_tomorrow_at_the_earliest() -> None:
    tomorrow = TARIFF.valid_from + timedelta(days=1)

    with pytest.raises(BegunAlready) as refused:
        publish_draft(DRAFT, None, by="ekon", at=AT, not_before=tomorrow)

    assert refused.value.facts == {"not_before": tomorrow.isoformat()}
    assert publish_draft(DRAFT, None, by="ekon", at=AT, not_before=TARIFF.valid_from)


def test_a_tariff_may_price_the_types_of_other_product_areas() -> None:
    more = TYPE.model_copy(update={"prescription_type": "incontinence"})

    assert reasons(TARIFF.model_copy(update={"types": (*TARIFF.types, more)})) == []


@pytest.mark.parametrize(
    ("change", "refusal", "facts"),
    [
        ({"types": TARIFF.types[1:]}, TypesIncomplete, {}),
        ({"types": (*TARIFF.types, TYPE)}, TypesIncomplete, {}),
        (
            {"types": (PRODUCT.model_copy(update={"amount": Decimal(1)}), *TARIFF.types[1:])},
            AmountMissing,
            {"prescription_type": "energy_nutrition"},
        ),
        (
            {"types": (*TARIFF.types[:-1], TARIFF.types[-1].model_copy(update={"amount": None}))},
            AmountMissing,
            {"prescription_type": OTHERS[-1]},
        ),
        ({"articles": (ARTICLE.model_copy(update={"amount": Decimal(-1)}),)}, FeeNegative, {}),
        ({"overrides": (ASYLUM.model_copy(update={"amount": Decimal("-0.01")}),)}, FeeNegative, {}),
        ({"articles": (ARTICLE, ARTICLE)}, NamedTwice, {"article_no": "900001"}),
        ({"overrides": (ASYLUM, ASYLUM)}, NamedTwice, {"override": "asylum"}),
        ({"device_fees": (DEVICE, DEVICE)}, NamedTwice, {"fee_code": "HJM-20"}),
        ({"device_fees": (DEVICE.model_copy(update={"amount": Decimal(-1)}),)}, FeeNegative, {}),
        ({"cap": Cap(scope="patient", amount=Decimal(1500))}, CapWithoutWindow, {}),
        ({"cap": Cap(scope="withdrawal", amount=Decimal(150), window_days=30)}, CapWithoutWindow, {}),
        ({"cap": Cap(scope="withdrawal", amount=Decimal(-1))}, FeeNegative, {}),
    ],
)
def test_a_tariff_that_is_not_whole_is_refused(
    change: dict[str, Any], refusal: type[Refused], facts: dict[str, str]
) -> None:
    with pytest.raises(refusal) as refused:
        draft_tariff(
            None, None, proposal=replace(DRAFT, proposed=TARIFF.model_copy(update=change)), not_before=None
        )

    assert refused.value.facts == facts


def test_every_reason_against_a_tariff_is_given_at_once() -> None:
    broken = TARIFF.model_copy(update={"types": (), "articles": (ARTICLE, ARTICLE)})

    assert reasons(broken, PublishedTariff("2026-01-01", TARIFF)) == [
        TariffExists,
        TypesIncomplete,
        NamedTwice,
    ]
