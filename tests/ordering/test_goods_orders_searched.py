"""Replenishments and purchases stand in the one list of orders, and name nobody (Q35, S125)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.events.fact import Unknown
from shared.events.inventory_orders import GoodsOrderChanged, GoodsOrdered
from tests.ordering.devices import CPAP, OTHER_UNIT, PRESCRIBER, UNIT
from tests.ordering.test_order_search import found, told_all, types
from tests.support import InMemory

NUMBER = "P2026-000001-8"
REFILL = GoodsOrderChanged(
    order_no=NUMBER,
    version=2,
    kind="replenishment",
    state="ordered",
    care_unit=UNIT,
    source_no="DEMO-W1",
    storeroom_no="DEMO-S1",
    ordered_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    lines=(GoodsOrdered(article_no=CPAP, quantity=10),),
)


def changed(**changes: Any) -> GoodsOrderChanged:
    return REFILL.model_copy(update=changes)


@pytest.fixture
async def service() -> InMemory:
    service = await told_all()
    await service.hear(REFILL)
    return service


async def test_a_replenishment_is_listed_with_names_and_without_anybody(service: InMemory) -> None:
    (row,) = await found(service, types=["replenishment"])

    assert (row["number"], row["type_text"]) == (NUMBER, "Lagerpåfyllnad till eget förråd")
    assert (row["state_text"], row["to_storeroom_name"]) == ("Beställd", "Förrådet Sömn")
    assert row["articles"] == [{"article_no": CPAP, "name": "Demo-CPAP", "quantity": 10}]
    people = ("placed_by", "placed_by_name", "prescriber", "prescriber_name", "patient_ref", "recipient")
    assert {row[each] for each in people} == {None}
    assert await types(service) == ["withdrawal", "hand_out", "order", "replenishment"]


@pytest.mark.parametrize(
    ("form", "listed"),
    [
        ({"care_unit": UNIT}, True),
        ({"article_no": CPAP}, True),
        ({"article_no": "910999"}, False),
        ({"order_number": NUMBER}, True),
        ({"order_number": "p2026-0000"}, True),
        ({"since": "2026-11-23", "until": "2026-11-23"}, True),
        ({"until": "2026-11-22"}, False),
        ({"sort": "type", "direction": "ascending"}, True),
        ({"sort": "prescriber_name"}, True),
        ({"prescriber": PRESCRIBER}, False),
        ({"mine": True}, False),
        ({"who": {"care_units": [OTHER_UNIT]}}, False),
    ],
)
async def test_it_is_found_by_what_it_has(service: InMemory, form: dict[str, Any], listed: bool) -> None:
    assert ("replenishment" in await types(service, **form)) is listed


async def test_the_newest_version_counts_in_any_order(service: InMemory) -> None:
    await service.hear(changed(version=4, state="received", expected_on=date(2026, 11, 24)))
    await service.hear(changed(version=3, state="despatched"))

    (row,) = await found(service, types=["replenishment"])

    assert (row["state"], row["expected_on"]) == ("received", "2026-11-24")


async def test_a_purchase_is_the_warehouses_and_names_its_supplier(service: InMemory) -> None:
    purchase = changed(
        order_no="P2026-000002-6", kind="purchase", care_unit="DEMO-W1", source_no=None,
        storeroom_no="DEMO-W1", supplier="Demoleverantören AB", state=Unknown("halted"),
    )  # fmt: skip
    await service.hear(purchase)

    (row,) = await found(service, "customer_service", care_unit="DEMO-W1")

    assert (row["type_text"], row["supplier"]) == ("Inköp till huvudlager", "Demoleverantören AB")
    assert (row["state_text"], row["storeroom_no"]) == ("halted", None)
    assert await found(service, types=["purchase"]) == []


async def test_pages_go_on_behind_a_replenishment(service: InMemory) -> None:
    for running in range(3, 230):
        await service.hear(changed(order_no=f"P2026-{running:06}-0", version=1))

    first = await service.client.post(
        "/orders/search",
        json={"types": ["replenishment"], "sort": "placed_by_name"},
        headers=service.token("order_placer", care_units=[UNIT], product_areas=["cpap"]),
    )

    assert len(first.json()) == 100
    assert first.headers["Link"]
