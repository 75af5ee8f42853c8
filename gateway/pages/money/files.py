"""The day's files to invoicing: what is in them, what was answered, closed and sent again (S64)."""

from uuid import uuid4

from fastapi import Response

from gateway.pages.money.words import file_state
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form


def register(pages: Pages) -> None:
    @pages.page("/money/files")
    async def files(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/money/files")
    async def work_on_file(visit: Visit, form: Form) -> Response:
        """Close what waits into a file, or send a file again."""
        verb, _colon, batch_id = form.action.partition(":")
        key = f"{form.text('key')}-{verb}"
        if verb == "again":
            done = await visit.post("billing", f"/batches/{part(batch_id)}/send-again", key=key)
        elif verb == "close":
            done = await visit.post("billing", "/batches", key=key)
        else:
            return await shown(visit)
        return see(f"/money/files?done={verb}") if done.ok else await shown(visit, refusal=done)


async def shown(visit: Visit, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("billing", "/batches?limit=50")
    if found.is_refused:
        return visit.page("refused.html", status=found.status, answer=found)
    strays = await visit.get("billing", "/acknowledgements/stray")
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "money/files.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        found=found,
        rows=[(each, *file_state(each)) for each in (found.body if found.ok else [])],
        strays=strays,
        refusal=refusal,
        done=done if done in ("again", "close") and not refusal else "",
        key=uuid4().hex,
    )
