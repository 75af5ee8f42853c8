"""An article without a fee of its own is warned of when it is prescribed, not first when it is sent (Q3)."""

from datetime import date
from decimal import Decimal

from shared.events.billing import TariffPublished
from shared.events.fees import ArticleFee, Override, TypeFee
from tests.prescription.conftest import Register, form, post
from tests.support import InMemory

BY_PRODUCT = TypeFee(
    prescription_type="energy_nutrition", basis="product", amount=None, fee_code="EN", text="Avgift"
)
TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(BY_PRODUCT,),
    articles=(),
    overrides=(),
)
PRICED = TARIFF.model_copy(
    update={"version": 2, "articles": (ArticleFee(article_no="900001", amount=Decimal(20), per="line"),)}
)
CHILDREN = Override(reason="under16", amount=Decimal(120), fee_code="U16", text="Avgift")


async def warned(service: InMemory, patient_ref: str, role: str = "dietitian") -> list[list[str]]:
    body = form(patient_ref)
    answers = [await post(service, path, body, role) for path in ("/prescriptions/preview", "/prescriptions")]
    return [[each["rule"] for each in answer.json()["warnings"]] for answer in answers]


async def test_an_article_without_a_fee_is_warned_of_when_tried_and_when_saved(
    service: InMemory, adult: str
) -> None:
    await service.hear(TARIFF)

    assert await warned(service, adult) == [["not-priced"], ["not-priced"]]


async def test_the_warning_is_over_when_the_article_has_its_fee(service: InMemory, adult: str) -> None:
    await service.hear(PRICED)
    await service.hear(TARIFF)

    assert await warned(service, adult) == [[], []]


async def test_a_child_is_priced_by_the_fee_of_children(service: InMemory, register: Register) -> None:
    child = await register(number="201407032380")
    await service.hear(TARIFF.model_copy(update={"overrides": (CHILDREN,)}))

    assert await warned(service, child, "physician") == [[], []]


async def test_before_any_tariff_is_known_nothing_is_warned_of(service: InMemory, adult: str) -> None:
    assert await warned(service, adult) == [[], []]
