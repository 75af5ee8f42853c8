"""Ordering publishes once that nothing more is waited for of a device order (0056)."""

from shared.events.inventory_goods import DeviceOrderReleased
from shared.events.ordering_devices import DeviceOrderOver, DeviceOrderSent
from tests.ordering.baskets import added, begun, sent
from tests.ordering.collecting import with_cpap
from tests.ordering.devices import CPAP, hand_out_form, handed_out, made, refused, told_devices
from tests.support import InMemory


def told(service: InMemory) -> list[tuple[str, object]]:
    return [(each.order_no, each.how) for each in service.told_of(DeviceOrderOver)]


async def test_of_a_hand_out_it_is_published_once_with_how_it_ended() -> None:
    service = await with_cpap()
    (first,) = service.told_of(DeviceOrderSent)

    await service.hear(made(first))

    assert told(service) == [(first.order_no, "handed_out")]


async def test_a_refused_hand_out_is_over_too() -> None:
    service = await told_devices()

    await handed_out(service, hand_out_form(), answer=refused)

    assert [how for _, how in told(service)] == ["refused"]


async def test_an_order_is_over_when_it_is_annulled_and_not_before() -> None:
    service = await told_devices()
    await begun(service)
    await added(service, article_no=CPAP, fee=True, source="warehouse")
    await sent(service)
    (order,) = service.told_of(DeviceOrderSent)
    before = told(service)

    for _ in range(2):
        await service.hear(DeviceOrderReleased(order_no=order.order_no, released_at=order.sent_at))

    assert (before, told(service)) == ([], [(order.order_no, "annulled")])
