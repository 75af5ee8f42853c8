"""Routes that stamp where a collection order's devices are, and annul one (S145, Q54)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fastapi import Response

from services.ordering.api.collecting.forms import AnnulForm, StampForm
from services.ordering.api.collecting.views import CollectionKept
from services.ordering.application.collecting import Collecting, demand_collection
from services.ordering.domain.collecting.following import annul, fetch, hand_in
from services.ordering.domain.collecting.order import CollectionOrder, Stamp
from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_LOANS
from shared.domain.decision import Decision
from shared.http import Asked, Router
from shared.http.asking import AskingOnce
from shared.http.numbers import CollectionNo


def routes(collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/collection-orders", tags=["collection orders"])
    _stamping(router, collecting)
    _annulling(router, collecting)
    return router


def _stamping(router: Router, collecting: Collecting) -> None:
    async def stamped(
        collection_no: str,
        form: StampForm | None,
        asked: AskingOnce,
        rule: Callable[..., Decision[CollectionOrder]],
    ) -> Response:
        await _order(collecting, collection_no, asked)
        ref = COLLECTION_ORDERS.ref(collection_no, if_version=asked.if_match)
        said = form or StampForm()
        stamp = replace(_stamp(collecting, asked, said.reason), on=said.on)
        stamping = partial(rule, stamp=stamp)
        answer = await collecting.desk.repository.change(
            ref, stamping, cause=asked.cause, reply=CollectionKept.of
        )
        return asked.answered(answer)

    @router.post("/{collection_no}/hand-in", response_model=CollectionKept)
    async def hand_in_collection_order(
        collection_no: CollectionNo, asked: Asked, form: StampForm | None = None
    ) -> Response:
        """Stamp that the devices wait at the care unit: the patient answers for them no longer (Q54)."""
        return await stamped(collection_no, form, asked, hand_in)

    @router.post("/{collection_no}/fetched", response_model=CollectionKept)
    async def note_collection_order_fetched(
        collection_no: CollectionNo, asked: Asked, form: StampForm | None = None
    ) -> Response:
        """Stamp that the carrier has the devices, on the true day: at home that one counts (Q10, Q54)."""
        return await stamped(collection_no, form, asked, fetch)


def _annulling(router: Router, collecting: Collecting) -> None:
    @router.post("/{collection_no}/annul", response_model=CollectionKept)
    async def annul_collection_order(collection_no: CollectionNo, form: AnnulForm, asked: Asked) -> Response:
        """Annul it: loans and fees continue, and the devices may be asked for anew (S145, Q10)."""
        order = await _order(collecting, collection_no, asked)
        refs = COLLECTION_ORDERS.ref(collection_no, if_version=asked.if_match) & DEVICE_LOANS.maybe_many(
            [each.loan_id for each in order.devices]
        )
        rule = partial(annul, stamp=_stamp(collecting, asked, form.reason))
        answer = await collecting.desk.repository.change(
            refs, rule, cause=asked.cause, reply=CollectionKept.of
        )
        return asked.answered(answer)


async def _order(collecting: Collecting, collection_no: str, asked: AskingOnce) -> CollectionOrder:
    order = await collecting.desk.repository.get(COLLECTION_ORDERS.ref(collection_no))
    demand_collection(asked.actor, order)
    return order


def _stamp(collecting: Collecting, asked: AskingOnce, reason: str | None = None) -> Stamp:
    return Stamp(asked.actor.sub, asked.actor.name, collecting.desk.clock.now(), reason)
