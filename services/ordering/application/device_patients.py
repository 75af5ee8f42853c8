"""What happens to the device orders of a patient who died, became protected, or turned out to be another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from services.ordering.domain.assortment_request import move_request
from services.ordering.domain.collecting.following import forget_pickup, move_collection
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.devices.attaching import change_with_files, named_by
from services.ordering.domain.devices.attachments import move_attachment
from services.ordering.domain.devices.basket import Basket, basket_id, give_up, move_basket
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.sending_basket import BasketChangedMeanwhile
from services.ordering.domain.devices.stopping import move_order, stop_order
from services.ordering.domain.person import Person
from services.ordering.repository.assortment_requests import requests_of
from services.ordering.repository.collecting import collections_of
from services.ordering.repository.collections import (
    ASSORTMENT_REQUESTS,
    ATTACHMENTS,
    BASKETS,
    COLLECTION_ORDERS,
    DEVICE_LOANS,
    DEVICE_ORDERS,
)
from services.ordering.repository.devices import DeviceOrdering
from shared.domain.decision import Decision
from shared.repository import Cause, Contended, Repository


async def stop_devices(
    devices: DeviceOrdering, patient_ref: str, *, person: Person, at: datetime, cause: Cause
) -> None:
    """Annul or hand to a person what is under way, and empty the baskets (Q18)."""
    repository = devices.repository
    for order in await devices.open_orders(patient_ref):
        rule = partial(stop_order, person=person, at=at)
        await repository.change(DEVICE_ORDERS.ref(order.order_no), rule, cause=cause.part(order.order_no))
    if person.protected:
        await _each_collection(repository, patient_ref, forget_pickup, cause)
    for basket in await devices.baskets_for(patient_ref):
        await _empty(devices, basket, at=at, cause=cause.part("basket", basket.owner))


async def move_devices(devices: DeviceOrdering, patient_ref: str, *, into_ref: str, cause: Cause) -> None:
    """Write orders, loans and baskets on the person whose they are now, each once (S65)."""
    repository = devices.repository
    while found := await devices.some_of(patient_ref):
        for order in found:
            rule = partial(move_order, into_ref=into_ref)
            await repository.change(DEVICE_ORDERS.ref(order.order_no), rule, cause=cause.part(order.order_no))
    for loan in await devices.loans_of(patient_ref):
        moved = partial(_moved_loan, into_ref=into_ref)
        await repository.change(DEVICE_LOANS.ref(loan.loan_id), moved, cause=cause.part("loan", loan.loan_id))
    while attached := await devices.some_attachments_of(patient_ref):
        for file in attached:
            await repository.change(
                ATTACHMENTS.ref(file.attachment_id),
                partial(move_attachment, into_ref=into_ref),
                cause=cause.part("attachment", file.attachment_id),
            )
    await _each_collection(repository, patient_ref, partial(move_collection, into_ref=into_ref), cause)
    for request in await requests_of(repository, patient_ref):
        await repository.change(
            ASSORTMENT_REQUESTS.ref(request.request_id),
            partial(move_request, into_ref=into_ref),
            cause=cause.part("assortment request", request.request_id),
        )
    for basket in await devices.baskets_for(patient_ref):
        both = BASKETS.ref(basket_id(basket.owner, patient_ref)) & BASKETS.maybe(
            basket_id(basket.owner, into_ref)
        )
        await repository.change(
            both, partial(move_basket, into_ref=into_ref), cause=cause.part("basket", basket.owner)
        )


async def _each_collection(
    repository: Repository,
    patient_ref: str,
    rule: Callable[[CollectionOrder], Decision[CollectionOrder]],
    cause: Cause,
) -> None:
    for each in await collections_of(repository, patient_ref):
        ref, number = COLLECTION_ORDERS.ref(each.collection_no), each.collection_no
        await repository.change(ref, rule, cause=cause.part("collection", number))


async def _empty(devices: DeviceOrdering, basket: Basket, *, at: datetime, cause: Cause) -> None:
    """Empty a basket and detach its files; one that was changed since it was read is emptied again."""
    refs = BASKETS.ref(basket_id(basket.owner, basket.patient_ref)) & ATTACHMENTS.many(
        sorted(named_by(basket.lines))
    )
    rule = partial(change_with_files, rule=partial(give_up, at=at), at=at)
    try:
        await devices.repository.change(refs, rule, cause=cause)
    except BasketChangedMeanwhile as read_too_early:
        raise Contended from read_too_early


def _moved_loan(loan: Loan, *, into_ref: str) -> Decision[Loan]:
    return replace(loan, patient_ref=into_ref), []
