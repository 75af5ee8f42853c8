"""An order and a fee entry as the demo's peers get them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from shared.partners import Deliver, FeeEvent, FeePatient, FeeSource, Order, OrderLine, PartnerNotify

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

LINE = OrderLine(
    line=1,
    article_no="900002",
    gtin="09520000000103",
    supplier_article_no="DX-1001",
    name="Demodryck choklad 4x200 ml",
    quantity=5,
    pieces_per_package=4,
    unit_price=Decimal("24.00"),
)
ORDER = Order(
    order_no="B2026-000123-4",
    created_at=AT,
    distributor="demo-a",
    buyer_gln="9520000000011",
    deliver=Deliver(
        kind="home",
        recipient="Test Testsson",
        street="Provvägen 3",
        postal_code="21120",
        city="MALMÖ",
        rule="leave_outside",
    ),
    notify=PartnerNotify(channel="sms", to="+46701740605"),
    lines=(LINE, LINE.model_copy(update={"line": 2, "article_no": "900003", "quantity": 10})),
)
FEE = FeeEvent(
    kind="charge",
    event_id="0b8c8b1e-6f5e-5a0a-9a52-1c7d54f2f6d1",
    occurred_at=AT,
    bill_not_before=date(2026, 11, 23),
    patient=FeePatient(id_type="1.2.752.129.2.1.3.1", id="199007052393"),
    source=FeeSource(uttag="U2026-000123-4"),
    fee_code="LMN-1",
    text="Egenavgift",
    amount=Decimal("120.00"),
    cost_centre="DEMO-101",
    tariff="2026-01-01",
    reason="type",
)
