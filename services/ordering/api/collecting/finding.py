"""Routes that show a collection order and find them by care unit and period (S145, S150)."""

from functools import partial

from services.ordering.api.collecting.forms import CollectionsForm
from services.ordering.api.collecting.views import CollectionOrderView, collection_shown
from services.ordering.application.collecting import Collecting, demand_collection, seen_of
from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.http import Ask, Pages, Router
from shared.http.numbers import CollectionNo


def routes(collecting: Collecting) -> Router:
    router = Router("ordering", prefix="/collection-orders", tags=["collection orders"])
    repository, seals = collecting.desk.repository, collecting.desk.seals

    @router.get("/{collection_no}")
    async def get_collection_order(collection_no: CollectionNo, ask: Ask) -> CollectionOrderView:
        """Show a collection order: who registered, closed or annulled it, and where it is now (S145)."""
        order = await repository.show(
            COLLECTION_ORDERS.ref(collection_no), asked=ask, demand=partial(demand_collection, ask.actor)
        )
        names = await collecting.names([order])
        return collection_shown(order, names, ask.language, seals=seals)

    @router.post("/search")
    async def search_collection_orders(
        form: CollectionsForm, ask: Ask, pages: Pages
    ) -> list[CollectionOrderView]:
        """Find collection orders by care unit, period, state or patient, the latest first (S150)."""
        page = await collecting.find(form.criteria(), ask.actor, after=pages.after)
        found = seen_of(ask.actor, pages.shown(page))
        refs = [form.patient_ref] if form.patient_ref else []
        await repository.note(ask, [*refs, *(each.patient_ref for each in found)])
        names = await collecting.names(found)
        return [collection_shown(each, names, ask.language) for each in found]

    return router
