"""Takes back what a patient hands in at a care unit: tick, choose what becomes of it, done (Q44, S113)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/return")
    async def take_back_devices(visit: Visit) -> Response:
        device = visit.request.query_params.get("device", "")
        return await shown(visit, Form([("device", device)] if device else []))

    @pages.form("/patients/{patient_ref}/return")
    async def register_return(visit: Visit, form: Form) -> Response:
        """Register what came back; a scanned number ticks its device."""
        if form.action != "return":
            return await shown(visit, form)
        body = {"patient_ref": visit.request.path_params["patient_ref"], **body_in(form)}
        done = await visit.change("inventory", "/returns", body, key=form.text("key"))
        return await shown(visit, Form(), done=done) if done.ok else await shown(visit, form, refusal=done)

    @pages.page("/devices/{device_no}/return")
    async def take_back_device(visit: Visit) -> Response:
        """Lead from a scanned device to its patient, with the device ticked."""
        number = visit.request.path_params["device_no"]
        found = await visit.get("inventory", f"/devices/{part(number)}")
        if not found.ok:
            return visit.refused(found)
        if not found.body["patient_ref"]:
            why = _("Hjälpmedlet är inte utlånat till någon som du arbetar med.")
            return visit.refused(Answer("inventory", 422).saying(why))
        return see(f"/patients/{part(found.body['patient_ref'])}/return?device={part(number)}")


def body_in(form: Form) -> dict[str, Any]:
    devices = [
        {"device_no": each, "disposition": form.text(f"disposition:{each}", "return")}
        for each in form.all("device")
    ]
    return {"storeroom_no": form.text("storeroom_no"), "devices": devices} | given(
        returned_on=form.text("returned_on"), reason=form.text("reason")
    )


async def shown(
    visit: Visit, form: Form, *, refusal: Answer | None = None, done: Answer | None = None
) -> Response:
    ref = visit.request.path_params["patient_ref"]
    patient = await visit.get("prescription", f"/patients/{part(ref)}")
    if not patient.ok:
        return visit.refused(patient)
    loans = await visit.get("inventory", f"/patients/{part(ref)}/loans")
    places = places_of(await storerooms(visit, kind="storeroom"))
    scanned = form.text("scan").upper()
    has = [each for each in loans.body if each["state"] == "on_loan"] if loans.ok else []
    also = [each["device_no"] for each in has if scanned and scanned in (each["label"], each["device_no"])]
    return visit.page(
        "devices/return.html",
        status=refusal.page_status if refusal else 200,
        ref=ref,
        patient=patient.body,
        loans=loans,
        has=has,
        ticked={*form.all("device"), *also},
        unknown=scanned if scanned and not also else "",
        places=places,
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
        done=done.body if done else None,
    )
