"""News on the start page, and the page where it is written (S152, S154)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.roles import named
from gateway.web.words import _
from gateway.web.written import day_for_service

READERS = (
    "prescriber", "order_placer", "customer_service", "store_keeper", "technician", "economist", "operator",
    "patient",
)  # fmt: skip
TEXTS = ("title", "text", "title_en", "text_en", "valid_from", "valid_through")


def register(pages: Pages) -> None:
    @pages.page("/news")
    async def news(visit: Visit) -> Response:
        today = visit.gateway.clock.today().isoformat()
        return await shown(visit, Form([("valid_from", today), ("valid_through", today)]))

    @pages.form("/news")
    async def write_news(visit: Visit, form: Form) -> Response:
        """Write a piece of news, or end one."""
        verb, _colon, news_id = form.action.partition(":")
        if verb == "end":
            address = f"/news/{part(news_id)}/end"
            done = await visit.post("notification", address, key=f"{form.text('key')}-end-{news_id}")
        else:
            done = await visit.post("notification", "/news", body_of(form), key=form.text("key"))
        return see("/news") if done.ok else await shown(visit, form, refusal=done)


def body_of(form: Form) -> dict[str, Any]:
    texts = {name: form.text(name) for name in ("title", "text", "title_en", "text_en") if form.text(name)}
    days = {name: day_for_service(form.text(name)) for name in ("valid_from", "valid_through")}
    return {**texts, **days, "roles": form.all("role"), "is_urgent": form.text("is_urgent") == "yes"}


async def shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("notification", "/news?which=all")
    if found.is_refused:
        return visit.page("refused.html", status=found.status, answer=found)
    return visit.page(
        "news.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        found=found,
        typed={name: form.text(name) for name in TEXTS},
        ticked=form.all("role"),
        is_urgent=form.text("is_urgent") == "yes",
        readers=[(each, named([each])[0]) for each in READERS],
        for_whom=for_whom,
        key=uuid4().hex,
        refusal=refusal,
    )


def for_whom(roles: list[str]) -> str:
    return ", ".join(named(roles)) or _("alla")
