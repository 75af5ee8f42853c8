"""An exchange whose old device is collected: one request for both, and inventory decides (Q41, Q48)."""

from collections.abc import Iterator
from dataclasses import replace

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.collecting.refusals import CollectionNotSaid, CollectionOver
from services.ordering.domain.collecting.registering import (
    CollectionRequest,
    against_collection,
    made,
    registered_fact,
)
from services.ordering.domain.devices.attaching import hand_out_with_files
from services.ordering.domain.devices.attachments import Attachment
from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.fact import Fact

Files = tuple[Attachment, ...]
Loans = tuple[Loan | None, ...]


def exchange_and_collect(
    absent: DeviceOrder | None,
    allowance: Allowance | None,
    files: Files,
    collection: CollectionOrder | None,
    loan: Loan | None,
    *,
    request: HandOutRequest,
    order_no: str,
    asked: CollectionRequest | None,
) -> Decision[DeviceOrder, Allowance | None, Files, CollectionOrder, Loan | None]:
    """Ask inventory to hand out, and let the old device wait for its collection order.

    `collection` is the open one that the device is on already; without it `asked` says what to register.
    Raises every reason against the hand-out and the collection order, and CollectionNotSaid.
    """
    order, allowance, files, facts = hand_out_with_files(
        absent, allowance, files, request=request, order_no=order_no
    )
    if collection is not None:
        return order, allowance, files, _marked(collection, request, order_no=order_no), loan, facts
    if asked is None:
        raise CollectionNotSaid(device_no=_old(request))
    refuse_any(against_collection((loan,), asked))
    made_now = made(asked, (loan,))
    begun = replace(made_now, state="requested")
    return order, allowance, files, _marked(begun, request, order_no=order_no), loan, facts


def against_exchange_collection(
    collection: CollectionOrder | None, loan: Loan | None, *, asked: CollectionRequest | None, device_no: str
) -> Iterator[Refused]:
    """Say what speaks against the collection order of an exchange, for its preview (N1)."""
    if collection is not None:
        return
    if asked is None:
        yield CollectionNotSaid(device_no=device_no)
    else:
        yield from against_collection((loan,), asked)


def note_exchanged(collection: CollectionOrder) -> Decision[CollectionOrder]:
    """The exchange was made: the old device waits at the unit, and its order is registered (Q41)."""
    if collection.state != "requested":
        return collection, []
    registered = replace(collection, state="registered")
    return registered, [registered_fact(registered)]


def note_not_exchanged(
    collection: CollectionOrder, *, order_no: str, refusal: Refusal
) -> Decision[CollectionOrder]:
    """The exchange was not made: inventory's refusal ends both halves (Q41)."""
    facts: list[Fact] = []
    for each in collection.devices:
        if each.exchange_no == order_no:
            collection = collection.with_device(replace(each, exchange_no=None))
    if collection.state == "requested":
        collection = replace(collection, state="refused", refusal=refusal)
    return collection, facts


def _marked(collection: CollectionOrder, request: HandOutRequest, *, order_no: str) -> CollectionOrder:
    """Note by which hand-out the patient gets another: raises CollectionOver when it waits no more."""
    device = collection.device(_old(request))
    if device is None or device.ended is not None or device.exchange_no or not collection.is_open:
        raise CollectionOver(collection_no=collection.collection_no)
    return collection.with_device(replace(device, exchange_no=order_no))


def _old(request: HandOutRequest) -> str:
    exchange = request.line.exchange
    return exchange.device_no if exchange else ""
