"""Asking customer service for help from any page, with a number to call back (S178)."""

from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, see
from gateway.web.forms import Form

FIELDS = ("text", "subject_no", "call_back")


def register(pages: Pages) -> None:
    @pages.page("/support")
    async def support(visit: Visit) -> Response:
        return shown(visit, Form())

    @pages.form("/support")
    async def ask_for_support(visit: Visit, form: Form) -> Response:
        body = {name: form.text(name) for name in FIELDS if form.text(name)}
        asked = await visit.post("notification", "/support-requests", body, key=form.text("key"))
        return see("/support?sent=1") if asked.ok else shown(visit, form, refusal=asked)


def shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    return visit.page(
        "support.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        typed={name: form.text(name) for name in FIELDS},
        is_sent=refusal is None and visit.request.query_params.get("sent") == "1",
        key=form.text("key") or uuid4().hex,
        refusal=refusal,
    )
