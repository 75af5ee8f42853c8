"""The route that tells what waits for those who keep storerooms and maintain devices (S121, S131, S155)."""

from collections.abc import Sequence
from datetime import timedelta

from services.inventory.application.maintenance import Maintenance
from services.inventory.application.replenishing import Replenishing
from services.inventory.application.swaps import Swaps
from services.inventory.domain.devices.device import Device
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.repository.maintenance import DueWanted
from shared.auth.actor import Actor
from shared.domain.decision import Sentence
from shared.http import Ask, Router
from shared.http.language import Language
from shared.http.to_do import ToDoBox, ToDoRow, box, first_of

RECEIVE = Sentence("Kvittera leveranser", "Receive deliveries")
MAINTAIN = Sentence("Underhåll som skulle ha gjorts", "Maintenance that is overdue")
SWAP = Sentence("Byten för underhåll", "Maintenance swaps")


def routes(replenishing: Replenishing, maintenance: Maintenance) -> Router:
    router = Router("inventory", tags=["to do"])
    warehouse, swaps = replenishing.warehouse, Swaps(maintenance)

    @router.get("/to-do")
    async def list_goods_to_do(ask: Ask) -> list[ToDoBox]:
        """List what is to be received, maintained and swapped: how many, and the first of each."""
        return [
            await to_receive(ask.actor, ask.language),
            await to_maintain(ask.actor, ask.language),
            await to_swap(ask.actor, ask.language),
        ]

    async def to_receive(actor: Actor, language: Language) -> ToDoBox:
        own = await replenishing.storerooms_of(actor)
        page = await replenishing.queries.to_receive(own, after=None)
        rows = await of_orders(first_of(page.states))
        return box("receive", RECEIVE, page, rows, listed_by="GET /deliveries", language=language)

    async def to_swap(actor: Actor, language: Language) -> ToDoBox:
        page = await swaps.open(actor, after=None)
        rows = await of_orders(first_of(page.states))
        return box("swap", SWAP, page, rows, listed_by="GET /device-swaps", language=language)

    async def to_maintain(actor: Actor, language: Language) -> ToDoBox:
        overdue = DueWanted(due_through=warehouse.clock.today() - timedelta(days=1))
        page = await maintenance.due(overdue, actor, after=None)
        rows = await of_devices(first_of(page.states))
        return box(
            "maintain", MAINTAIN, page, rows, listed_by="POST /reports/overdue-maintenance", language=language
        )

    async def of_orders(orders: Sequence[DeviceOrder]) -> list[ToDoRow]:
        shown = await swaps.shown(orders)
        return [
            ToDoRow(
                number=each.order_no,
                what=", ".join(shown.articles.get(no) or no for no in each.articles[:3]),
                where=shown.care_units.get(each.care_unit, each.care_unit),
                since=each.sent_on,
            )
            for each in orders
        ]

    async def of_devices(devices: Sequence[Device]) -> list[ToDoRow]:
        known = await maintenance.register.known(devices)
        return [
            ToDoRow(
                number=each.device.number_on_label,
                what=each.article.name if each.article else each.device.article_no,
                where=each.storeroom.name if each.storeroom else each.device.care_unit or "",
                since=each.device.upkeep.due_on,
            )
            for each in known
        ]

    return router
