"""Replenishments are told to the search of orders at each step (Q35)."""

from dataclasses import replace

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS
from shared.events.inventory_orders import GoodsOrderChanged
from shared.repository import Cause
from tests.inventory.replenished import replenishments, sent, used, with_level
from tests.inventory.shelves import MASK
from tests.support import InMemory

NO = MASK.article_no


@pytest.fixture
async def service() -> InMemory:
    return await with_level()


async def test_the_search_of_orders_is_told_of_each_step(service: InMemory) -> None:
    await used(service, 2)
    await service.run_jobs()
    (order,) = await replenishments(service)
    await sent(service, order.order_no, {"article_no": NO, "quantity": 10})
    service.clock.move(days=1)
    await service.run_jobs()

    told = service.told_of(GoodsOrderChanged)
    assert [(each.state, each.expected_on and each.expected_on.isoformat()) for each in told] == [
        ("ordered", None), ("despatched", "2026-11-24"), ("received", None),
    ]  # fmt: skip
    assert [each.version for each in told] == sorted({each.version for each in told})
    assert (told[0].lines[0].article_no, told[0].lines[0].quantity) == (NO, 10)


async def test_a_replenishment_of_the_version_before_is_told_once(service: InMemory) -> None:
    await used(service, 1)
    await service.run_jobs()
    (order,) = await replenishments(service)
    before = replace(order, searched=False)
    await service.repository.change(
        DEVICE_ORDERS.ref(order.order_no), lambda _: (before, []), cause=Cause(key=None)
    )

    await service.run_jobs()
    await service.run_jobs()

    assert [each.state for each in service.told_of(GoodsOrderChanged)] == ["ordered", "ordered"]
