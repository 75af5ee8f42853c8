"""The fees of one withdrawal: each held, released, or asked to be corrected (S64, S97)."""

from uuid import uuid4

from fastapi import Response

from gateway.pages.people.fees import whys
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, decimal_number

VERBS = frozenset({"hold", "release", "correct"})


def register(pages: Pages) -> None:
    @pages.page("/money/fees")
    async def fees(visit: Visit) -> Response:
        return await shown(visit, visit.request.query_params.get("number", "").strip().upper())

    @pages.form("/money/fees")
    async def work_on_fee(visit: Visit, form: Form) -> Response:
        """Do what the button says about one fee; another person decides about a correction."""
        number = form.text("number")
        verb, _colon, event_id = form.action.partition(":")
        if verb not in VERBS:
            return await shown(visit, number)
        done = await worked(visit, form, verb, event_id)
        if done.ok:
            return see(f"/money/fees?number={part(number)}&done={verb}")
        return await shown(visit, number, form=form, refusal=done, about=event_id)


async def worked(visit: Visit, form: Form, verb: str, event_id: str) -> Answer:
    address, key = f"/fees/{part(event_id)}", f"{form.text('key')}-{verb}-{event_id}"
    reason = form.text(f"reason:{event_id}")
    if verb == "hold":
        return await visit.post("billing", f"{address}/hold", {"reason": reason}, key=key)
    if verb == "release":
        return await visit.post("billing", f"{address}/release", key=key)
    body = {"amount": decimal_number(form.text(f"amount:{event_id}")), "reason": reason}
    return await visit.post("billing", f"{address}/correction", body, key=key)


async def shown(
    visit: Visit, number: str, *, form: Form | None = None, refusal: Answer | None = None, about: str = ""
) -> Response:
    found = await visit.post("billing", "/fees/search", {"withdrawal_no": number}) if number else None
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "money/ledger.html",
        status=422 if refusal or (found and found.is_refused) else 200,
        number=number,
        found=found,
        whys=whys(),
        typed=dict(form.pairs) if form else {},
        refusal=refusal,
        about=about,
        done=done if done in VERBS and not refusal else "",
        key=uuid4().hex,
    )
