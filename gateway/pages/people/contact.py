"""How a patient is reached, changed by the patient or by who serves the patient (S42, S70)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _

FIELDS = ("phone", "email", "language")


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/contact")
    async def contact(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/patients/{patient_ref}/contact")
    async def change_contact(visit: Visit, form: Form) -> Response:
        """Save, unless somebody else saved meanwhile: then theirs is shown beside what was typed."""
        ref = visit.request.path_params["patient_ref"]
        body = {name: form.text(name) or None for name in FIELDS} | {"other_phones": others(form)}
        kept = await visit.put(
            "prescription",
            f"/patients/{part(ref)}/contact",
            body,
            key=form.text("key"),
            etag=form.text("etag"),
        )
        if kept.ok:
            return see(f"/patients/{part(ref)}/contact?saved=1")
        return await shown(visit, form=form, refusal=kept)


def others(form: Form) -> list[str]:
    """Read further numbers, one on each line."""
    return [each.strip() for each in form.text("other_phones").splitlines() if each.strip()]


async def shown(visit: Visit, *, form: Form | None = None, refusal: Answer | None = None) -> Response:
    ref = visit.request.path_params["patient_ref"]
    found = await visit.get("prescription", f"/patients/{part(ref)}")
    if not found.ok:
        return visit.page("refused.html", status=found.status, answer=found)
    person = found.body["person"] or {}
    kept = as_kept(person)
    return visit.page(
        "people/contact.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        ref=ref,
        patient=found.body,
        person=person,
        kept=kept,
        typed={name: form.text(name) for name in kept} if form else kept,
        is_outrun=refusal is not None and refusal.rule == "version-changed",
        etag=found.etag or "",
        key=uuid4().hex,
        refusal=refusal,
        saved=refusal is None and visit.request.query_params.get("saved") == "1",
        languages=languages(),
    )


def as_kept(person: dict[str, Any]) -> dict[str, str]:
    values = {name: person.get(name) or "" for name in FIELDS}
    return values | {"other_phones": "\n".join(person.get("other_phones", ()))}


def languages() -> list[tuple[str, str]]:
    """Name the languages that messages are written in."""
    return [("sv", _("Svenska")), ("en", _("Engelska")), ("fi", _("Finska")), ("ar", _("Arabiska"))]
