"""Baskets and hand-outs together with the files that their lines name: both change at once (S88, S93)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.devices.attachments import Attachment, AttachmentUsed, attach, detach
from services.ordering.domain.devices.basket import Basket
from services.ordering.domain.devices.following import note_refused
from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.hand_out import HandOutRequest, hand_out
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.devices.sending_basket import (
    BasketChangedMeanwhile,
    BasketRequest,
    send_basket,
)
from shared.domain.decision import Decision

Files = tuple[Attachment, ...]
Orders = tuple[DeviceOrder | None, ...]


def named_by(lines: Iterable[Line]) -> frozenset[str]:
    """Name the files of some lines."""
    return frozenset(each.attachment_id for line in lines for each in line.attachments)


def change_with_files(
    basket: Basket, files: Files, *, rule: Callable[[Basket], Decision[Basket]], at: datetime
) -> Decision[Basket, Files]:
    """Change a basket; what a line names from now on is attached, and what none names is not.

    Raises BasketChangedMeanwhile, AttachmentTaken and AttachmentUsed.
    """
    after, facts = rule(basket)
    before, now = named_by(basket.lines), named_by(after.lines)
    if len(now) < sum(len(line.attachments) for line in after.lines):
        raise AttachmentUsed
    if not before ^ now <= {each.attachment_id for each in files}:
        raise BasketChangedMeanwhile

    def changed(file: Attachment) -> Attachment:
        if file.attachment_id in now - before:
            return attach(file, patient_ref=basket.patient_ref, by=basket.owner)
        return detach(file, at=at) if file.attachment_id in before - now else file

    return after, tuple(changed(each) for each in files), facts


def send_with_files(
    basket: Basket,
    allowance: Allowance | None,
    absent: Orders,
    files: Files,
    *,
    request: BasketRequest,
    order_nos: tuple[str, ...],
) -> Decision[Basket, Allowance | None, Orders, Files]:
    """Order what lies in the basket; each file goes with the order of its line (Q49, S88).

    Raises every reason against the basket, and BasketChangedMeanwhile.
    """
    if named_by(basket.lines) != {each.attachment_id for each in files}:
        raise BasketChangedMeanwhile
    after, allowance, orders, facts = send_basket(
        basket, allowance, absent, request=request, order_nos=order_nos
    )
    of_file = {no: order for order in orders if order for no in named_by(each.line for each in order.lines)}
    return after, allowance, orders, tuple(_gone(each, of_file[each.attachment_id]) for each in files), facts


def hand_out_with_files(
    absent: DeviceOrder | None,
    allowance: Allowance | None,
    files: Files,
    *,
    request: HandOutRequest,
    order_no: str,
) -> Decision[DeviceOrder, Allowance | None, Files]:
    """Ask inventory to hand out; each file goes with the hand-out (Q41, S88, S93).

    Raises every reason against the hand-out, NotFound, AttachmentTaken and AttachmentUsed.
    """
    order, allowance, facts = hand_out(absent, allowance, request=request, order_no=order_no)
    named = (attach(each, patient_ref=order.patient_ref, by=order.placed_by) for each in files)
    return order, allowance, tuple(_gone(each, order) for each in named), facts


def refuse_with_files(
    order: DeviceOrder, files: Files, *, refusal: Refusal, at: datetime
) -> Decision[DeviceOrder, Files]:
    """The hand-out was not made: its files may be named again, by the next one (Q41, S88)."""
    refused, facts = note_refused(order, refusal=refusal)
    freed = tuple(
        replace(detach(each, at=at), order_no=None) if each.order_no == order.order_no else each
        for each in files
    )
    return refused, freed, facts


def _gone(file: Attachment, order: DeviceOrder) -> Attachment:
    """Note with which order it went: who may see that may open it."""
    return replace(
        file,
        order_no=order.order_no,
        care_unit=order.care_unit,
        product_area=order.product_area,
        storeroom_no=order.storeroom_no,
    )
