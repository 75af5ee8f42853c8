"""Goods that waited at the unit and were never fetched end the order (Q43)."""

import pytest

from shared.events.fact import Fact
from shared.events.inventory_goods import DeviceOrderNotFetched
from shared.events.ordering_devices import DeviceOrderSent
from shared.events.tasks import TaskRaised, TaskResolved
from tests.ordering.baskets import main_order, shown, state_of
from tests.ordering.devices import placer, posted, told_devices
from tests.ordering.examples import PATIENT
from tests.ordering.test_handing_over import RECEIVED, at_the_unit, despatched, goods, received


def ended(order: DeviceOrderSent, *line_nos: int) -> Fact:
    return DeviceOrderNotFetched(
        order_no=order.order_no,
        storeroom_no="DEMO-S1",
        ended_at=RECEIVED,
        lines=goods(order, *line_nos),
        complete=True,
    )


async def test_what_was_never_fetched_ends_the_order_and_its_task() -> None:
    service, order = await at_the_unit()
    service.clock.move(days=11)
    await service.run_jobs()

    await service.hear(ended(order))
    await service.hear(ended(order))
    late = await posted(service, f"/device-orders/{order.order_no}/hand-overs", {}, placer(service))

    (task,) = service.told_of(TaskRaised)
    (resolved,) = service.told_of(TaskResolved)
    assert (resolved.task_id, resolved.how) == (task.task_id, "not-fetched")
    seen = await shown(service, f"/device-orders/{order.order_no}")
    assert (seen["state"], [each["at_unit"] for each in seen["lines"]]) == ("not_fetched", [0, 0])
    assert late.json()["rule"] == "nothing-at-unit"


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_the_facts_of_goods_not_fetched_may_come_in_any_order(first: int) -> None:
    service = await told_devices()
    order = await main_order(service)
    facts = [despatched(order), received(order), ended(order)]

    for fact in (*facts[first:], *facts[:first]):
        await service.hear(fact)

    assert (await state_of(service, order.order_no))[0] == "not_fetched"


async def test_what_the_patient_got_stays_handed_out_when_the_rest_is_not_fetched() -> None:
    service, order = await at_the_unit()
    part = {"lines": [{"line_no": 1}]}

    answer = await posted(service, f"/device-orders/{order.order_no}/hand-overs", part, placer(service))
    await service.hear(ended(order, 2))

    assert answer.status_code == 200, answer.text
    assert (await state_of(service, order.order_no))[0] == "handed_out"


async def test_what_was_never_fetched_is_not_waited_for_on_the_list_of_aids() -> None:
    service, order = await at_the_unit()

    await service.hear(ended(order, 2))

    listed = await shown(service, f"/patients/{PATIENT}/aids")
    assert [each["line_no"] for each in listed["ordered"]] == [1]
