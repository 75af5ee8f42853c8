"""The warehouse: pick lists, picking by scan, packing (T10)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, whole_number
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import moment


def register(pages: Pages) -> None:
    @pages.page("/picking")
    async def pick_lists(visit: Visit) -> Response:
        """List the orders that goods are picked for, the oldest first."""
        places = places_of(await storerooms(visit))
        place = visit.request.query_params.get("storeroom_no") or (places[0][0] if places else "")
        if not place:
            return visit.page("devices/picking.html", rows=listed([]), places=[], place="", pager={})
        found = await visit.listed("inventory", f"/storerooms/{part(place)}/pick-lists")
        if not found.ok:
            return visit.refused(found)
        rows, pager = listed(found.body), visit.pager(found)
        return visit.page("devices/picking.html", rows=rows, places=places, place=place, pager=pager)

    @pages.page("/picking/{order_no}")
    async def pick_list(visit: Visit) -> Response:
        return await shown(visit)

    @pages.page("/picking/{order_no}/list.pdf")
    async def pick_list_paper(visit: Visit) -> Response:
        number = part(visit.request.path_params["order_no"])
        printed = await visit.post("ordering", f"/device-orders/{number}/picking/print")
        return visit.file(printed, "plocklista.pdf")

    @pages.form("/picking/{order_no}")
    async def work_on_pick_list(visit: Visit, form: Form) -> Response:
        """Take the order, pick what is scanned, put it back, pack, or give the order up."""
        done = await worked(visit, form)
        if done is None:
            return await shown(visit, form)
        return see(visit.request.url.path) if done.ok else await shown(visit, form, refusal=done)


def address_of(visit: Visit) -> str:
    return f"/device-orders/{part(visit.request.path_params['order_no'])}"


async def worked(visit: Visit, form: Form) -> Answer | None:
    act, key = form.action, f"{form.text('key')}-{form.action}"
    at = f"{address_of(visit)}/pick-list"
    if act in ("take", "give-up"):
        return await visit.change("inventory", f"{at}/{act}", key=key)
    if act == "pack":
        return await visit.change("inventory", f"{at}/pack", given(parcel_no=form.text("parcel_no")), key=key)
    if act in ("pick", "put-back"):
        thing = await visit.post("inventory", "/scans", {"code": form.text("code")})
        if not thing.ok:
            return thing
        return await visit.change("inventory", f"{at}/{act}", picked(thing.body, form), key=key)
    return None


def picked(thing: dict[str, Any], form: Form) -> dict[str, Any]:
    """Read what was scanned as inventory takes it: a device by its number, else so many of an article."""
    if thing["device"]:
        return {"device_no": thing["device"]["device_no"]}
    body = given(article_no=thing["article_no"] or form.text("code"), lot=thing["lot"])
    return body | {"quantity": whole_number(form.text("quantity")) or 1}


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("inventory", f"{address_of(visit)}/pick-list")
    if not found.ok:
        return visit.refused(found)
    order = found.body
    return visit.page(
        "devices/pick_list.html",
        status=refusal.page_status if refusal else 200,
        order=order,
        rows=lines_of(order),
        is_taken=any(each["state"] == "picking" for each in order["parcels"]),
        parcels=[each for each in order["parcels"] if each["parcel_no"]],
        named=parcel_states(),
        unit=(await visit.unit_names()).get(order["care_unit"], order["care_unit"]),
        key=key_of_form(form, refusal),
        form=form or Form(),
        refusal=refusal,
    )


def parcel_states() -> dict[str, str]:
    return {
        "packed": _("packat"),
        "despatched": _("skickat"),
        "received": _("mottaget"),
        "booked": _("mottaget"),
        "delivered": _("levererat"),
        "sent_back": _("på väg tillbaka"),
    }


def listed(orders: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["order_no"], f"/picking/{part(each['order_no'])}", note=moment(each["sent_at"])),
            cell(", ".join(f"{one['quantity']} {name_of(one)}" for one in each["lines"])),
            cell("", badge=_("att plocka") if each["to_pick"] else _("påbörjad"), kind="info"),
        )
        for each in orders
    ]
    heads = (_("Beställning"), _("Varor"), _("Läge"))
    return Table(_("Att plocka"), heads, lines, _("Inget att plocka."))


def name_of(line: dict[str, Any]) -> str:
    return str(line.get("article_name") or line["article_no"])


def lines_of(order: dict[str, Any]) -> Table:
    lines = [
        (
            cell(name_of(each), note=", ".join(one["article_name"] for one in each.get("components", ()))),
            cell(each["quantity"]),
            cell(each["picked"]),
            cell(each["waiting"] or ""),
            cell(", ".join(each["device_nos"])),
        )
        for each in order["lines"]
    ]
    heads = (_("Artikel"), _("Antal"), _("Plockat"), _("Väntar på varor"), _("Reserverade individer"))
    return Table(_("Varor att plocka"), heads, lines, "", frozenset({1, 2, 3}))
