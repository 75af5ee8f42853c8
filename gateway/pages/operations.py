"""How the services do: what waits, what is parked, and replaying it (N7)."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _

SERVICES = ("prescription", "ordering", "inventory", "billing", "notification")
OLD_SECONDS = 60
"""What waits longer to be published than this is worth a look."""


def register(pages: Pages) -> None:
    @pages.page("/operations")
    async def operations(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/operations")
    async def work_on_parked(visit: Visit, form: Form) -> Response:
        """Replay a parked message or discard it, with a reason."""
        verb, _colon, named = form.action.partition(":")
        service, _slash, handle = named.partition("/")
        if verb not in ("replay", "discard") or service not in SERVICES:
            return await shown(visit)
        address, key = f"/operations/parked/{part(handle)}/{verb}", f"{form.text('key')}-{verb}-{handle}"
        body = {"because": form.text(f"because:{handle}")} if verb == "discard" else None
        done = await visit.post(service, address, body, key=key)
        return see(f"/operations?done={verb}") if done.ok else await shown(visit, refusal=done)


async def shown(visit: Visit, *, refusal: Answer | None = None) -> Response:
    """Ask each service about itself; one that does not answer has a row that says so."""
    found = await asyncio.gather(*(visit.get(each, "/operations") for each in SERVICES))
    refused = next((each for each in found if each.is_refused), None)
    if refused is not None:
        return visit.page("refused.html", status=refused.status, answer=refused)
    parked = await asyncio.gather(*(parked_in(visit, each) for each in found))
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "operations.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        rows=[(names()[each.service], each, is_old(visit, each)) for each in found],
        parked=[(names()[answer.service], answer.service, row) for answer in parked for row in answer.body],
        refusal=refusal,
        done=done if done in ("replay", "discard") and not refusal else "",
        key=uuid4().hex,
    )


async def parked_in(visit: Visit, about: Answer) -> Answer:
    """Give what is parked where something is; an empty list elsewhere."""
    nothing = Answer(about.service, 200, [])
    if not about.ok or not about.body["parked"]:
        return nothing
    found = await visit.get(about.service, "/operations/parked")
    return found if found.ok else nothing


def is_old(visit: Visit, about: Answer) -> bool:
    oldest: Any = about.body["outbox_oldest_at"] if about.ok else None
    if not oldest:
        return False
    return (visit.gateway.clock.now() - datetime.fromisoformat(oldest)).total_seconds() > OLD_SECONDS


def names() -> dict[str, str]:
    return {
        "prescription": _("Förskrivning"),
        "ordering": _("Beställning"),
        "inventory": _("Artiklar och lager"),
        "billing": _("Avgifter"),
        "notification": _("Meddelanden"),
    }
