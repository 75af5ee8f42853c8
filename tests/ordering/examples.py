"""One valid example of everything in ordering; tests replace what they are about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from services.ordering.domain.allowance import Allowance, Line
from services.ordering.domain.catalogue import Article, Catalogue
from services.ordering.domain.channels import Asker
from services.ordering.domain.delivery import Delivery
from services.ordering.domain.flavours import Share
from services.ordering.domain.person import Person
from services.ordering.domain.withdrawal import Choice, Item
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, draft
from services.ordering.domain.withdrawing.sending import Dispatch, send
from shared.domain.address import Address
from shared.domain.money import Money
from shared.domain.numbers import number
from shared.events.billing import TariffPublished
from shared.events.fees import Override, TypeFee

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PATIENT = "patient-1"
WITHDRAWAL_NO = number("U", year=2026, running=123)
OTHER_WITHDRAWAL_NO = number("U", year=2026, running=124)
ORDER_NO = number("B", year=2026, running=7)
OTHER_ORDER_NO = number("B", year=2026, running=8)
PRESCRIPTION_NO = number("F", year=2026, running=1)

DRINK = Article(
    article_no="900100",
    version=1,
    name="Demodryck (välj smak vid uttag)",
    product_area="foods",
    distributor="demo-a",
    supplier_article_no="DX-100",
    pieces_per_package=4,
    package_price=Money.of(24),
    is_generic=True,
)


def flavour(article_no: str, variant_name: str) -> Article:
    return replace(
        DRINK,
        article_no=article_no,
        name=f"Demodryck {variant_name} 4x200 ml",
        supplier_article_no=f"DX-{article_no}",
        gtin="09520000000103",
        is_generic=False,
        variant_of="900100",
        variant_name=variant_name,
    )


STRAWBERRY = flavour("900101", "jordgubb")
CHOCOLATE = flavour("900102", "choklad")
NEUTRAL = flavour("900103", "neutral")
BREAD = replace(DRINK, article_no="900200", name="Demobröd", supplier_article_no="DX-200", is_generic=False)

TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(
        TypeFee(
            prescription_type="coeliac_metabolic",
            basis="withdrawal",
            amount=Decimal(120),
            fee_code="LMN-1",
            text="Egenavgift livsmedel",
        ),
        TypeFee(
            prescription_type="specific_content",
            basis="withdrawal",
            amount=Decimal(210),
            fee_code="LMN-3",
            text="Egenavgift livsmedel",
        ),
    ),
    overrides=(
        Override(reason="asylum", amount=Decimal(50), fee_code="LMN-A", text="Egenavgift livsmedel"),
        Override(
            reason="under16",
            amount=Decimal(120),
            fee_code="LMN-U",
            text="Egenavgift livsmedel",
            cap_at_cost=True,
        ),
    ),
)
CATALOGUE = Catalogue(
    {each.article_no: each for each in (DRINK, STRAWBERRY, CHOCOLATE, NEUTRAL, BREAD)}, (TARIFF,)
)

PERSON = Person(
    version=1,
    protected=False,
    born=date(1990, 7, 5),
    name="sealed:name",
    address="sealed:address",
    phone="sealed:phone",
)
LINE = Line(
    line_id=f"{PRESCRIPTION_NO}-1",
    prescription_no=PRESCRIPTION_NO,
    article_no="900100",
    packages=20,
    days=30,
    withdrawals=3,
    valid_through=date(2027, 10, 1),
    prescription_type="specific_content",
    product_area="foods",
    care_unit="DEMO-101",
    prescriber="dietitian-1",
    prescriber_employed_by_region=True,
    payer="region",
)
BREAD_LINE = replace(
    LINE,
    line_id=f"{PRESCRIPTION_NO}-2",
    article_no="900200",
    packages=5,
    prescription_type="coeliac_metabolic",
)
ALLOWANCE = Allowance(PATIENT, PERSON, (LINE, BREAD_LINE))

CLERK = Asker(sub="clerk-1", roles=frozenset({"customer_service"}))
ORDER_PLACER = Asker(
    sub="placer-1",
    roles=frozenset({"order_placer"}),
    care_units=frozenset({"DEMO-101"}),
    product_areas=frozenset({"foods"}),
)

HOME = Delivery(
    kind="home",
    rule="signature",
    receiver="patient",
    recipient="sealed:Test Testsson",
    address=Address("sealed:Provvägen 3", "sealed:21120", "sealed:MALMÖ"),
    notice="sms",
    notice_to="sealed:+46701740605",
    language="sv",
    door_code="sealed:1234",
    register_version=1,
)
SPLIT = (Share("900101", 10), Share("900102", 5), Share("900103", 5))
ITEM = Item(LINE.line_id, SPLIT)
BREAD_ITEM = Item(BREAD_LINE.line_id, (Share("900200", 5),))
CHOICE = Choice((ITEM,), HOME)
DRAWN = WithdrawalRequest(CHOICE, CLERK, CATALOGUE)
DISPATCH = Dispatch((ORDER_NO,), "9520000000011", NOW)
ABSENT = (None,)
"""The order is not there yet."""

DRAFT, *_ = draft(None, ALLOWANCE, requested=DRAWN, withdrawal_no=WITHDRAWAL_NO, at=NOW)
SENT, USED, (_order,), TOLD = send(DRAFT, ALLOWANCE, ABSENT, requested=DRAWN, dispatch=DISPATCH)
assert _order
ORDER = _order

BOTH = replace(DRAWN, choice=replace(CHOICE, items=(ITEM, BREAD_ITEM)))
BOTH_DRAFT, *_ = draft(None, ALLOWANCE, requested=BOTH, withdrawal_no=WITHDRAWAL_NO, at=NOW)
BOTH_SENT, BOTH_USED, (_order,), BOTH_TOLD = send(
    BOTH_DRAFT, ALLOWANCE, ABSENT, requested=BOTH, dispatch=DISPATCH
)
assert _order
BOTH_ORDER = _order
"""A withdrawal of two lines of two types: three flavours of the drink, and bread."""


def drawing(*items: Item, asker: Asker = CLERK, catalogue: Catalogue = CATALOGUE) -> WithdrawalRequest:
    return WithdrawalRequest(replace(CHOICE, items=items), asker, catalogue)
