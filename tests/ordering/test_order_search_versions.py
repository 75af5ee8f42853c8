"""The search of orders beside replicas of the version before, which keeps no lists to search by."""

from typing import cast

import bson

from shared.repository.memory.backend import Memory
from tests.ordering.devices import CPAP, DEAR, DEVICE_NO
from tests.ordering.test_order_search import as_before, told_all, types


async def test_an_order_of_the_version_before_is_found_by_what_was_ordered() -> None:
    service = await told_all()
    as_before(service)

    assert await types(service, article_no=CPAP) == ["hand_out", "order"]
    assert await types(service, device_no=DEVICE_NO) == ["hand_out"]
    assert await types(service, article_no=DEAR) == []


async def test_what_a_replica_of_the_version_before_added_is_found_after_the_job() -> None:
    service = await told_all()
    stored = cast("Memory", service.repository.backend)._documents["device_orders"]
    for order_no, row in stored.items():  # it changes the rest, and leaves what it does not know
        order = bson.decode(row)
        stored[order_no] = bson.encode({**order, "_v": order["_v"] + 1, "article_nos": [DEAR]})
    assert await types(service, article_no=CPAP) == []

    await service.run_jobs()

    assert await types(service, article_no=CPAP) == ["hand_out", "order"]
