"""Whose property comes back: the centre's is collected, another unit's is not scrapped (Q44, Q45)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.inventory.domain.article import Article
from services.inventory.repository.collections import STOREROOMS
from shared.events.ordering_devices import DeviceLine
from shared.repository import Cause
from tests.inventory.shelves import (
    HAND_OUT,
    OWN,
    WALKER,
    WALKER_OF_UNIT,
    as_kept,
    keep_article,
    order_of,
    receive,
    shelf,
    state_of,
    stocked,
)
from tests.inventory.test_returns import hand_back, owned_by_unit
from tests.support import InMemory


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await receive(inventory, article_no="910100", quantity=3)
    yield inventory
    await inventory.client.aclose()


async def walker_on_loan(service: InMemory, walker: Article) -> dict[str, Any]:
    """Lend two pieces of a counted main aid out of the own storeroom; give what names one of them."""
    await keep_article(service, walker)
    await receive(service, article_no="910400", quantity=2)
    line = DeviceLine(line_no=1, article_no="910400", quantity=2)
    order = order_of(4, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,))
    await service.hear(order)
    return {"order_no": order.order_no, "article_no": "910400", "quantity": 1}


async def test_counted_main_aids_of_the_centre_are_collected_where_their_area_is(service: InMemory) -> None:
    walker = await walker_on_loan(service, WALKER)
    only = partial(as_kept, replace(OWN, collected_only=("cpap",)))
    await service.repository.change(STOREROOMS.maybe("DEMO-S1"), only, cause=Cause(key=None))

    collected = await hand_back(service, {"goods": [{**walker, "disposition": "return"}]})
    scrapped = await hand_back(service, {"goods": [{**walker, "disposition": "scrap"}]})

    assert (collected.json()["rule"], scrapped.json()["rule"]) == ("collected-only", "not-scrapped-here")


async def test_another_units_counted_main_aid_is_received_and_not_scrapped(service: InMemory) -> None:
    walker = await walker_on_loan(service, WALKER_OF_UNIT)
    there: dict[str, Any] = {"care_units": ["DEMO-102"]}
    scrap, back = ({"goods": [{**walker, "disposition": each}]} for each in ("scrap", "return"))

    refused = await hand_back(service, {"storeroom_no": "DEMO-S2", **scrap}, **there)
    received = await hand_back(service, {"storeroom_no": "DEMO-S2", **back}, **there)
    own = await hand_back(service, scrap)

    assert refused.json()["rule"] == "another-units-property"
    assert (received.status_code, own.status_code) == (200, 200), own.text
    assert await shelf(service, "DEMO-S2", "910400") == (1, 0, 0)


async def test_where_main_aids_are_collected_the_units_own_are_still_taken(service: InMemory) -> None:
    walker = await walker_on_loan(service, WALKER_OF_UNIT)
    only = partial(as_kept, replace(OWN, collected_only=("cpap",)))
    await service.repository.change(STOREROOMS.maybe("DEMO-S1"), only, cause=Cause(key=None))

    answer = await hand_back(service, {"goods": [{**walker, "disposition": "return"}]})

    assert answer.status_code == 200, answer.text


async def test_who_received_another_units_device_does_not_scrap_it_then_or_after_lending_it(
    service: InMemory,
) -> None:
    await owned_by_unit(service, "D100003")
    line = HAND_OUT.lines[0].model_copy(update={"device_no": "D100003"})
    await service.hear(order_of(3, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    there: dict[str, Any] = {"care_units": ["DEMO-102"]}
    back = {"storeroom_no": "DEMO-S2", "devices": [{"device_no": "D100003"}]}
    scrap = {"storeroom_no": "DEMO-S2", "devices": [{"device_no": "D100003", "disposition": "scrap"}]}
    form = {"destination": "scrap", "reason": "Sliten"}

    await hand_back(service, back, **there)
    apart = await service.client.post(
        "/devices/D100003/set-apart", json=form, headers=service.once("order_placer", None, **there)
    )
    await receive(service, "DEMO-S2", article_no="910100", quantity=1)
    lent = order_of(5, kind="hand_out", care_unit="DEMO-102", storeroom_no="DEMO-S2", lines=(line,))
    await service.hear(lent)
    on_loan = await state_of(service, "D100003")
    after = await hand_back(service, scrap, **there)
    own = await hand_back(service, {**scrap, "storeroom_no": "DEMO-S1"})

    assert (apart.json()["rule"], on_loan) == ("another-units-property", "on_loan")
    assert after.json()["rule"] == "another-units-property"
    assert own.status_code == 200, own.text
