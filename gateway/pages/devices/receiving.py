"""Receives goods: what comes by itself with its deviations, and what comes from a supplier (Q46, S166)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part
from gateway.web.forms import Form, decimal_number, whole_number
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day


def register(pages: Pages) -> None:
    @pages.page("/deliveries")
    async def deliveries(visit: Visit) -> Response:
        """List what is on its way to the own storerooms, and waits to be received."""
        found = await visit.listed("inventory", "/deliveries")
        if not found.ok:
            return visit.refused(found)
        rows, title = listed(found.body), _("Leveranser att ta emot")
        return visit.page("devices/list.html", title=title, rows=rows, pager=visit.pager(found))

    @pages.page("/store/receive")
    async def receive(visit: Visit) -> Response:
        return await shown(visit, Form([("article_no", visit.request.query_params.get("article", ""))]))

    @pages.form("/store/receive")
    async def receive_into_store(visit: Visit, form: Form) -> Response:
        """Receive from a supplier: pieces with a lot, or devices with their numbers."""
        if form.action != "receive":
            return await shown(visit, form)
        done = await visit.change("inventory", "/goods/receive", body_in(form), key=form.text("key"))
        if not done.ok:
            return await shown(visit, form, refusal=done)
        kept = [("storeroom_no", form.text("storeroom_no"))]
        return await shown(visit, Form(kept), done=done)


def body_in(form: Form) -> dict[str, Any]:
    numbers = [each.split() for each in form.text("devices").splitlines() if each.strip()]
    devices = [given(device_no=each[0], serial_no=" ".join(each[1:])) for each in numbers]
    return {"storeroom_no": form.text("storeroom_no"), "article_no": form.text("article_no")} | given(
        quantity=None if devices else whole_number(form.text("quantity")),
        lot=form.text("lot"),
        best_before=form.text("best_before"),
        devices=devices,
        purchase_price=decimal_number(form.text("purchase_price")),
    )


async def shown(
    visit: Visit, form: Form, *, refusal: Answer | None = None, done: Answer | None = None
) -> Response:
    article = None
    if number := form.text("article_no"):
        article = await visit.get("inventory", f"/device-articles/{part(number)}")
    return visit.page(
        "devices/receive.html",
        status=refusal.page_status if refusal else 200,
        form=form,
        article=article.body if article and article.ok else None,
        places=places_of(await storerooms(visit)),
        key=key_of_form(form, refusal),
        refusal=refusal,
        done=done.body if done else None,
    )


def sources() -> dict[str, str]:
    return {"automatic": _("automatiskt"), "manual": _("för hand"), "template": _("från mall")}


def listed(orders: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["order_no"], f"/replenishments/{part(each['order_no'])}"),
            cell(goods_of(each)),
            cell(arrival_of(each)),
            cell("", badge=_("ska kvitteras"), kind="warning") if each["receipt_needed"] else cell(),
        )
        for each in orders
    ]
    heads = (_("Påfyllnad"), _("Varor"), _("Kommer"), _("Att göra"))
    return Table(_("Leveranser att ta emot"), heads, lines, _("Inget är på väg just nu."))


def goods_of(order: dict[str, Any]) -> str:
    return ", ".join(f"{each['quantity']} {each['article_name']}" for each in order["lines"])


def arrival_of(order: dict[str, Any]) -> str:
    days = [each["arrives_on"] for each in order["parcels"] if each.get("arrives_on")]
    return day(min(days)) if days else ""
