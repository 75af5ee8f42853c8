"""Hands out a device of the own storeroom, also in exchange for one, on one page (Q41, Q48, S112)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import Options, given, own_units, prescribers
from gateway.pages.devices.basket_form import NO, YES
from gateway.pages.devices.purposes import collection_in, purposes
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _

PREVIEW = "/hand-outs/preview"


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/hand-out")
    async def hand_out(visit: Visit) -> Response:
        """Begin with the number: a link from a scan has it already."""
        device = visit.request.query_params.get("device", "")
        return await shown(visit, Form([("device", device)]))

    @pages.form("/patients/{patient_ref}/hand-out")
    async def make_hand_out(visit: Visit, form: Form) -> Response:
        """Show what a number is and what is asked of it; hand it out when the button says so."""
        if form.action != "hand-out":
            return await shown(visit, form)
        body = await body_of(visit, form)
        if isinstance(body, Answer):
            return await shown(visit, form, refusal=body)
        made = await visit.change("ordering", "/hand-outs", body, key=form.text("key"))
        if not made.ok:
            return await shown(visit, form, refusal=made)
        number = str(made.body["order_no"])
        return see(f"/device-orders/{part(number)}?sent={part(number)}")


async def scanned(visit: Visit, code: str) -> Answer:
    """Ask what a code or number names; raises nothing: what it is not comes back in words."""
    found = await visit.post("inventory", "/scans", {"code": code})
    if found.ok and not found.body["device"]:
        why = found.body["why_nothing"] or _(
            "Det är ingen märkt individ. Beställ den från sidan Beställ hjälpmedel."
        )
        return Answer("inventory", 422).saying(str(why))
    return found


async def body_of(visit: Visit, form: Form) -> dict[str, Any] | Answer:
    """Read the form as ordering takes it; what names no device is given back in words."""
    found = await scanned(visit, form.text("device"))
    if not found.ok:
        return found
    units, fee = await own_units(visit), {YES: True, NO: False}.get(form.text("fee"))
    whole = {
        "patient_ref": visit.request.path_params["patient_ref"],
        "care_unit": form.text("care_unit") or (units[0][0] if units else ""),
        "device_no": found.body["device"]["device_no"],
        "is_additional": form.text("additional") == YES,
        **({} if fee is None else {"fee": fee}),
    }
    approval = given(approved_by=form.text("approved_by"), approved_on=form.text("approved_on"))
    return (
        whole
        | components_in(form)
        | given(
            prescriber=form.text("prescriber"),
            comment=form.text("comment"),
            exchange=exchange_in(form),
            approval=approval or None,
        )
    )


def components_in(form: Form) -> dict[str, Any]:
    """Read which components are taken off and which added: each shown one is ticked or not (S108)."""
    ticked = set(form.all("fit"))
    standard = [each for each in form.all("standard") if each not in ticked]
    optional = [{"article_no": each} for each in form.all("optional") if each in ticked]
    return given(removed=standard, components=optional)


def exchange_in(form: Form) -> dict[str, Any] | None:
    """Read what the patient hands back for it, and how it is collected when it is not kept here (Q48)."""
    back, disposition = form.text("exchange"), form.text("disposition", "return")
    if not back:
        return None
    collection = collection_in(form) if disposition == "collect" else None
    return {"device_no": back, "disposition": disposition} | given(collection=collection)


async def shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    ref = visit.request.path_params["patient_ref"]
    patient = await visit.get("prescription", f"/patients/{part(ref)}")
    if not patient.ok:
        return visit.refused(patient)
    preview = None
    if form.text("device"):
        body = await body_of(visit, form)
        asked = None if isinstance(body, Answer) else await visit.post("ordering", PREVIEW, body)
        preview = asked.body if asked and asked.ok else None
        if isinstance(body, Answer) or (asked and not asked.ok):
            refusal = refusal or (body if isinstance(body, Answer) else asked)
    units = await own_units(visit)
    unit = form.text("care_unit") or (units[0][0] if units else "")
    return visit.page(
        "devices/hand_out.html",
        status=refusal.page_status if refusal else 200,
        ref=ref,
        patient=patient.body,
        form=form,
        preview=preview,
        units=units,
        unit=unit,
        prescribers=await prescribers(visit, unit),
        loans=await loans(visit, ref),
        purposes=purposes(),
        key=key_of_form(form, refusal),
        refusal=refusal,
    )


async def loans(visit: Visit, ref: str) -> Options:
    aids = await visit.get("ordering", f"/patients/{part(ref)}/aids")
    has = aids.body["has"] if aids.ok else []
    return [(each["device_no"], f"{each['article_name']} {each['label']}") for each in has]
