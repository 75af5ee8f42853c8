"""Reads what the rule about a hand-over decides about, and makes it in one transaction (Q43, Q48)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.inventory.application.returns import article_nos, put_back
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.stock import balance_ids
from services.inventory.domain.orders.hand_over import LineHanded
from services.inventory.domain.orders.handing import Handing, loan_id
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.exchanging import device_in_exchange
from services.inventory.domain.returns.handing_over import HandOverRequest, hand_over
from services.inventory.domain.returns.returning import Return
from services.inventory.repository.collecting import COLLECTION_ORDERS
from services.inventory.repository.collections import (
    ARTICLES,
    BALANCES,
    DEVICE_ORDERS,
    DEVICES,
    LOANS,
    MOVEMENTS,
    STOREROOMS,
)
from shared.repository import Cause


@dataclass(frozen=True)
class HandOverAsked:
    """A hand-over as ordering published it."""

    order_no: str
    patient_ref: str
    handing: Handing
    lines: tuple[LineHanded, ...]
    by: str
    storeroom_no: str
    """Where a device is put that comes back; empty where nothing is exchanged."""


async def register_hand_over(warehouse: Warehouse, asked: HandOverAsked, cause: Cause) -> None:
    """Give the patient what is named, also in exchange; the answer is a fact. Raises OrderMoved."""
    repository, handing = warehouse.repository, asked.handing
    exchanges = [each.exchange for each in asked.lines if each.exchange]
    old = await repository.get(DEVICES.maybe_many([each.device_no for each in exchanges]))
    back = await _back(warehouse, asked, old)
    request = HandOverRequest(
        handing=handing,
        lines=asked.lines,
        back=back,
        movement_no=f"{handing.handing_no}:returned",
        articles=put_back(back, old),
    )
    before = dict.fromkeys(each.order_no for each in old if each and each.order_no != asked.order_no)
    collected = dict.fromkeys(each.collection_no for each in exchanges if each.collection_no)
    loans = [loan_id(handing, each) for each in request.device_nos]
    refs = (
        DEVICE_ORDERS.maybe_many([asked.order_no, *(each for each in before if each)])
        & DEVICES.maybe_many([*request.device_nos, *(each.device_no for each in exchanges)])
        & LOANS.maybe_many([*loans, *(each.loan_id for each in exchanges)])
        & COLLECTION_ORDERS.maybe_many(list(collected))
        & BALANCES.maybe_many(balance_ids(back.storeroom.storeroom_no, request.articles))
        & MOVEMENTS.maybe(request.movement_no)
    )
    await repository.change(refs, partial(hand_over, request=request), cause=cause)
    await warehouse.give_to_waiting(back.storeroom.storeroom_no, request.articles)


async def _back(warehouse: Warehouse, asked: HandOverAsked, old: Sequence[Device | None]) -> Return:
    """Say what comes back into which storeroom; of a storeroom that nobody knows the rule says no."""
    kept = await warehouse.repository.get(STOREROOMS.maybe(asked.storeroom_no))
    articles = await warehouse.repository.get(ARTICLES.maybe_many(sorted(article_nos(old))))
    return Return(
        return_no=asked.handing.handing_no,
        patient_refs=(await warehouse.patient(asked.patient_ref)).refs,
        storeroom=kept or Storeroom(asked.storeroom_no, "", "storeroom"),
        on=asked.handing.on,
        at=asked.handing.at,
        by=asked.by,
        reason=None,
        devices=tuple(device_in_exchange(each.exchange) for each in asked.lines if each.exchange),
        goods=(),
        articles={each.article_no: each for each in articles if each},
    )
