"""Collection orders: registered with a purpose for each device, printed, listed, fetched (S137 to S146)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import address_in, given, own_units
from gateway.pages.devices.purposes import collection_in
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day

STATES = ("requested", "refused", "registered", "closed", "annulled")
STEPS = {"hand-in": "hand-in", "fetched": "fetched", "annul": "annul"}


def register(pages: Pages) -> None:
    _registering(pages)

    @pages.page("/collections")
    async def collections(visit: Visit) -> Response:
        """List the orders of the own units, the latest first; the warehouse has a list of its own."""
        asked = visit.request.query_params
        body = given(care_unit=asked.get("care_unit", ""), state=asked.get("state", ""))
        body = body | {"mine": asked.get("mine") == "1"}
        found = await visit.listed("ordering", "/collection-orders/search", body)
        if not found.ok:
            return visit.refused(found)
        return visit.page(
            "devices/collections.html",
            rows=listed(found.body),
            units=await own_units(visit),
            states=[("", _("Alla")), *states()],
            asked=asked,
            pager=visit.pager(found),
        )

    @pages.page("/collections/{collection_no}")
    async def collection(visit: Visit) -> Response:
        return await shown(visit)

    @pages.page("/collections/{collection_no}/order.pdf")
    async def collection_paper(visit: Visit) -> Response:
        return visit.file(await visit.post("ordering", f"{address_of(visit)}/print"), "hamtorder.pdf")

    @pages.form("/collections/{collection_no}")
    async def work_on_collection(visit: Visit, form: Form) -> Response:
        """Note that it was handed in or fetched, or annul it; a reason is asked where it is needed."""
        if form.action not in STEPS:
            return await shown(visit, form)
        body = given(reason=form.text("reason")) if form.action == "annul" else None
        done = await visit.change(
            "ordering",
            f"{address_of(visit)}/{STEPS[form.action]}",
            body,
            key=f"{form.text('key')}-{form.action}",
            etag=form.text("etag"),
        )
        return see(visit.request.url.path) if done.ok else await shown(visit, form, refusal=done)


def _registering(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/collect")
    async def collect_devices(visit: Visit) -> Response:
        return await offered(visit, Form())

    @pages.form("/patients/{patient_ref}/collect")
    async def register_collection(visit: Visit, form: Form) -> Response:
        """Register one order for the ticked devices, each with its purpose."""
        if form.action != "register":
            return await offered(visit, form)
        body = {"patient_ref": visit.request.path_params["patient_ref"], **body_in(form)}
        done = await visit.change("ordering", "/collection-orders", body, key=form.text("key"))
        if not done.ok:
            return await offered(visit, form, refusal=done)
        return see(f"/collections/{part(done.body['collection_no'])}?sent=1")


def address_of(visit: Visit) -> str:
    return f"/collection-orders/{part(visit.request.path_params['collection_no'])}"


def body_in(form: Form) -> dict[str, Any]:
    devices = [{"device_no": each} | (collection_in(form, each) or {}) for each in form.all("device")]
    names = ("contact_name", "contact_phone", "phone", "information")
    return {
        "care_unit": form.text("care_unit"),
        "place": form.text("place", "care_unit"),
        "devices": devices,
    } | given(address=address_in(form), **{name: form.text(name) for name in names})


async def offered(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    """Show what may be collected, what is on its way already, and what each purpose asks."""
    ref, units = visit.request.path_params["patient_ref"], await own_units(visit)
    unit = form.text("care_unit") or (units[0][0] if units else "")
    found = await visit.post(
        "ordering", "/collection-orders/offered", {"patient_ref": ref, "care_unit": unit}
    )
    if not found.ok:
        return visit.refused(found)
    places: dict[str, str] = {}
    for device in found.body["devices"]:
        places |= {each["place"]: each["text"] for each in device["places"] if each["is_used"]}
    return visit.page(
        "devices/collect.html",
        status=refusal.page_status if refusal else 200,
        ref=ref,
        offer=found.body,
        places=list(places.items()),
        purposes=[(each["purpose"], each["text"]) for each in found.body["purposes"]],
        asks={each["purpose"]: each["asks"] for each in found.body["purposes"]},
        units=units,
        unit=unit,
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
    )


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("ordering", address_of(visit))
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/collection.html",
        status=refusal.page_status if refusal else 200,
        order=found.body,
        rows=devices_of(found.body),
        is_new=visit.request.query_params.get("sent") == "1" and found.body["state"] in STATES[:3],
        key=key_of_form(form, refusal),
        etag=found.etag or "",
        form=form or Form(),
        refusal=refusal,
    )


def states() -> list[tuple[str, str]]:
    named = (_("begärda"), _("kunde inte göras"), _("registrerade"), _("stängda"), _("makulerade"))
    return list(zip(STATES, named, strict=True))


def listed(orders: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["collection_no"], f"/collections/{part(each['collection_no'])}"),
            cell(", ".join(f"{one['article_name']} {one['label']}" for one in each["devices"])),
            cell(day(each["registered_on"]), note=each["registered_by_name"]),
            cell("", badge=each["state_text"], kind=kind_of(each), note=each["where_text"]),
        )
        for each in orders
    ]
    heads = (_("Hämtorder"), _("Hjälpmedel"), _("Registrerad"), _("Läge"))
    return Table(_("Hämtordrar"), heads, lines, _("Inga hämtordrar. De registreras från patientens sida."))


def kind_of(order: dict[str, Any]) -> str:
    known = {"registered": "info", "closed": "success", "refused": "error"}
    return known.get(order["state"], "default")


def devices_of(order: dict[str, Any]) -> Table:
    lines = [
        (
            cell(each["article_name"], note=", ".join(one["name"] for one in each["components"])),
            cell(each["label"], f"/devices/{part(each['device_no'])}"),
            cell(each["purpose_text"], note=". ".join(filter(None, [each["fault"], each["fault_appears"]]))),
        )
        for each in order["devices"]
    ]
    heads = (_("Hjälpmedel"), _("Nummer"), _("Syfte"))
    return Table(_("Hjälpmedel som hämtas"), heads, lines, "")
