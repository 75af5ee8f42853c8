"""The route by which ordering asks what an order would get: what comes, and when (S89, S103)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.inventory.api.forms import Pieces, StoreroomNo
from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.orders.order import DeviceOrder, OrderLine
from shared.http import Request, Router, View
from shared.http.ids import ArticleNo

MOST_LINES = 50
NOBODYS = "B"
"""The order is not kept, so it has no number."""


class PlannedComponent(Request):
    """A component that is to be on a device."""

    article_no: ArticleNo
    quantity: Pieces


class LineToPlan(Request):
    """A line that might be ordered."""

    line_no: Annotated[int, Field(ge=1, le=9999)]
    article_no: ArticleNo
    quantity: Pieces
    components: Annotated[list[PlannedComponent], Field(max_length=MOST_LINES, default_factory=list)]
    removed: Annotated[list[ArticleNo], Field(max_length=MOST_LINES, default_factory=list)]

    def line(self) -> OrderLine:
        components = tuple((each.article_no, each.quantity) for each in self.components)
        return OrderLine(
            self.line_no,
            self.article_no,
            self.quantity,
            components=components,
            removed=tuple(self.removed),
        )


class ToPlan(Request):
    """Lines that might be ordered from one storeroom; nobody is named."""

    storeroom_no: StoreroomNo
    lines: Annotated[list[LineToPlan], Field(min_length=1, max_length=MOST_LINES)]


class PlannedLine(View):
    """What would come of a line, and when."""

    line_no: int
    article_no: str
    """Another than was asked for where that is going out and is not there (S89)."""
    in_stock: int
    """Base units that are there now for whoever orders."""
    expected_on: date | None
    """When the rest is expected; null while nobody knows, and when all is there."""


class PlannedView(View):
    """What would come of each line, in the same order."""

    lines: list[PlannedLine]


def routes(warehouse: Warehouse) -> Router:
    router = Router("inventory", tags=["goods"])

    @router.post("/stock/planned")
    async def ask_planned(body: ToPlan) -> PlannedView:
        """Say what an order would get if it were sent now; nothing is reserved."""
        lines = tuple(each.line() for each in body.lines)
        order = await warehouse.planned(DeviceOrder(NOBODYS, storeroom_no=body.storeroom_no, lines=lines))
        return PlannedView(
            lines=[
                PlannedLine(
                    line_no=each.line_no,
                    article_no=each.article_no,
                    in_stock=each.reserved,
                    expected_on=each.expected_on if each.waiting else None,
                )
                for each in order.lines
            ]
        )

    return router
