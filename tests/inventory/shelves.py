"""Storerooms, articles and orders of devices as the tests of goods and loans use them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from services.inventory.app import assemble
from services.inventory.domain.article import Article
from services.inventory.domain.devices.receiving import (
    Piece,
    Receipt,
    receive_counted,
    receive_devices,
)
from services.inventory.domain.places import Storeroom
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICES,
    LABELS,
    MOVEMENTS,
    SERIALS,
    STOREROOMS,
)
from shared.domain.money import Money
from shared.domain.numbers import number
from shared.events.fees import DeviceFee
from shared.events.inventory import DeviceArticle
from shared.events.ordering_devices import Component, DeviceLine, DeviceOrderSent
from shared.repository import Cause, Repository
from tests.support import A_MONDAY_MORNING, InMemory, in_memory

PATIENT = "11111111-1111-4111-8111-111111111111"
OWN = Storeroom("DEMO-S1", "Förrådet på Sömnmottagningen", "storeroom", ("DEMO-101",), ("DEMO-W1",))
OTHER = Storeroom("DEMO-S2", "Förrådet på Hörselmottagningen", "storeroom", ("DEMO-102",), ("DEMO-W1",))
CENTRAL = Storeroom("DEMO-W1", "Centrallagret Demostad", "warehouse", ("DEMO-101", "DEMO-102"))

CPAP = Article(
    "910001", "Demo-CPAP", "cpap", "", "", "DC-1", 1, Money(Decimal(4000)),
    device=DeviceArticle(iso_code="040312", fee_code="HJM-CPAP", marked=True),
)  # fmt: skip
HOSE = Article(
    "910100", "Demoslang", "cpap", "", "", "DC-2", 1, Money(Decimal(90)),
    device=DeviceArticle(iso_code="040312", article_type="accessory"),
)  # fmt: skip
MASK = replace(HOSE, article_no="910300", name="Demomask", supplier_article_no="DC-3")
WALKER = replace(
    CPAP, article_no="910400", name="Demorollator", supplier_article_no="DC-5",
    device=DeviceArticle(iso_code="120606"),
)  # fmt: skip
"""A main aid that is counted."""
WALKER_OF_UNIT = replace(WALKER, device=DeviceArticle(iso_code="120606", owner="care_unit"))
HUMIDIFIER = replace(CPAP, article_no="910200", name="Demobefuktare", supplier_article_no="DC-4")
FEE = DeviceFee(
    fee_no=1, fee_code="HJM-CPAP", text="Hjälpmedelsavgift", amount=Decimal(800), tariff="2026-01-01"
)

ORDER = DeviceOrderSent(
    order_no=number("B", year=2026, running=1),
    kind="order",
    patient_ref=PATIENT,
    care_unit="DEMO-101",
    placed_by="order_placer-1",
    prescriber="prescriber-1",
    product_area="cpap",
    storeroom_no="DEMO-W1",
    deliver_to="unit",
    sent_on=date(2026, 11, 23),
    sent_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    lines=(
        DeviceLine(
            line_no=1,
            article_no="910001",
            quantity=1,
            components=(Component(article_no="910100", quantity=1),),
            fee=FEE,
        ),
    ),
)
HAND_OUT = ORDER.model_copy(
    update={
        "kind": "hand_out",
        "storeroom_no": "DEMO-S1",
        "lines": (ORDER.lines[0].model_copy(update={"device_no": "D100001"}),),
    }
)
ALL_PLACES = (OWN, OTHER, CENTRAL)
ALL_ARTICLES = (CPAP, HOSE, MASK, HUMIDIFIER)
KEEPER: dict[str, Any] = {"care_units": ["DEMO-W1"], "product_areas": []}
"""Who works at the warehouse has its number among the care units (Q59)."""


def order_of(running: int, **changes: Any) -> DeviceOrderSent:
    """An order of its own, sent so many minutes after nine."""
    sent_at = datetime(2026, 11, 23, 9, running % 60, tzinfo=UTC)
    no = number("B", year=2026, running=running)
    return ORDER.model_copy(update={"order_no": no, "sent_at": sent_at, **changes})


async def stocked(**settings: Any) -> InMemory:
    """Inventory with places and articles, and nothing on its shelves."""
    service = await in_memory("inventory", assemble, **settings)
    for place in ALL_PLACES:
        await service.repository.change(
            STOREROOMS.maybe(place.storeroom_no), partial(as_kept, place), cause=Cause(key=None)
        )
    for article in ALL_ARTICLES:
        await service.repository.change(
            ARTICLES.maybe(article.article_no), partial(as_kept, article), cause=Cause(key=None)
        )
    return service


async def keep_article(service: InMemory, article: Article) -> None:
    """Have an article in the catalogue, whatever it was before."""
    await service.repository.change(
        ARTICLES.maybe(article.article_no), partial(as_kept, article), cause=Cause(key=None)
    )


async def keep_place(service: InMemory, place: Storeroom) -> None:
    """Have a storeroom or warehouse, as an import of places does."""
    await service.repository.change(
        STOREROOMS.maybe(place.storeroom_no), partial(as_kept, place), cause=Cause(key=None)
    )


async def close(service: InMemory, place: Storeroom) -> None:
    """Close a storeroom or warehouse, as an import of places does."""
    await keep_place(service, replace(place, active=False))


def as_kept(made: Any, _before: Any) -> Any:
    return made, []


async def receive(service: InMemory, storeroom_no: str = "DEMO-S1", **body: Any) -> Any:
    """Receive goods as who works there; the answer is the response."""
    who = service.once("store_keeper", care_units=["DEMO-W1", "DEMO-101", "DEMO-102"])
    return await service.client.post(
        "/goods/receive", json={"storeroom_no": storeroom_no, **body}, headers=who
    )


async def receive_cpaps(service: InMemory, storeroom_no: str, numbers: Sequence[str], *, hoses: int) -> None:
    """Put CPAPs with these numbers, and so many hoses, on a shelf."""
    devices = [{"device_no": each, "serial_no": f"SN-{each}"} for each in numbers]
    answer = await receive(service, storeroom_no, article_no="910001", devices=devices)
    assert answer.status_code == 200, answer.text
    if hoses:
        answer = await receive(service, storeroom_no, article_no="910100", quantity=hoses)
        assert answer.status_code == 200, answer.text


async def put_on_shelf(
    repository: Repository, storeroom_no: str, numbers: Sequence[str], *, hoses: int
) -> None:
    """Receive CPAPs and hoses by the rules, where there is no route."""
    receipt = Receipt(
        "m1", storeroom_no, "910001", "keeper", A_MONDAY_MORNING, date(2026, 11, 23),
        pieces=tuple(map(Piece, numbers)),
    )  # fmt: skip
    refs = (
        (BALANCES.maybe(f"{storeroom_no}:910001") & MOVEMENTS.maybe("m1") & DEVICES.maybe_many(numbers))
        & SERIALS.maybe_many(())
        & LABELS.maybe_many(numbers)
    )
    rule = partial(receive_devices, receipt=receipt, is_marked=True)
    await repository.change(refs, rule, cause=Cause(key=None))
    counted = replace(receipt, movement_no="m2", article_no="910100", pieces=(), quantity=hoses)
    await repository.change(
        BALANCES.maybe(f"{storeroom_no}:910100") & MOVEMENTS.maybe("m2"),
        partial(receive_counted, receipt=counted, is_marked=False),
        cause=Cause(key=None),
    )


async def shelf(service: InMemory, storeroom_no: str, article_no: str) -> tuple[int, int, int]:
    """Give what is on hand, reserved and waited for."""
    kept = await service.repository.get(BALANCES.maybe(f"{storeroom_no}:{article_no}"))
    return (kept.on_hand, kept.reserved, kept.waiting) if kept else (0, 0, 0)


async def state_of(service: InMemory, device_no: str) -> str:
    return (await service.repository.get(DEVICES.ref(device_no))).state
