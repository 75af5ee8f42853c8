"""Corrections that wait for a second person, who approves the amount that was read (S97)."""

from uuid import uuid4

from fastapi import Response

from gateway.pages.money.words import person
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form


def register(pages: Pages) -> None:
    @pages.page("/money/corrections")
    async def corrections(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/money/corrections")
    async def decide_correction(visit: Visit, form: Form) -> Response:
        """Approve or decline; one's own is refused by billing, which knows who asked."""
        verb, _colon, event_id = form.action.partition(":")
        address, key = f"/fees/{part(event_id)}/correction", f"{form.text('key')}-{verb}-{event_id}"
        if verb == "approve":
            body = {"amount": form.text(f"amount:{event_id}")}
            done = await visit.post("billing", f"{address}/approve", body, key=key)
        elif verb == "decline":
            done = await visit.post("billing", f"{address}/decline", key=key)
        else:
            return await shown(visit)
        return see(f"/money/corrections?done={verb}") if done.ok else await shown(visit, refusal=done)


async def shown(visit: Visit, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("billing", "/corrections")
    if found.is_refused:
        return visit.page("refused.html", status=found.status, answer=found)
    rows = found.body if found.ok else []
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "money/corrections.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        found=found,
        rows=[
            each | {"who": person(visit, each["asked_by"]), "is_mine": is_mine(visit, each)} for each in rows
        ],
        refusal=refusal,
        done=done if done in ("approve", "decline") and not refusal else "",
        key=uuid4().hex,
    )


def is_mine(visit: Visit, row: dict[str, str]) -> bool:
    return bool(row["asked_by"] == visit.me["sub"])
