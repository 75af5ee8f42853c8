"""Reads what an exchange decides about whose old device goes to the warehouse (Q41, Q48)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.ordering.application.collecting import Collecting, Wish
from services.ordering.domain.collecting.exchanging import against_exchange_collection
from services.ordering.domain.collecting.registering import CollectionRequest
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_LOANS
from shared.auth.actor import Actor
from shared.domain.decision import Refused


@dataclass(frozen=True)
class OldDevice:
    """The collection order of the old device: an open one, or what shall be registered."""

    device_no: str
    loan_id: str
    collection_no: str
    asked: CollectionRequest | None
    """None where the device is on an open order, or nobody said why it is collected."""


async def old_device(
    collecting: Collecting, request: HandOutRequest, wish: Wish | None, actor: Actor, *, is_kept: bool
) -> OldDevice | None:
    """Give the old device of an exchange that is to be collected; None of every other hand-out.

    A number is taken only for what `is_kept`. Raises Forbidden.
    """
    exchange = request.line.exchange
    if exchange is None or exchange.disposition != "collect":
        return None
    loan = request.catalogue.loan_of(exchange.device_no)
    number = loan.collection_no if loan else None
    if wish is None:
        return OldDevice(exchange.device_no, exchange.loan_id, number or "", None)
    desk = collecting.desk
    new = await desk.repository.next_number("H", year=desk.clock.today().year) if is_kept else ""
    asked, _ = await collecting.read(wish, actor, collection_no=new)
    return OldDevice(exchange.device_no, exchange.loan_id, new, asked)


async def reasons_against(collecting: Collecting, old: OldDevice, *, care_unit: str) -> Iterator[Refused]:
    """Say what speaks against the collection order of an exchange (N1)."""
    repository = collecting.desk.repository
    collection = await repository.get(COLLECTION_ORDERS.maybe(old.collection_no))
    loan = await repository.get(DEVICE_LOANS.maybe(old.loan_id))
    return against_exchange_collection(
        collection, loan, asked=old.asked, device_no=old.device_no, care_unit=care_unit
    )


def with_collection(request: HandOutRequest, old: OldDevice) -> HandOutRequest:
    """Name the collection order on the line."""
    exchange = request.line.exchange
    named = exchange and replace(exchange, collection_no=old.collection_no)
    return replace(request, line=replace(request.line, exchange=named))
