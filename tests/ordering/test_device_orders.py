"""What becomes of a device order: reserved, annulled, split, moved, stopped (Q49, Q55, S129)."""

from datetime import date

from shared.events.fact import Fact
from shared.events.inventory_goods import (
    DeviceOrderNotReleased,
    DeviceOrderPicking,
    DeviceOrderReleased,
)
from shared.events.ordering_devices import DeviceOrderAnnulmentAsked, DeviceOrderSent, DeviceOrderSplit
from shared.events.prescription import PatientsMerged
from shared.events.tasks import TaskRaised
from tests.ordering.baskets import (
    AT,
    WAREHOUSE,
    acted,
    added,
    begun,
    main_order,
    reserved,
    sent,
    shown,
    state_of,
)
from tests.ordering.desk import patient
from tests.ordering.devices import (
    HUMIDIFIER,
    MASK,
    device,
    told_devices,
)
from tests.ordering.examples import PATIENT


async def test_the_newest_snapshot_of_what_is_reserved_counts_whatever_comes_first() -> None:
    service = await told_devices()
    order = await main_order(service)

    await service.hear(reserved(order, version=2, waiting=1))
    planned = (await shown(service, f"/device-orders/{order.order_no}"))["expected_on"]
    await service.hear(reserved(order, version=1, waiting=0))
    late = await state_of(service, order.order_no)
    await service.hear(reserved(order, version=3, waiting=0))

    assert (planned, late) == ("2026-12-01", ("waiting", None))
    assert await state_of(service, order.order_no) == ("reserved", None)


async def test_an_order_is_annulled_when_inventory_releases_it() -> None:
    service = await told_devices()
    order_no = (await main_order(service)).order_no

    await acted(service, order_no, "annul")
    asked = await state_of(service, order_no)
    twice = await acted(service, order_no, "annul")
    await service.hear(DeviceOrderReleased(order_no=order_no, released_at=AT))

    assert [each.order_no for each in service.told_of(DeviceOrderAnnulmentAsked)] == [order_no]
    assert (asked, twice["rule"]) == (("annulment_asked", "asked"), "device-annulment-asked")
    assert await state_of(service, order_no) == ("annulled", None)


async def test_an_order_that_is_being_picked_stands_and_says_so() -> None:
    service = await told_devices()
    order_no = (await main_order(service)).order_no
    await acted(service, order_no, "annul")

    facts: list[Fact] = [
        DeviceOrderNotReleased(order_no=order_no, refused_at=AT, why="picking"),
        DeviceOrderPicking(order_no=order_no, pick_list_no="K1", picking_at=AT),
    ]
    for fact in facts:
        await service.hear(fact)
    again = await acted(service, order_no, "annul")

    assert await state_of(service, order_no) == ("picking", "too_late")
    assert again["rule"] == "device-order-too-late"


async def test_a_hand_out_is_never_annulled() -> None:
    service = await told_devices()
    await service.hear(device("D200001", HUMIDIFIER))
    await begun(service)
    await added(service, device_no="D200001")
    await sent(service)
    (order,) = service.told_of(DeviceOrderSent)

    assert (await acted(service, order.order_no, "annul"))["rule"] == "hand-out-not-annulled"


async def test_a_joint_delivery_that_waits_is_split_once() -> None:
    service = await told_devices()
    order = await main_order(service, joint=True)
    await service.hear(reserved(order, version=1, waiting=1))

    await acted(service, order.order_no, "split")
    twice = await acted(service, order.order_no, "split")

    assert [each.order_no for each in service.told_of(DeviceOrderSplit)] == [order.order_no]
    assert twice["rule"] == "nothing-to-split"


async def test_orders_and_basket_follow_a_patient_who_turns_out_to_be_another() -> None:
    service = await told_devices()
    order = await main_order(service)
    await added(service, article_no=MASK, **WAREHOUSE)
    await service.hear(patient(service.seals, patient_ref="patient-2"))

    await service.hear(
        PatientsMerged(patient_ref=PATIENT, into_ref="patient-2", merged_on=date(2026, 11, 23))
    )

    moved = await shown(service, f"/device-orders/{order.order_no}")
    basket = await shown(service)
    assert moved["patient_ref"] == "patient-2"
    assert (basket["patient_ref"], len(basket["lines"])) == ("patient-2", 1)


async def test_when_the_patient_dies_the_order_is_annulled_and_the_basket_emptied() -> None:
    service = await told_devices()
    order = await main_order(service)
    await added(service, article_no=MASK, **WAREHOUSE)

    await service.hear(patient(service.seals, version=2, deceased_on=date(2026, 11, 23)))

    assert await state_of(service, order.order_no) == ("annulment_asked", "asked")
    assert (await shown(service))["lines"] == []


async def test_of_a_patient_who_becomes_protected_nothing_of_the_address_is_kept() -> None:
    service = await told_devices()
    await begun(service, deliver_to="home")
    await added(service, article_no=MASK, **WAREHOUSE)
    order_no = (await sent(service)).json()["orders"][0]["order_no"]
    await service.hear(DeviceOrderPicking(order_no=order_no, pick_list_no="K1", picking_at=AT))

    await service.hear(
        patient(service.seals, version=2, protected=True, number=None, name=None, address=None)
    )

    order = await shown(service, f"/device-orders/{order_no}")
    assert order["state"] == "picking"
    (task,) = service.told_of(TaskRaised)
    assert (task.subject_no, task.patient_ref) == (order_no, None)
