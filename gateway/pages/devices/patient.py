"""A patient's devices: what is on loan, ordered and returned, the fees, and what may be done (S104, S158)."""

import asyncio
from typing import Any

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part
from gateway.web.tables import Table, cell
from gateway.web.words import _, ngettext
from gateway.web.written import day, kronor
from shared.domain.device_areas import DEVICE_AREA_KEYS

FUNCTIONS = (
    ("order", "ordering.add_device_line", "B"),
    ("hand-out", "ordering.hand_out_device", "H"),
    ("return", "inventory.register_return_of_goods", "R"),
    ("collect", "ordering.register_collection_order", "T"),
)
"""Each with the last part of its address, the route that it needs, and its key."""


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/devices")
    async def patient_devices(visit: Visit) -> Response:
        return await devices_of(visit, visit.request.path_params["patient_ref"])

    @pages.page("/patients/{patient_ref}/aids.pdf")
    async def aid_list(visit: Visit) -> Response:
        ref = visit.request.path_params["patient_ref"]
        printed = await visit.post("ordering", f"/patients/{part(ref)}/aids/print")
        return visit.file(printed, "hjalpmedelslista.pdf")


def works_with(visit: Visit) -> set[str]:
    """Tell whether the person works with devices, with foods and other consumables, or both."""
    areas = set(visit.me.get("product_areas", ()))
    kinds = {"devices"} if areas & DEVICE_AREA_KEYS else set()
    return kinds | ({"consumables"} if areas - DEVICE_AREA_KEYS or not areas else set())


async def devices_of(visit: Visit, ref: str) -> Response:
    """Ask three questions at once; a service that is down leaves its own box empty, and says so."""
    patient, aids, fees = await asyncio.gather(
        visit.get("prescription", f"/patients/{part(ref)}"),
        visit.get("ordering", f"/patients/{part(ref)}/aids"),
        visit.post("billing", "/fees/search", {"patient_ref": ref}),
    )
    if not patient.ok:
        return visit.refused(patient)
    names = {
        "order": _("Beställ hjälpmedel"),
        "hand-out": _("Lämna ut från förrådet"),
        "return": _("Ta emot retur"),
        "collect": _("Hämtorder"),
    }
    return visit.page(
        "devices/patient.html",
        ref=ref,
        patient=patient.body,
        aids=aids,
        has=on_loan(aids),
        ordered=on_the_way(aids),
        returned=given_back(aids),
        fees=fees,
        fee_rows=fees_of(fees),
        functions=[(at, names[at], key) for at, action, key in FUNCTIONS if visit.may(action)],
        has_foods="consumables" in works_with(visit),
    )


def listed(aids: Answer, name: str) -> list[dict[str, Any]]:
    return list(aids.body[name]) if aids.ok else []


def on_loan(aids: Answer) -> Table:
    lines = [
        (
            cell(each["article_name"]),
            cell(each["label"], f"/devices/{part(each['device_no'])}"),
            cell(day(each["handed_out_on"])),
            cell(each["care_unit_name"]),
        )
        for each in listed(aids, "has")
    ]
    heads = (_("Hjälpmedel"), _("Nummer"), _("Sedan"), _("Enhet"))
    return Table(_("Har nu"), heads, lines, _("Patienten har inga hjälpmedel."))


def on_the_way(aids: Answer) -> Table:
    lines = [
        (
            cell(each["article_name"], note=pieces(each["quantity"])),
            cell(each["order_no"], f"/device-orders/{part(each['order_no'])}"),
            cell("", badge=each["state_text"], kind="info"),
            cell(day(each["expected_on"])),
        )
        for each in listed(aids, "ordered")
    ]
    heads = (_("Hjälpmedel"), _("Beställning"), _("Läge"), _("Väntas"))
    return Table(_("Beställt"), heads, lines, _("Inget är beställt."))


def pieces(count: int) -> str:
    return ngettext("1 styck", "%(num)s stycken", count) % {"num": count} if count > 1 else ""


def given_back(aids: Answer) -> Table:
    lines = [
        (
            cell(each["article_name"]),
            cell(each["label"], f"/devices/{part(each['device_no'])}"),
            cell(
                day(each["returned_on"] or each["lost_on"]),
                badge=_("stulet eller förkommet") if each["lost_on"] else "",
                kind="warning",
            ),
        )
        for each in listed(aids, "returned")
    ]
    heads = (_("Hjälpmedel"), _("Nummer"), _("Återlämnat"))
    return Table(_("Återlämnat"), heads, lines, _("Inget är återlämnat."))


def fees_of(fees: Answer) -> Table:
    found = fees.body["fees"] if fees.ok else []
    lines = [
        (
            cell(each["text"], note=", ".join(each["article_names"])),
            cell(day(each["due_on"])),
            cell("", badge=each["status"], kind="info"),
            cell(kronor(each["amount"]), note=_("tillbaka") if each["kind"] == "credit" else ""),
        )
        for each in found
    ]
    heads = (_("Avgift"), _("Gäller från"), _("Läge"), _("Belopp"))
    return Table(_("Avgifter"), heads, lines, _("Patienten har inga avgifter."), frozenset({3}))
