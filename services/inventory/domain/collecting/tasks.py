"""Tasks about pieces that lacked or that nobody expected when a collection order was closed (Q48, N7)."""

from collections.abc import Iterator, Mapping

from services.inventory.domain.collecting.order import CollectionOrder
from services.inventory.domain.collecting.scanned import Closing, Found
from services.inventory.domain.collecting.unpacking import Unpacked
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.naming import article_named, device_named
from shared.events.tasks import TaskRaised


def tasks_of(
    order: CollectionOrder, found: Found, devices: Mapping[str, Device | None], closing: Closing
) -> Iterator[TaskRaised]:
    """Ask the care unit for each device that did not come, the warehouse about each that nobody expected."""
    place = closing.storeroom.storeroom_no

    def named(device_no: str) -> Mapping[str, str]:
        device = devices.get(device_no)
        said = device_named(device, closing.articles) if device else device_no
        return {"device_no": device_no, "device": said}

    for each in found.not_there:
        yield TaskRaised(
            task_id=f"collection-lacks:{order.collection_no}:{each.device_no}",
            kind="collection_lacks_piece",
            role="order_placer",
            care_unit=order.care_unit or None,
            subject_no=order.collection_no,
            reason="device-not-collected",
            details=named(each.device_no),
        )
    for device_no in found.unexpected:
        yield TaskRaised(
            task_id=f"collection-unexpected:{order.collection_no}:{device_no}",
            kind="collection_has_other_piece",
            role="store_keeper",
            care_unit=place,
            subject_no=order.collection_no,
            reason="device-not-on-collection-order",
            details=named(device_no),
        )
    for other in closing.others:
        yield _of_other_pieces(order, other.article_no, other.quantity, closing)


def tasks_of_components(
    order: CollectionOrder, device: Device, unpack: Unpacked, closing: Closing
) -> Iterator[TaskRaised]:
    """Ask the care unit for components that were not on the device, and the warehouse about others."""
    for article_no, quantity in unpack.lacking.items():
        yield TaskRaised(
            task_id=f"collection-lacks:{order.collection_no}:{device.device_no}:{article_no}",
            kind="collection_lacks_piece",
            role="order_placer",
            care_unit=order.care_unit or None,
            subject_no=order.collection_no,
            reason="component-not-collected",
            details={
                **_pieces(article_no, quantity, closing),
                "device_no": device.device_no,
                "device": device_named(device, closing.articles),
            },
        )
    for article_no, quantity in unpack.extra.items():
        yield _of_other_pieces(order, article_no, quantity, closing, device_no=device.device_no)


def _of_other_pieces(
    order: CollectionOrder, article_no: str, quantity: int, closing: Closing, *, device_no: str = ""
) -> TaskRaised:
    return TaskRaised(
        task_id=f"collection-unexpected:{order.collection_no}:{device_no}:{article_no}",
        kind="collection_has_other_piece",
        role="store_keeper",
        care_unit=closing.storeroom.storeroom_no,
        subject_no=order.collection_no,
        reason="pieces-not-on-collection-order",
        details=_pieces(article_no, quantity, closing),
    )


def _pieces(article_no: str, quantity: int, closing: Closing) -> Mapping[str, str]:
    article = article_named(article_no, closing.articles)
    return {"article_no": article_no, "article": article, "quantity": str(quantity)}
