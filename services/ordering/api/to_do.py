"""The route that tells what waits for those who order devices: hand-overs, collections, approvals (S155)."""

from collections.abc import Sequence

from services.ordering.application.to_do import ToDo
from services.ordering.domain.assortment_request import AssortmentRequest
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.devices.order import DeviceOrder
from shared.domain.days import local_day
from shared.domain.decision import Sentence
from shared.http import Ask, Pages, Router
from shared.http.to_do import ToDoBox, ToDoRow, box, first_of

HAND_OVER = Sentence("Lämna över till patienten", "Hand over to the patient")
COLLECT = Sentence("Öppna hämtordrar", "Open collection orders")
APPROVE = Sentence("Godkänna eller avslå", "Approve or decline")


def routes(to_do: ToDo) -> Router:
    router = Router("ordering", prefix="/to-do", tags=["to do"])

    @router.get("")
    async def list_orders_to_do(ask: Ask) -> list[ToDoBox]:
        """List what is to be handed over, collected and approved: how many, and the first of each."""
        waiting = await to_do.to_hand_over(ask.actor, after=None)
        open_ones = await to_do.to_collect(ask.actor, after=None)
        asked = await to_do.to_approve(ask.actor, after=None)
        return [
            box(
                "hand_over", HAND_OVER, waiting, await of_orders(first_of(waiting.states)),
                listed_by="GET /to-do/hand-over", language=ask.language,
            ),
            box(
                "collect", COLLECT, open_ones, await of_collections(first_of(open_ones.states)),
                listed_by="POST /reports/open-collections", language=ask.language,
            ),
            box(
                "approve", APPROVE, asked, await of_requests(first_of(asked.states)),
                listed_by="GET /assortment-requests", language=ask.language,
            ),
        ]  # fmt: skip

    @router.get("/hand-over")
    async def list_orders_to_hand_over(ask: Ask, pages: Pages) -> list[ToDoRow]:
        """List the orders that wait at the own care units for their patients, the oldest first (Q43)."""
        return await of_orders(pages.shown(await to_do.to_hand_over(ask.actor, after=pages.after)))

    async def of_orders(orders: Sequence[DeviceOrder]) -> list[ToDoRow]:
        names = await to_do.desk.devices.names_for(orders)
        return [
            ToDoRow(
                number=each.order_no,
                what=", ".join(names.name_of(goods.article_no) for goods in each.at_unit),
                where=names.unit_name(each.care_unit),
                since=local_day(each.waits_since) if each.waits_since else None,
            )
            for each in orders
        ]

    async def of_collections(orders: Sequence[CollectionOrder]) -> list[ToDoRow]:
        articles = {row.article_no for each in orders for row in each.devices}
        names = await to_do.desk.devices.names_of(articles, {each.care_unit for each in orders})
        return [
            ToDoRow(
                number=each.collection_no,
                what=", ".join(names.name_of(row.article_no) for row in each.devices),
                where=names.unit_name(each.care_unit),
                since=each.registered_on,
            )
            for each in orders
        ]

    async def of_requests(requests: Sequence[AssortmentRequest]) -> list[ToDoRow]:
        names = await to_do.desk.devices.names_of(
            {each.article_no for each in requests}, {each.care_unit for each in requests}
        )
        return [
            ToDoRow(
                number=each.request_id,
                what=names.name_of(each.article_no),
                where=names.unit_name(each.care_unit),
                since=local_day(each.asked_at),
            )
            for each in requests
        ]

    return router
