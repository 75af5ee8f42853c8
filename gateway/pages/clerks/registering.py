"""Registers by hand who is not in the population register, with the protection stated (S65 to S68, Q18)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _
from gateway.web.written import day_for_service

ADDRESS = ("line1", "line2", "co", "postal_code", "city")
TEXTS = ("name", "phone", "email", "lma_number")
FIELDS = ("number", "number_type", "status", *TEXTS, *ADDRESS, "language", "lma_from", "lma_through", "born")


def register(pages: Pages) -> None:
    @pages.page("/register-patient")
    async def new_patient(visit: Visit) -> Response:
        return shown(visit, Form([("status", "open"), ("language", "sv")]))

    @pages.form("/register-patient")
    async def register_patient(visit: Visit, form: Form) -> Response:
        """Register, and open the patient; a refusal comes back with the form as it was."""
        kept = await visit.post("prescription", "/patients", body_of(form), key=form.text("key"))
        if kept.ok:
            return see(f"/patients/{part(kept.body['patient_ref'])}")
        return shown(visit, form, refusal=kept)


def body_of(form: Form) -> dict[str, Any]:
    """Give the form as prescription takes it: an address only when one was begun."""
    address = {name: form.text(name) for name in ADDRESS if form.text(name)}
    texts = {name: form.text(name) for name in TEXTS if form.text(name)}
    whole = {"line1": "", "postal_code": "", "city": "", **address}
    lma = {"valid_from": form.text("lma_from"), "valid_through": form.text("lma_through")}
    card = {name: day for name, typed in lma.items() if (day := day_for_service(typed))}
    return {
        "number": form.text("number"),
        "protected": form.text("status") == "protected",
        "no_fixed_address": form.text("status") == "no_fixed_address",
        "language": form.text("language", "sv"),
        **texts,
        **({"number_type": form.text("number_type")} if form.text("number_type") else {}),
        **({"born": day_for_service(form.text("born"))} if form.text("born") else {}),
        **({"address": whole} if address else {}),
        **({"asylum_seeker": card} if card else {}),
    }


def shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    reasons = refusal.reasons if refusal else []
    by_field: dict[str, str] = {}
    for each in reasons:
        field = str((each.get("facts") or {}).get("field", "")).rpartition(".")[2]
        by_field.setdefault(field, each["detail"])
    return visit.page(
        "clerks/register.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        typed={name: form.text(name) for name in FIELDS},
        key=form.text("key") or uuid4().hex,
        refusal=refusal,
        by_field=by_field,
        number_types=number_types(),
    )


def number_types() -> list[tuple[str, str]]:
    """Name the kinds of numbers that the number itself may not tell."""
    return [
        ("", _("Personnummer eller samordningsnummer")),
        ("nrid", _("Nationellt reservnummer")),
        ("vgr", _("Reservnummer från Västra Götaland")),
        ("sll", _("Reservnummer från Stockholm")),
        ("varmland", _("Reservnummer från Värmland")),
        ("skane", _("Reservnummer från Skåne")),
    ]
