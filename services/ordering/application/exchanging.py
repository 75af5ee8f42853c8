"""Reads what an exchange decides about whose old device goes to the warehouse (Q41, Q48)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.ordering.application.collecting import Collecting, Wish
from services.ordering.domain.collecting.exchanging import OldDevice, against_exchange_collection
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.domain.devices.handing_over import HandOverRequest
from services.ordering.domain.devices.lines import Exchange
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_LOANS
from shared.auth.actor import Actor
from shared.domain.decision import Refused


async def old_device(
    collecting: Collecting,
    exchange: Exchange | None,
    catalogue: DeviceCatalogue,
    wish: Wish | None,
    actor: Actor,
    *,
    is_kept: bool,
) -> OldDevice | None:
    """Give the old device of an exchange that is to be collected; None of every other hand-out.

    A number is taken only for what `is_kept`. Raises Forbidden.
    """
    if exchange is None or exchange.disposition != "collect":
        return None
    loan = catalogue.loan_of(exchange.device_no)
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
    return replace(request, line=replace(request.line, exchange=_named(request.line.exchange, old)))


def with_collections(request: HandOverRequest, olds: Iterable[OldDevice]) -> HandOverRequest:
    """Name the collection orders on what is handed over."""
    by_device = {each.device_no: each for each in olds}
    lines = tuple(
        replace(each, exchange=_named(each.exchange, by_device[each.exchange.device_no]))
        if each.exchange and each.exchange.device_no in by_device
        else each
        for each in request.lines
    )
    return replace(request, lines=lines)


def _named(exchange: Exchange | None, old: OldDevice) -> Exchange | None:
    return exchange and replace(exchange, collection_no=old.collection_no)
