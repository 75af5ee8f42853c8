"""Goods that wait at the care unit are handed to the patient on the true day, and printed for (Q43, S105)."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pytest

from services.ordering.api.devices.prints import agreement_page, note_page
from services.ordering.domain.devices.agreement import with_patient
from services.ordering.repository.collections import DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from shared.events.fact import Fact
from shared.events.inventory_goods import (
    DeviceOrderDespatched,
    DeviceOrderPicking,
    DeviceOrderReceived,
    DeviceOrderReleased,
    LineGoods,
)
from shared.events.ordering_devices import DeviceOrderSent, DevicesHandedOver
from shared.events.tasks import TaskRaised, TaskResolved
from tests.ordering.baskets import HEAD, acted, main_order, reserved, shown, state_of
from tests.ordering.devices import (
    CPAP,
    HUMIDIFIER,
    STAFF,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    told_devices,
)
from tests.support import InMemory

DESPATCHED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
REASON = {"reason": "Systemet låg nere den dagen"}


def goods(order: DeviceOrderSent, *line_nos: int) -> tuple[LineGoods, ...]:
    return tuple(
        LineGoods(
            line_no=each.line_no,
            article_no=each.article_no,
            quantity=each.quantity,
            device_nos=(f"D{each.article_no}",),
        )
        for each in order.lines
        if not line_nos or each.line_no in line_nos
    )


def despatched(order: DeviceOrderSent, *line_nos: int, parcel: str = "K1", complete: bool = True) -> Fact:
    return DeviceOrderDespatched(
        order_no=order.order_no,
        parcel_no=parcel,
        despatched_at=DESPATCHED,
        lines=goods(order, *line_nos),
        complete=complete,
    )


def received(order: DeviceOrderSent, *line_nos: int, parcel: str = "K1") -> Fact:
    return DeviceOrderReceived(
        order_no=order.order_no,
        parcel_no=parcel,
        care_unit=order.care_unit,
        received_at=RECEIVED,
        lines=goods(order, *line_nos),
    )


async def at_the_unit() -> tuple[InMemory, DeviceOrderSent]:
    """Order, despatch and receive everything; it is four days later."""
    service = await told_devices()
    order = await main_order(service)
    for fact in (despatched(order), received(order)):
        await service.hear(fact)
    service.clock.move(days=6)
    return service, order


async def given(service: InMemory, order: DeviceOrderSent, form: Any, **changes: Any) -> Any:
    path = f"/device-orders/{order.order_no}/hand-overs"
    return (await posted(service, path, form, placer(service, **changes))).json()


async def test_a_colleague_registers_the_hand_over_and_its_day_is_day_0() -> None:
    service, order = await at_the_unit()
    before = await state_of(service, order.order_no)

    await given(service, order, {}, sub="order_placer-2")

    (fact,) = service.told_of(DevicesHandedOver)
    seen = await shown(service, f"/device-orders/{order.order_no}")
    assert before == ("received", None)
    assert (fact.handed_over_on, fact.hand_over_no) == (date(2026, 11, 29), f"{order.order_no}-1")
    assert [each.device_nos for each in fact.lines] == [(f"D{CPAP}",), (f"D{HUMIDIFIER}",)]
    assert (seen["state"], seen["handed_out_on"]) == ("handed_out", "2026-11-29")
    assert seen["hand_overs"][0]["by"] == "order_placer-2"


async def test_a_hand_over_on_an_earlier_day_says_why_and_is_not_before_the_despatch() -> None:
    service, order = await at_the_unit()

    silent = await given(service, order, {"handed_over_on": "2026-11-26"})
    too_early = await given(service, order, {"handed_over_on": "2026-11-23", **REASON})
    to_come = await given(service, order, {"handed_over_on": "2026-11-30", **REASON})
    await given(service, order, {"handed_over_on": "2026-11-26", **REASON})

    assert [each["rule"] for each in (silent, too_early, to_come)] == [
        "late-needs-reason",
        "before-despatch",
        "day-to-come",
    ]
    (fact,) = service.told_of(DevicesHandedOver)
    assert fact.handed_over_on == date(2026, 11, 26)


async def test_a_line_and_its_device_are_named_once_in_a_hand_over() -> None:
    service, order = await at_the_unit()
    device = {"line_no": 1, "device_nos": [f"D{CPAP}"]}

    twice = await given(service, order, {"lines": [device, device]})
    counted = await given(service, order, {"lines": [{"line_no": 2}, {"line_no": 2}]})

    assert [each["rule"] for each in (twice, counted)] == ["hand-over-line-twice"] * 2
    assert service.told_of(DevicesHandedOver) == []


async def test_an_order_is_handed_over_in_parts_and_nothing_twice() -> None:
    service, order = await at_the_unit()

    await given(service, order, {"lines": [{"line_no": 2}]})
    part = await state_of(service, order.order_no)
    again = await given(service, order, {"lines": [{"line_no": 2}]})
    wrong = await given(service, order, {"lines": [{"line_no": 1, "device_nos": ["D777777"]}]})
    await given(service, order, {"lines": [{"line_no": 1, "device_nos": [f"D{CPAP}"]}]})
    over = await given(service, order, {})

    assert part == ("partly_handed_out", None)
    assert [each["rule"] for each in (again, wrong, over)] == [
        "not-at-unit",
        "not-at-unit",
        "nothing-at-unit",
    ]
    assert [each.hand_over_no[-2:] for each in service.told_of(DevicesHandedOver)] == ["-1", "-2"]
    assert await state_of(service, order.order_no) == ("handed_out", None)


async def test_goods_that_wait_for_two_weeks_are_a_task_that_the_hand_over_ends() -> None:
    service, order = await at_the_unit()
    service.clock.move(days=10, hours=-2)
    await service.run_jobs()
    early = service.told_of(TaskRaised)

    service.clock.move(hours=2)
    await service.run_jobs()
    await service.run_jobs()
    await given(service, order, {})

    (task,) = service.told_of(TaskRaised)
    assert (early, task.kind, task.care_unit) == ([], "device_not_handed_over", order.care_unit)
    assert task.details == {"since": "2026-11-25"}
    assert [each.task_id for each in service.told_of(TaskResolved)] == [task.task_id]


@pytest.mark.parametrize("first", [0, 1, 2, 3])
async def test_facts_in_any_order_and_twice_give_the_same_state(first: int) -> None:
    service = await told_devices()
    order = await main_order(service)
    facts: list[Fact] = [
        reserved(order, version=1, waiting=0),
        DeviceOrderPicking(order_no=order.order_no, pick_list_no="P1", picking_at=DESPATCHED),
        despatched(order),
        received(order),
    ]

    for fact in (*facts[first:], *facts[:first], *reversed(facts)):
        await service.hear(fact)

    seen = await shown(service, f"/device-orders/{order.order_no}")
    assert (seen["state"], [each["at_unit"] for each in seen["lines"]]) == ("received", [1, 1])
    assert seen["parcel_nos"] == ["K1"]


async def test_goods_that_left_count_above_a_release_that_says_otherwise() -> None:
    service = await told_devices()
    order = await main_order(service)
    await acted(service, order.order_no, "annul")

    await service.hear(DeviceOrderReleased(order_no=order.order_no, released_at=DESPATCHED))
    await service.hear(despatched(order, 1, complete=False))

    assert await state_of(service, order.order_no) == ("partly_despatched", None)


async def test_of_an_order_that_came_short_what_came_is_handed_over_and_it_is_over() -> None:
    service = await told_devices()
    order = await main_order(service)
    await service.hear(despatched(order, 1))
    under_way = await state_of(service, order.order_no)
    await service.hear(received(order, 1))
    service.clock.move(days=6)

    await given(service, order, {})

    assert under_way == ("despatched", None)
    assert await state_of(service, order.order_no) == ("handed_out", None)


async def printed(service: InMemory, order_no: str, what: str, language: str = "sv") -> Any:
    headers = {**service.token("order_placer", **STAFF), "Accept-Language": language}
    return await service.client.post(f"/device-orders/{order_no}/{what}", headers=headers)


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_the_loan_agreement_is_an_accessible_pdf_in_the_readers_language(language: str) -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]

    answer = await printed(service, order_no, "loan-agreement", language)

    pdf = pikepdf.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == "application/pdf"
    assert str(pdf.Root.Lang) == language
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.docinfo["/Title"]) == {"sv": "Låneförbindelse", "en": "Loan agreement"}[language]


async def test_the_agreement_has_the_text_of_its_product_area_and_says_who_registered_the_signature() -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]
    path = f"/device-orders/{order_no}/loan-agreement/signed"

    later = await posted(service, path, {"signed_on": "2026-11-24"}, placer(service))
    await posted(service, path, {"signed_on": "2026-11-23"}, placer(service))

    order = await service.repository.get(DEVICE_ORDERS.ref(order_no))
    catalogue = await told_names(service, order_no)
    page = agreement_page(
        order, catalogue, with_patient(order), name="Test Testsson", language="sv", on=date(2026, 11, 23)
    )
    seen = await shown(service, f"/device-orders/{order_no}")
    assert later.json()["rule"] == "day-to-come"
    assert "CPAP-apparaten" in page["paragraphs"][0]
    assert page["rows"] == [["Demo-CPAP (910001)", "D100001", "1"]]
    assert (page["signed_on"], page["signed_by"]) == ("2026-11-23", "order_placer-1")
    assert (seen["agreement_signed_on"], seen["agreement_registered_by"]) == ("2026-11-23", "order_placer-1")


async def test_the_delivery_note_lists_what_was_sent_and_where() -> None:
    service, order = await at_the_unit()

    answer = await printed(service, order.order_no, "delivery-note")
    kept = await service.repository.get(DEVICE_ORDERS.ref(order.order_no))
    catalogue = await told_names(service, order.order_no)
    page = note_page(
        kept,
        catalogue,
        name="Test Testsson",
        address=["Sömnmottagningen"],
        language="sv",
        on=date(2026, 11, 29),
    )

    assert answer.status_code == 200
    assert [each[1] for each in page["rows"]] == [f"D{CPAP}", f"D{HUMIDIFIER}"]
    assert page["contact"] == "Förskrivare Testsson"


async def test_for_the_care_units_own_device_no_agreement_is_made() -> None:
    service = await told_devices()
    await service.hear(device("D200001", owner="care_unit"))
    order_no = (await handed_out(service, hand_out_form(device_no="D200001"))).json()["order_no"]

    answer = await printed(service, order_no, "loan-agreement")

    assert answer.json()["rule"] == "owned-by-the-unit"


async def test_before_anything_is_handed_out_there_is_nothing_to_sign() -> None:
    service = await told_devices()
    order = await main_order(service)

    answer = await printed(service, order.order_no, "loan-agreement")

    assert answer.json()["rule"] == "nothing-on-loan"
    assert HEAD["prescriber"] == order.prescriber


async def told_names(service: InMemory, order_no: str) -> Any:
    order = await service.repository.get(DEVICE_ORDERS.ref(order_no))
    return await DeviceOrdering(service.repository).names_for((order,))
