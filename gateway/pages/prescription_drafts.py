"""A prescription that was begun is kept by prescription while it is typed, and is there again (Q5)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from gateway.services import Answer
from gateway.visit import Visit, part

KEEPS = "prescription.keep_prescription_draft"


async def kept_draft(visit: Visit, ref: str) -> Mapping[str, Any] | None:
    """Give what was typed for a patient and not saved; None when there is nothing, or nobody answers."""
    if not visit.may(KEEPS):
        return None
    found = await visit.get("prescription", f"/prescription-drafts/{part(ref)}")
    return found.body if found.ok else None


async def keep_draft(visit: Visit, ref: str, body: Mapping[str, Any]) -> None:
    """Keep what is typed so far, once an article is chosen; the page goes on when that fails."""
    if not body["lines"]:
        await forget_draft(visit, ref)
    elif visit.may(KEEPS):
        address = f"/prescription-drafts/{part(ref)}"
        await visit.put("prescription", address, body, key=uuid4().hex, etag="*")


async def forget_draft(visit: Visit, ref: str) -> None:
    if visit.may(KEEPS):
        await visit.post("prescription", f"/prescription-drafts/{part(ref)}/forget", key=uuid4().hex)


async def begun_prescriptions(visit: Visit) -> Answer | None:
    """List one's own, for the start page."""
    return await visit.get("prescription", "/prescription-drafts") if visit.may(KEEPS) else None
