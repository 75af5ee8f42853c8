"""Reports about orders of devices and collections, for the units that a person works at (S128, S150)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.ordering.domain.delivery_times import DeliveryTimes, delivered_on
from services.ordering.domain.devices.following import note_reserved
from services.ordering.domain.devices.goods import Goods, HandedOut, Parcel
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import Delivery, DeviceOrder, LineState, OrderedLine, Reserved
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_ORDERS
from shared.domain.decision import Decision
from shared.repository import Cause
from tests.ordering.collecting import registered, with_cpap
from tests.ordering.devices import CPAP, OTHER_UNIT, UNIT, placer, posted
from tests.ordering.examples import PATIENT
from tests.support import InMemory

TIMES, OPEN = "/reports/delivery-times", "/reports/open-collections"
SENT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ORDER = DeviceOrder(
    "B1", "order", PATIENT, UNIT, "cpap", "DEMO-W1", "p", "Prov", "s", "Prov", SENT, date(2026, 11, 2),
    (OrderedLine(Line(1, CPAP)),),
)  # fmt: skip
GOODS = (Goods(1, CPAP, 1),)


def came(after_days: int, **changes: Any) -> DeviceOrder:
    """An order whose only parcel was received so many days after it was sent."""
    at = SENT + timedelta(days=after_days)
    return replace(ORDER, parcels=(Parcel("P1", GOODS, SENT, at, complete=True),), **changes)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    ordering = await with_cpap()
    yield ordering
    await ordering.client.aclose()


async def kept(service: InMemory, *orders: DeviceOrder) -> None:
    for number, each in enumerate(orders):
        order = replace(each, order_no=f"B{number}")
        ref = DEVICE_ORDERS.maybe(order.order_no)
        await service.repository.change(ref, partial(_as_kept, order), cause=Cause(key=None))


def _as_kept(order: DeviceOrder, _: DeviceOrder | None) -> Decision[DeviceOrder]:
    return order, []


async def asked(service: InMemory, path: str, form: dict[str, Any], **who: Any) -> Any:
    headers = service.token("economist", **who) if who else placer(service)
    return await posted(service, path, form, headers)


async def test_the_median_and_nine_of_ten_are_of_the_orders_that_came(service: InMemory) -> None:
    orders = [came(days, promised_on=date(2026, 11, 6)) for days in (1, 2, 3, 5, 9)]
    await kept(service, *orders, came(2), ORDER, replace(came(1), care_unit=OTHER_UNIT))

    (row,) = (await asked(service, TIMES, {"since": "2026-11-01", "until": "2026-11-23"})).json()
    none = (await asked(service, TIMES, {"since": "2026-11-03"})).json()
    everybodys = (await asked(service, TIMES, {"product_area": "cpap"}, product_areas=[])).json()

    assert row == {
        "care_unit": UNIT, "care_unit_name": "Sömnmottagningen Demostad", "product_area": "cpap",
        "delivered": 6, "under_way": 1, "median_days": 2, "nine_of_ten_days": 9, "promised": 5, "late": 2,
    }  # fmt: skip
    assert none == []
    assert [each["care_unit"] for each in everybodys] == [UNIT, OTHER_UNIT]


async def test_a_report_is_of_own_units_and_areas_and_of_a_period_in_order(service: InMemory) -> None:
    await kept(service, came(1))
    other_area = service.token("order_placer", care_units=[UNIT], product_areas=["hearing"])

    elsewhere = [
        (await asked(service, path, {"care_unit": OTHER_UNIT})).status_code for path in (TIMES, OPEN)
    ]
    reversed_days = await asked(service, TIMES, {"since": "2026-11-23", "until": "2026-11-22"})
    hearing = await posted(service, TIMES, {}, other_area)

    assert elsewhere == [403, 403]
    assert reversed_days.json()["rule"] == "period-reversed"
    assert hearing.json() == []


async def test_collections_that_are_open_too_long_are_reported_the_oldest_first(service: InMemory) -> None:
    number = await registered(service)
    service.clock.move(days=15)

    (row,) = (await asked(service, OPEN, {})).json()
    longer = (await asked(service, OPEN, {"longer_than_days": 15})).json()
    area = (await asked(service, OPEN, {"care_unit": UNIT, "product_area": "hearing"})).json()

    assert (row["collection_no"], row["days_open"], row["where_text"], row["devices"]) == (
        number, 15, "hos patienten", 1,
    )  # fmt: skip
    assert "patient_ref" not in row
    assert (longer, area) == ([], [])
    hearing = service.token("order_placer", care_units=[UNIT], product_areas=["hearing"])
    assert (await posted(service, OPEN, {}, hearing)).json() == []
    order = await service.repository.get(COLLECTION_ORDERS.ref(number))
    assert order.state == "registered"


async def test_reports_are_files_and_accessible_prints(service: InMemory) -> None:
    await registered(service)
    await kept(service, came(1))
    service.clock.move(days=15)

    for path in (TIMES, OPEN):
        file = await asked(service, path, {"form": "csv"})
        paper = await asked(service, path, {"form": "pdf"})
        assert file.headers["content-type"] == "text/csv; charset=utf-8", file.text
        assert len(file.text.splitlines()) == len(("titles", "row"))
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-"), paper.text


def test_an_order_has_come_when_the_last_of_it_has() -> None:
    at_home = replace(
        ORDER, delivery=Delivery("home"), parcels=(Parcel("P1", GOODS, SENT, complete=True),),
        handed_out=(HandedOut(date(2026, 11, 5), SENT, GOODS),),
    )  # fmt: skip
    in_part = replace(came(1), parcels=(*came(1).parcels, Parcel("P2", GOODS, SENT)))

    assert delivered_on(at_home) == date(2026, 11, 5)
    assert delivered_on(replace(at_home, handed_out=())) is None
    assert [delivered_on(each) for each in (in_part, ORDER, replace(came(1), kind="hand_out"))] == [None] * 3
    assert DeliveryTimes().percentile(50) is None


def test_the_planned_day_that_was_said_first_is_the_promise() -> None:
    def told(version: int, *lines: LineState) -> Reserved:
        return Reserved(version, lines)

    first = LineState(1, CPAP, 0, 1, date(2026, 11, 10))
    order, _ = note_reserved(ORDER, reserved=told(1, first))
    later, _ = note_reserved(order, reserved=told(2, replace(first, expected_on=date(2026, 11, 20))))
    unknown, _ = note_reserved(ORDER, reserved=told(1, first, LineState(2, CPAP, 0, 1, None)))
    there, _ = note_reserved(ORDER, reserved=told(1, LineState(1, CPAP, 1, 0, None)))

    assert [each.promised_on for each in (order, later)] == [date(2026, 11, 10)] * 2
    assert (unknown.promised_on, there.promised_on) == (None, None)
