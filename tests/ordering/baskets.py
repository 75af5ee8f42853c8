"""Baskets and orders of devices, as a secretary makes them and inventory follows them."""

from datetime import UTC, date, datetime
from typing import Any

import httpx

from shared.events.inventory_goods import (
    DeviceOrderReserved,
    LineReserved,
)
from shared.events.ordering_devices import DeviceOrderSent
from tests.ordering.devices import (
    CPAP,
    HUMIDIFIER,
    MASK,
    PRESCRIBER,
    STAFF,
    UNIT,
    placer,
    posted,
)
from tests.ordering.examples import PATIENT
from tests.support import InMemory

BASKET = f"/device-baskets/{PATIENT}"
HEAD: dict[str, Any] = {"care_unit": UNIT, "prescriber": PRESCRIBER}
WAREHOUSE = {"source": "warehouse"}
AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def put(service: InMemory, path: str, form: Any, **changes: Any) -> httpx.Response:
    return await service.client.put(path, json=form, headers=placer(service, **changes))


async def begun(service: InMemory, **head: Any) -> None:
    answer = await put(service, BASKET, HEAD | head)
    assert answer.status_code == 200, answer.text


async def added(service: InMemory, **line: Any) -> int:
    answer = await posted(service, f"{BASKET}/lines", line, placer(service))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["line_nos"][-1])


async def shown(service: InMemory, path: str = BASKET, **changes: Any) -> Any:
    answer = await service.client.get(path, headers=service.token("order_placer", **STAFF | changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sent(service: InMemory, **changes: Any) -> httpx.Response:
    return await posted(service, f"{BASKET}/send", None, placer(service, **changes))


async def rules_against(service: InMemory) -> list[str]:
    return [each["rule"] for each in (await shown(service))["reasons"]]


async def main_order(service: InMemory, **head: Any) -> DeviceOrderSent:
    """Order a CPAP with a chosen mask, fee yes, and a marked humidifier that goes with it."""
    await begun(service, **head)
    main = await added(service, article_no=CPAP, fee=True, components=[{"article_no": MASK}], **WAREHOUSE)
    await added(service, article_no=HUMIDIFIER, goes_with=main, **WAREHOUSE)
    answer = await sent(service)
    assert answer.status_code == 200, answer.text
    (order,) = service.told_of(DeviceOrderSent)[-1:]
    assert isinstance(order, DeviceOrderSent)
    return order


def reserved(order: DeviceOrderSent, *, version: int, waiting: int) -> DeviceOrderReserved:
    return DeviceOrderReserved(
        order_no=order.order_no,
        version=version,
        lines=tuple(
            LineReserved(
                line_no=each.line_no,
                article_no=each.article_no,
                reserved=each.quantity - waiting,
                waiting=waiting,
                expected_on=date(2026, 12, 1) if waiting else None,
            )
            for each in order.lines
        ),
    )


async def state_of(service: InMemory, order_no: str) -> tuple[str, str | None]:
    order = await shown(service, f"/device-orders/{order_no}")
    return order["state"], order["annulment"]


async def acted(service: InMemory, order_no: str, verb: str) -> Any:
    return (await posted(service, f"/device-orders/{order_no}/{verb}", None, placer(service))).json()
