"""Routes for who picks: an order's lines with what was written and attached, without names (S88, Q61).

Inventory knows what lies where; what people wrote is sealed, and only ordering can open it.
"""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Response

from services.ordering.api.devices.part_views import (
    AttachmentView,
    ComponentView,
    attachments_shown,
    components_shown,
)
from services.ordering.application.attachments import works_where_taken
from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.device_states import STATES
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.order import DeviceOrder, OrderedLine
from services.ordering.repository.collections import DEVICE_ORDERS
from shared.auth.actor import Actor
from shared.http import Ask, Forbidden, Language, Router, View
from shared.http.language import said
from shared.http.numbers import OrderNo
from shared.http.prints import a_pdf, printed
from shared.sealed import Seals

LAYOUT = Path(__file__).with_name("pick_lists.typ")
WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Plocklista",
        "order": "Beställning",
        "unit": "Tjänsteställe",
        "storeroom": "Tas ur",
        "joint": "Samleverans: packa ingenting förrän allt finns.",
        "goods": "Att plocka",
        "line": "Rad",
        "article": "Artikel",
        "components": "Komponenter",
        "quantity": "Antal",
        "comment": "Kommentar",
        "attachments": "Bilagor",
        "without": "utan",
        "instead_of": "i stället för",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "Pick list",
        "order": "Order",
        "unit": "Care unit",
        "storeroom": "Taken from",
        "joint": "Joint delivery: pack nothing until everything is there.",
        "goods": "To pick",
        "line": "Line",
        "article": "Article",
        "components": "Components",
        "quantity": "Quantity",
        "comment": "Comment",
        "attachments": "Attachments",
        "without": "without",
        "instead_of": "instead of",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}


class LineToPick(View):
    """A line as it was ordered, with what was written about it."""

    line_no: int
    article_no: str
    """What is to be picked: a replacement article where one took its place (S89)."""
    article_name: str
    ordered_article_no: str
    ordered_article_name: str
    quantity: int
    reserved: int
    waiting: int
    components: list[ComponentView]
    removed: list[str]
    goes_with: int | None
    comment: str | None
    attachments: list[AttachmentView]


class OrderToPick(View):
    """An order for who picks it: nothing of the patient (Q61)."""

    order_no: str
    state: str
    state_text: str
    care_unit: str
    care_unit_name: str
    storeroom_no: str
    storeroom_name: str
    deliver_to: str
    joint: bool
    lines: list[LineToPick]


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", prefix="/device-orders", tags=["device orders"])

    async def shown(order_no: OrderNo, ask: Ask) -> OrderToPick:
        order = await desk.repository.show(
            DEVICE_ORDERS.ref(order_no), asked=ask, demand=partial(_demand_warehouse, ask.actor)
        )
        return order_to_pick(order, await desk.catalogue_of((order,)), desk.seals, ask.language)

    @router.get("/{order_no}/picking")
    async def get_order_to_pick(order_no: OrderNo, ask: Ask) -> OrderToPick:
        """Show what is to be picked with the comment and the files of each line (S88)."""
        return await shown(order_no, ask)

    @router.post(
        "/{order_no}/picking/print", response_class=Response, responses=a_pdf("The pick list, printed")
    )
    async def print_pick_list(order_no: OrderNo, ask: Ask) -> Response:
        """Print the pick list, with comments and without names (S88, Q61)."""
        page = pick_list_page(await shown(order_no, ask), language=ask.language, on=desk.clock.today())
        return await printed(LAYOUT, page, ask.language, at=desk.clock.now())

    return router


def order_to_pick(
    order: DeviceOrder, catalogue: DeviceCatalogue, seals: Seals, language: Language
) -> OrderToPick:
    return OrderToPick(
        order_no=order.order_no,
        state=order.state,
        state_text=said(STATES[order.state], language),
        care_unit=order.care_unit,
        care_unit_name=catalogue.unit_name(order.care_unit),
        storeroom_no=order.storeroom_no,
        storeroom_name=catalogue.place_name(order.storeroom_no),
        deliver_to=order.delivery.kind,
        joint=order.joint and order.split is None,
        lines=[_line(each, order, catalogue, seals) for each in order.lines],
    )


def pick_list_page(order: OrderToPick, *, language: Language, on: date) -> dict[str, Any]:
    """Put together the printed pick list."""
    words = WORDS[language]
    return {
        "language": language,
        "words": words,
        "printed": on.isoformat(),
        "order": order.order_no,
        "unit": order.care_unit_name,
        "storeroom": order.storeroom_name,
        "joint": order.joint,
        "rows": [
            [
                str(each.line_no),
                _article(each, words),
                _components(each, words),
                str(each.quantity),
                _written(each, words),
            ]
            for each in order.lines
        ],
    }


def _demand_warehouse(actor: Actor, order: DeviceOrder) -> None:
    if not works_where_taken(actor, order.storeroom_no):
        raise Forbidden("not-your-unit", patient_refs=(order.patient_ref,))


def _line(ordered: OrderedLine, order: DeviceOrder, catalogue: DeviceCatalogue, seals: Seals) -> LineToPick:
    line, progress = ordered.line, order.progress(ordered.line.line_no)
    article_no = progress.article_no or line.article_no
    return LineToPick(
        line_no=line.line_no,
        article_no=article_no,
        article_name=catalogue.name_of(article_no),
        ordered_article_no=line.article_no,
        ordered_article_name=catalogue.name_of(line.article_no),
        quantity=line.quantity,
        reserved=progress.reserved,
        waiting=progress.waiting,
        components=components_shown(line, catalogue),
        removed=list(line.removed),
        goes_with=line.goes_with,
        comment=seals.open(line.comment) if line.comment else None,
        attachments=attachments_shown(line, seals),
    )


def _article(line: LineToPick, words: dict[str, str]) -> str:
    text = f"{line.article_name} ({line.article_no})"
    if line.article_no == line.ordered_article_no:
        return text
    return f"{text}, {words['instead_of']} {line.ordered_article_name} ({line.ordered_article_no})"


def _components(line: LineToPick, words: dict[str, str]) -> str:
    on = [f"{each.quantity} {each.name} ({each.article_no})" for each in line.components]
    return ", ".join([*on, *(f"{words['without']} {each}" for each in line.removed)])


def _written(line: LineToPick, words: dict[str, str]) -> str:
    files = [f"{words['attachments']}: {len(line.attachments)}"] if line.attachments else []
    return "; ".join([*([line.comment] if line.comment else []), *files])
