"""What would come of a line, and when, is told before it is saved and on the confirmation (S89, S103)."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from services.ordering.application import devices
from shared.events.inventory_goods import DeviceOrderReserved, LineReserved
from shared.events.ordering_devices import DeviceOrderSent
from tests.inventory.shelves import KEEPER as AT_WAREHOUSE
from tests.inventory.shelves import receive, stocked
from tests.ordering.baskets import BASKET, WAREHOUSE, added, begun, reserved, sent, shown
from tests.ordering.devices import MASK, STAFF, article, device, posted, told_devices
from tests.support import InMemory

KEEPER: dict[str, Any] = dict(AT_WAREHOUSE)
SUPPLIES = f"/storerooms/DEMO-W1/articles/{MASK}/supplies"


async def both() -> tuple[InMemory, InMemory]:
    """Ordering, and inventory which it asks."""
    inventory = await stocked()

    async def ask(service: str, method: str, path: str, *, json: Any = None) -> Any:
        headers = inventory.token("service_ordering")
        answer = await inventory.client.request(method, path, json=json, headers=headers)
        answer.raise_for_status()
        return answer.json()

    return await told_devices(ask=ask), inventory


async def on_order(inventory: InMemory, quantity: int, expected_on: str) -> None:
    form = {"quantity": quantity, "expected_on": expected_on}
    headers = inventory.once("store_keeper", **KEEPER)
    answer = await inventory.client.post(SUPPLIES, json=form, headers=headers)
    assert answer.status_code == 200, answer.text


async def previewed(service: InMemory, **line: Any) -> Any:
    answer = await posted(service, f"{BASKET}/lines/preview", line, service.token("order_placer", **STAFF))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_preview_and_review_say_what_is_there_and_when_the_rest_comes() -> None:
    service, inventory = await both()
    await receive(inventory, "DEMO-W1", article_no=MASK, quantity=1)
    await on_order(inventory, 5, "2026-12-03")
    await begun(service)

    seen = await previewed(service, article_no=MASK, quantity=3, **WAREHOUSE)
    before = await shown(service)
    await added(service, article_no=MASK, quantity=3, **WAREHOUSE)
    (line,) = (await shown(service))["lines"]

    planned = {"article_no": MASK, "article_name": "Demomask", "in_stock": 1, "expected_on": "2026-12-03"}
    assert (seen["allowed"], seen["line"]["planned"]) == (True, planned)
    assert (before["lines"], line["planned"]) == ([], planned)


async def test_the_confirmation_says_when_the_last_of_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "ANSWERED_WITHIN_SECONDS", {"sent": 10.0})  # a slow machine tests this too
    service, inventory = await both()
    await on_order(inventory, 5, "2026-12-03")
    await begun(service)
    await added(service, article_no=MASK, quantity=3, **WAREHOUSE)

    asking = asyncio.create_task(sent(service))
    while not service.told_of(DeviceOrderSent):
        await asyncio.sleep(0.01)
    await inventory.hear(service.told_of(DeviceOrderSent)[0])
    await service.hear(inventory.told_of(DeviceOrderReserved)[0])

    (order,) = (await asking).json()["orders"]
    assert (order["state"], order["expected_on"]) == ("waiting", "2026-12-03")
    assert order["lines"][0]["expected_on"] == "2026-12-03"


async def test_a_replacement_is_told_before_the_line_is_saved_along_the_whole_chain() -> None:
    service = await told_devices()  # inventory does not answer: the catalogue says it
    for old, new in (("910007", "910008"), ("910008", "910009")):
        told = article(old, f"Mask {old}").model_copy(update={"status": "discontinued", "replaced_by": new})
        await service.hear(told)
    await service.hear(article("910009", "Demomask ny"))
    await begun(service)

    line = (await previewed(service, article_no="910007", quantity=2, **WAREHOUSE))["line"]

    assert (line["replaced_by"], line["replaced_by_name"], line["planned"]) == (
        "910009",
        "Demomask ny",
        None,
    )
    assert line["quantity"] == 2


@pytest.mark.parametrize("old_fee, new_fee", [("HJM-CPAP", None), (None, "HJM-CPAP")])
async def test_what_replaces_an_article_costs_what_was_told_with_the_order(
    old_fee: str | None, new_fee: str | None
) -> None:
    service = await told_devices()
    old = article("910007", "Demomask", fee_code=old_fee)
    await service.hear(old.model_copy(update={"status": "outgoing", "replaced_by": "910008"}))
    await service.hear(article("910008", "Demomask ny", fee_code=new_fee))
    await begun(service)
    await added(service, article_no="910007", **WAREHOUSE, **({"fee": True} if old_fee else {}))
    told = (await shown(service))["lines"][0]["price"]
    await sent(service)
    (order,) = service.told_of(DeviceOrderSent)

    comes = LineReserved(line_no=1, article_no="910008", reserved=1, waiting=0)
    await service.hear(DeviceOrderReserved(order_no=order.order_no, version=1, lines=(comes,)))

    (line,) = (await shown(service, f"/device-orders/{order.order_no}"))["lines"]
    assert line["delivered_article_no"] == "910008"
    assert line["fee"] == told
    assert (told is None) == (old_fee is None)


async def test_a_preview_names_every_reason_against_the_line() -> None:
    service = await told_devices()
    await begun(service)

    seen = await previewed(service, article_no="910001", quantity=2, **WAREHOUSE)

    assert [each["rule"] for each in seen["reasons"]] == ["marked-one-by-one", "fee-not-answered"]


async def test_a_review_is_shown_when_inventory_is_away_slow_or_answers_something_else() -> None:
    async def away(*_: Any, **__: Any) -> Any:
        raise httpx.ConnectError("away")

    async def slow(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(60)

    async def strange(*_: Any, **__: Any) -> Any:
        return {"lines": [{"line_no": "one"}]}

    for ask in (away, slow, strange):
        service = await told_devices(ask=ask)
        await begun(service)
        await added(service, article_no=MASK, **WAREHOUSE)

        (line,) = (await shown(service))["lines"]

        assert line["planned"] is None


async def test_nothing_is_planned_for_what_lies_in_an_own_storeroom() -> None:
    service, _ = await both()
    await service.hear(device())
    await begun(service)
    await added(service, device_no="D100001", fee=True)

    (line,) = (await shown(service))["lines"]

    assert line["planned"] is None


async def test_what_the_order_says_afterwards_is_newer_than_what_was_planned() -> None:
    service, _ = await both()
    await begun(service)
    await added(service, article_no=MASK, **WAREHOUSE)
    order_no = (await sent(service)).json()["orders"][0]["order_no"]
    order = service.told_of(DeviceOrderSent)[0]

    await service.hear(reserved(order, version=1, waiting=1))

    seen = await shown(service, f"/device-orders/{order_no}")
    assert seen["expected_on"] == date(2026, 12, 1).isoformat()
