"""An article that cannot be had: whom it concerns, and telling them in one press (N3)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.names import patient_names
from gateway.services import Answer
from gateway.visit import Pages, Visit
from gateway.web.forms import Form
from gateway.web.words import ngettext

MOST_HITS = 20


def register(pages: Pages) -> None:
    @pages.page("/shortages")
    async def shortages(visit: Visit) -> Response:
        return await shown(visit, Form())

    @pages.form("/shortages")
    async def work_on_shortage(visit: Visit, form: Form) -> Response:
        """Search an article, list whom it concerns, and tell those who are ticked."""
        verb, _colon, article_no = form.action.partition(":")
        if verb == "choose":
            return await shown(visit, form, article_no=article_no)
        if verb == "more":
            return await shown(visit, form, article_no=form.text("article_no"), after=article_no)
        if verb == "tell":
            return await tell(visit, form)
        asked = {"text": form.text("text"), "limit": MOST_HITS, "include_variants": True}
        found = await visit.post("inventory", "/articles/search", asked)
        return await shown(visit, form, hits=found)


async def tell(visit: Visit, form: Form) -> Response:
    """Send each ticked patient one message; twice the same day is once."""
    article_no = form.text("article_no")
    body = {"article_no": article_no, "patient_refs": form.all("patient")}
    told = await visit.post("notification", "/messages/shortage", body, key=form.text("key"))
    return await shown(visit, form, article_no=article_no, told=told, after=form.text("after") or None)


async def shown(
    visit: Visit,
    form: Form,
    *,
    hits: Answer | None = None,
    article_no: str = "",
    after: str | None = None,
    told: Answer | None = None,
) -> Response:
    found = await concerned(visit, article_no, after) if article_no else None
    body: dict[str, Any] = found.body if found and found.ok else {}
    refs = [each["patient_ref"] for part in ("patients", "orders") for each in body.get(part, ())]
    return visit.page(
        "clerks/shortages.html",
        status=422 if told is not None and told.is_refused else 200,
        text=form.text("text"),
        hits=hits,
        found=found,
        after=after or "",
        names=await patient_names(visit, refs),
        units=await visit.unit_names() if refs else {},
        told=told,
        said=how_many(told) if told is not None and told.ok else "",
        key=uuid4().hex,
    )


async def concerned(visit: Visit, article_no: str, after: str | None) -> Answer:
    asked = {"article_no": article_no, **({"after": after} if after else {})}
    return await visit.post("ordering", "/shortages/search", asked)


def how_many(told: Answer) -> str:
    count = int(told.body["patients"])
    return ngettext("1 patient får ett meddelande.", "%(num)s patienter får ett meddelande.", count) % {
        "num": count
    }
