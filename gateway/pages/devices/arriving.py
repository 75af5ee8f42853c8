"""What comes to the warehouse on collection orders: the list, and one closed with where each goes (S146)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day


def register(pages: Pages) -> None:
    @pages.page("/collections/arriving")
    async def arriving(visit: Visit) -> Response:
        """List the collection orders whose devices come to the warehouse."""
        found = await visit.listed("inventory", "/collection-orders")
        if not found.ok:
            return visit.refused(found)
        title, pager = _("Hämtat från patienter"), visit.pager(found)
        return visit.page("devices/list.html", title=title, rows=arrivals(found.body), pager=pager)

    @pages.page("/collections/{collection_no}/close")
    async def to_close(visit: Visit) -> Response:
        return await closing(visit, Form())

    @pages.form("/collections/{collection_no}/close")
    async def close_collection(visit: Visit, form: Form) -> Response:
        """Close the order with what came, and where each of it goes."""
        if form.action != "close":
            return await closing(visit, form)
        number = visit.request.path_params["collection_no"]
        at = f"/collection-orders/{part(number)}/close"
        devices = [
            {"device_no": each, "disposition": form.text(f"disposition:{each}", "quarantine")}
            for each in form.all("device")
        ]
        body = {"storeroom_no": form.text("storeroom_no"), "devices": devices}
        done = await visit.change("inventory", at, body, key=form.text("key"))
        return see("/collections/arriving") if done.ok else await closing(visit, form, refusal=done)


def arrivals(orders: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["collection_no"], f"/collections/{part(each['collection_no'])}/close"),
            cell(", ".join(f"{one['article_name']} {one['label']}" for one in each["devices"])),
            cell(each["care_unit_name"]),
            cell(day(each["registered_on"])),
        )
        for each in orders
    ]
    heads = (_("Hämtorder"), _("Hjälpmedel"), _("Enhet"), _("Registrerad"))
    return Table(_("Hämtordrar att stänga"), heads, lines, _("Inget är på väg in."))


async def closing(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    number = visit.request.path_params["collection_no"]
    found = await visit.get("inventory", f"/collection-orders/{part(number)}")
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/close.html",
        status=refusal.page_status if refusal else 200,
        order=found.body,
        places=places_of(await storerooms(visit, kind="warehouse")),
        dispositions=[
            ("quarantine", _("i karantän tills det är kontrollerat")),
            ("shelf", _("på hyllan")),
            ("scrap", _("skrotas")),
        ],
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
    )
