"""Fifty orders at once for the last pieces, in two processes on a real database: none is given twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from services.inventory.application.purchasing import Purchasing, PurchasingSettings
from services.inventory.application.recalls import Recalls
from services.inventory.application.register import Register
from services.inventory.application.warehouse import Warehouse
from services.inventory.handlers import handlers
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    COLLECTIONS,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    STOREROOMS,
)
from shared.clock import FixedClock
from shared.repository import Cause, Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.inventory.shelves import ALL_ARTICLES, ALL_PLACES, HAND_OUT, as_kept, order_of, put_on_shelf
from tests.support import A_MONDAY_MORNING
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

ORDERS = 50
PIECES = 7


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[Repository]:
    client = connect(url, app_name="inventory")
    backend = Mongo(client[f"{prefix}_inventory"])
    await backend.prepare(COLLECTIONS)
    repository = repository_of(
        backend, service="inventory", clock=FixedClock(A_MONDAY_MORNING), seals=seals_of_tests()
    )
    try:
        yield repository
    finally:
        await repository.close()
        await client.close()


async def hear(repository: Repository, fact: Any, message_id: str) -> None:
    warehouse = Warehouse(repository, FixedClock(A_MONDAY_MORNING))
    purchasing = Purchasing(warehouse, PurchasingSettings(lambda _: None, "7300000000000"))
    for each in handlers(warehouse, Recalls(Register(warehouse)), purchasing).all:
        if each.topic == fact.topic:
            await each.handler(fact, Cause(key=message_id))


async def filled(repository: Repository, storeroom_no: str) -> None:
    for place in ALL_PLACES:
        await repository.change(
            STOREROOMS.maybe(place.storeroom_no), partial(as_kept, place), cause=Cause(key=None)
        )
    for article in ALL_ARTICLES:
        await repository.change(
            ARTICLES.maybe(article.article_no), partial(as_kept, article), cause=Cause(key=None)
        )
    await put_on_shelf(repository, storeroom_no, [f"D{number}" for number in range(PIECES)], hoses=ORDERS)


async def test_the_last_pieces_are_promised_once_to_fifty_orders_at_once(
    mongodb_url: str, database_prefix: str
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as two:
        await filled(one, "DEMO-W1")
        orders = [order_of(running) for running in range(1, ORDERS + 1)]

        await asyncio.gather(
            *(hear((one, two)[n % 2], each, f"m{n}") for n, each in enumerate(orders)),
            *(hear((two, one)[n % 2], each, f"m{n}") for n, each in enumerate(orders)),
        )

        kept = await one.get(DEVICE_ORDERS.many([each.order_no for each in orders]))
        balance = await one.get(BALANCES.ref("DEMO-W1:910001"))
        assert sum(each.lines[0].reserved for each in kept) == PIECES
        assert (balance.on_hand, balance.reserved, balance.waiting) == (PIECES, PIECES, ORDERS - PIECES)


async def test_one_device_is_handed_out_once_of_fifty_hand_outs_at_once(
    mongodb_url: str, database_prefix: str
) -> None:
    async with replica(mongodb_url, database_prefix) as one, replica(mongodb_url, database_prefix) as two:
        await filled(one, "DEMO-S1")
        line = HAND_OUT.lines[0].model_copy(update={"device_no": "D0"})
        wanted = [
            order_of(running, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,))
            for running in range(1, ORDERS + 1)
        ]

        await asyncio.gather(*(hear((one, two)[n % 2], each, f"m{n}") for n, each in enumerate(wanted)))

        kept = await one.get(DEVICE_ORDERS.many([each.order_no for each in wanted]))
        loans = await one.find(LOANS, {})
        device = await one.get(DEVICES.ref("D0"))
        assert [each.state for each in kept].count("handed_out") == 1
        assert [each.loan_id for each in loans] == [device.loan_id]
        assert (await one.get(BALANCES.ref("DEMO-S1:910001"))).on_hand == PIECES - 1
