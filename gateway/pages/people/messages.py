"""Messages to a patient and their fate; one with its text for who may see it, and sent again (S38, N7)."""

from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/messages")
    async def patient_messages(visit: Visit) -> Response:
        ref = visit.request.path_params["patient_ref"]
        found = await visit.post("notification", "/messages/search", {"patient_ref": ref})
        if found.is_refused:
            return visit.page("refused.html", status=found.status, answer=found)
        return visit.page("people/messages.html", ref=ref, found=found)

    @pages.page("/messages/{message_id}")
    async def message(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/messages/{message_id}/send-again")
    async def send_message_again(visit: Visit, form: Form) -> Response:
        """Send what was not sent; the service refuses what may have been (Q24)."""
        address = f"/messages/{part(visit.request.path_params['message_id'])}"
        sent = await visit.post("notification", f"{address}/send-again", key=form.text("key"))
        return see(f"{address}?again=1") if sent.ok else await shown(visit, refusal=sent)


async def shown(visit: Visit, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("notification", f"/messages/{part(visit.request.path_params['message_id'])}")
    if not found.ok:
        return visit.page("refused.html", status=found.status, answer=found)
    return visit.page(
        "people/message.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        message=found.body,
        history=list(reversed(found.body["history"])),
        is_sent_again=refusal is None and visit.request.query_params.get("again") == "1",
        key=uuid4().hex,
        refusal=refusal,
    )
