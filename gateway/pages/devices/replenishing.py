"""Replenishments of storerooms: the list with why, one with its parcels, a new one (Q46, Q47)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, own_units, places_of, storerooms
from gateway.pages.devices.receiving import arrival_of, sources
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, whole_number
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import moment

SIMPLE = frozenset({"annul", "split"})
OPEN = "despatched"


def register(pages: Pages) -> None:
    @pages.page("/replenishments")
    async def replenishments(visit: Visit) -> Response:
        """List what was ordered to a storeroom, the latest first, each with why."""
        places = places_of(await storerooms(visit, kind="storeroom"))
        place = visit.request.query_params.get("storeroom_no") or (places[0][0] if places else "")
        if not place:
            return visit.page("devices/replenishments.html", rows=listed([]), places=[], place="", pager={})
        found = await visit.listed("inventory", f"/storerooms/{part(place)}/replenishments")
        if not found.ok:
            return visit.refused(found)
        rows, pager = listed(found.body), visit.pager(found)
        return visit.page("devices/replenishments.html", rows=rows, places=places, place=place, pager=pager)

    @pages.page("/replenishments/new")
    async def new_replenishment(visit: Visit) -> Response:
        return await ordering(visit, Form())

    @pages.form("/replenishments/new")
    async def order_replenishment(visit: Visit, form: Form) -> Response:
        """Show what the rows come to; order them when the button says so."""
        if form.action != "order":
            return await ordering(visit, form)
        made = await visit.change("inventory", "/replenishments", body_in(form), key=form.text("key"))
        if not made.ok:
            return await ordering(visit, form, refusal=made)
        return see(f"/replenishments/{part(made.body['order_no'])}")

    _one(pages)


def _one(pages: Pages) -> None:
    @pages.page("/replenishments/{order_no}")
    async def replenishment(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/replenishments/{order_no}")
    async def work_on_replenishment(visit: Visit, form: Form) -> Response:
        """Annul, send what there is, or receive a parcel with what was wrong with it."""
        address, key = address_of(visit), f"{form.text('key')}-{form.action}"
        act, _sep, parcel = form.action.partition(":")
        if act in SIMPLE:
            done = await visit.change("inventory", f"{address}/{act}", key=key, etag=form.text("etag"))
        elif act == "receive":
            at = f"{address}/parcels/{part(parcel)}/receive"
            body = {"deviations": deviations_in(form, parcel)}
            done = await visit.change("inventory", at, body, key=key.replace(":", "-"))
        else:
            return await shown(visit, form)
        return see(visit.request.url.path) if done.ok else await shown(visit, form, refusal=done)


def address_of(visit: Visit) -> str:
    return f"/replenishments/{part(visit.request.path_params['order_no'])}"


def body_in(form: Form) -> dict[str, Any]:
    numbers, counts = form.all("article"), form.all("packages")
    typed = zip(numbers, counts, strict=False)
    lines = [{"article_no": no, "packages": whole_number(count) or 1} for no, count in typed if no]
    return {
        "care_unit": form.text("care_unit"),
        "lines": lines,
        "joint": form.text("joint") == "yes",
    } | given(storeroom_no=form.text("storeroom_no"), reason=form.text("reason"))


def deviations_in(form: Form, parcel: str) -> list[dict[str, Any]]:
    """Read what was wrong with each of the parcel's goods; nothing for what was right (S170)."""
    found = []
    for place, value in form.starting(f"kind:{parcel}:"):
        if not value:
            continue
        at = f"{parcel}:{place}"
        found.append(
            {"kind": value, "article_no": form.text(f"article:{at}"), "reason": form.text(f"reason:{at}")}
            | given(
                quantity=whole_number(form.text(f"count:{at}")),
                lot=form.text(f"lot:{at}"),
                device_no=form.text(f"device:{at}"),
            )
        )
    return found


async def ordering(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    units = await own_units(visit)
    unit = form.text("care_unit") or (units[0][0] if units else "")
    filled = Form([*form.pairs, ("care_unit", unit)])
    body = body_in(filled)
    preview = await visit.post("inventory", "/replenishments/preview", body) if body["lines"] else None
    return visit.page(
        "devices/replenish.html",
        status=refusal.page_status if refusal else 200,
        form=filled,
        units=units,
        rows=body["lines"],
        preview=preview,
        known={each["article_no"]: each for each in preview.body["rows"]} if preview and preview.ok else {},
        key=key_of_form(form, refusal),
        refusal=refusal,
    )


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("inventory", address_of(visit))
    if not found.ok:
        return visit.refused(found)
    order = found.body
    return visit.page(
        "devices/replenishment.html",
        status=refusal.page_status if refusal else 200,
        order=order,
        rows=lines_of(order),
        names={each["article_no"]: each["article_name"] for each in order["lines"]},
        waiting=[each for each in order["parcels"] if each["state"] == OPEN and order["receipt_needed"]],
        booked=[each for each in order["parcels"] if each["deviations"] or each["received_at"]],
        kinds=kinds(),
        source=sources().get(order["source"], ""),
        may_receive=visit.may("inventory.receive_replenishment"),
        key=key_of_form(form, refusal),
        etag=found.etag or "",
        form=form or Form(),
        refusal=refusal,
    )


def kinds() -> list[tuple[str, str]]:
    return [
        ("missing", _("saknas")),
        ("too_many", _("för många")),
        ("wrong", _("fel vara")),
        ("damaged", _("skadad")),
    ]


def states() -> dict[str, tuple[str, str]]:
    """Name the states of a replenishment, with how their badge looks."""
    return {
        "open": (_("beställd"), "info"),
        "despatched": (_("skickad"), "info"),
        "received": (_("mottagen"), "success"),
        "booked": (_("mottagen"), "success"),
        "annulled": (_("makulerad"), "default"),
    }


def listed(orders: list[dict[str, Any]]) -> Table:
    named = states()
    lines = [
        (
            cell(each["order_no"], f"/replenishments/{part(each['order_no'])}", note=moment(each["sent_at"])),
            cell(", ".join(f"{one['quantity']} {one['article_name']}" for one in each["lines"])),
            cell(why_of(each)),
            state_of(each, named),
        )
        for each in orders
    ]
    heads = (_("Påfyllnad"), _("Varor"), _("Varför"), _("Läge"))
    return Table(_("Påfyllnader"), heads, lines, _("Inget är beställt till förrådet."))


def why_of(order: dict[str, Any]) -> str:
    """Say why it was made: of one that made itself the counts, else who and the reason."""
    reasons = [each["why"] for each in order["lines"] if each["why"]]
    by = [sources().get(order["source"], ""), order["ordered_by_name"], order["reason"]]
    return " ".join(reasons) or ", ".join(each for each in by if each)


def state_of(order: dict[str, Any], named: dict[str, tuple[str, str]]) -> Any:
    text, kind = named.get(order["state"], (_("pågår"), "info"))
    if order["receipt_needed"]:
        text, kind = _("ska kvitteras"), "warning"
    return cell("", badge=text, kind=kind, note=arrival_of(order))


def lines_of(order: dict[str, Any]) -> Table:
    lines = [
        (
            cell(each["article_name"], f"/articles/{part(each['article_no'])}"),
            cell(each["quantity"]),
            cell(each["reserved"] or ""),
            cell(each["waiting"] or ""),
            cell(each["why"] or ""),
        )
        for each in order["lines"]
    ]
    heads = (_("Artikel"), _("Antal"), _("Reserverat"), _("Väntar på varor"), _("Varför"))
    return Table(_("Varor i påfyllnaden"), heads, lines, "", frozenset({1, 2, 3}))
