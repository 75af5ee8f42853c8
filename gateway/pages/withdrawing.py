"""A withdrawal on one page: lines, flavours, delivery, the fee, send (S34 to S47)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.choice import Choice, as_begun, changing, choice_in, first_choice, same_as_last
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _


def register(pages: Pages) -> None:
    _continuing(pages)

    @pages.page("/patients/{patient_ref}/withdraw")
    async def new_withdrawal(visit: Visit) -> Response:
        """Begin with every line that may be withdrawn ticked, and the delivery as last registered."""
        ref = visit.request.path_params["patient_ref"]
        allowance = await visit.get("ordering", f"/allowances/{part(ref)}")
        if not allowance.ok:
            return visit.refused(allowance)
        return await shown(visit, allowance, first_choice(ref, uuid4().hex, allowance.body))

    @pages.form("/patients/{patient_ref}/withdraw")
    async def fill_withdrawal(visit: Visit, form: Form) -> Response:
        """Do what the button says; every other field stays as it was filled in."""
        choice = choice_in(visit.request.path_params["patient_ref"], form)
        allowance = await visit.get("ordering", f"/allowances/{part(choice.ref)}")
        if not allowance.ok:
            return visit.refused(allowance)
        if form.action == "same":
            return await shown(visit, allowance, same_as_last(choice, allowance.body), focus="send")
        if form.action == "send":
            return await send(visit, allowance, choice)
        return await shown(visit, allowance, choice)

    @pages.form("/patients/{patient_ref}/withdraw/preview")
    async def preview_fee(visit: Visit, form: Form) -> Response:
        """Say beside the form what it would cost, and what stands against it."""
        choice = choice_in(visit.request.path_params["patient_ref"], form)
        return visit.page("parts/fee.html", preview=await previewed(visit, choice))


def _continuing(pages: Pages) -> None:
    @pages.page("/withdrawals/{withdrawal_no}/continue")
    async def continue_withdrawal(visit: Visit) -> Response:
        """Go on with one that was begun and not sent, by whoever may (S50)."""
        begun = await visit.get(
            "ordering", f"/withdrawals/{part(visit.request.path_params['withdrawal_no'])}"
        )
        if not begun.ok:
            return visit.refused(begun)
        allowance = await visit.get("ordering", f"/allowances/{part(begun.body['patient_ref'])}")
        if not allowance.ok:
            return visit.refused(allowance)
        choice = as_begun(begun.body, allowance.body, key=uuid4().hex, etag=begun.etag or "")
        return await shown(visit, allowance, choice)


async def previewed(visit: Visit, choice: Choice) -> Answer | None:
    """Ask ordering once a line is ticked and its flavours are shared out."""
    if not choice.items:
        return None
    return await visit.post("ordering", "/withdrawals/preview", choice.body)


async def send(visit: Visit, allowance: Answer, choice: Choice) -> Response:
    """Keep the withdrawal and send it; each step is carried out once, however often the button is pressed."""
    kept = await keep(visit, choice)
    if kept.rule in ("key-reused", "version-changed"):
        return await told(visit, allowance, choice, kept)
    if not kept.ok:
        return await shown(visit, allowance, choice, refusal=kept)
    number = str(kept.body["withdrawal_no"])
    sent = await visit.post("ordering", f"/withdrawals/{part(number)}/send", key=f"{choice.key}-send")
    if sent.ok:
        return see(f"/withdrawals/{part(number)}?sent=1")
    # the draft is kept: what is corrected now changes it, under a key of its own
    corrected = choice.kept_as(number, etag=kept.etag or "", key=uuid4().hex)
    return await shown(visit, allowance, corrected if sent.is_refused else choice, refusal=sent)


async def told(visit: Visit, allowance: Answer, choice: Choice, kept: Answer) -> Response:
    """Say what happened meanwhile, and let the person decide: the next press is another one."""
    number, etag = "", ""
    if kept.rule == "version-changed":
        now = await visit.get("ordering", f"/withdrawals/{part(choice.withdrawal_no)}")
        number, etag = choice.withdrawal_no, now.etag or ""
        words = _("Någon annan ändrade uttaget medan du skrev. Skickar du nu gäller det som står här.")
    else:
        words = _("Det du skickade först är sparat. Se patientens uttag innan du skickar ett till.")
    again = choice.kept_as(number, etag=etag, key=uuid4().hex)
    return await shown(visit, allowance, again, refusal=kept.saying(words))


async def keep(visit: Visit, choice: Choice) -> Answer:
    if choice.withdrawal_no:
        address = f"/withdrawals/{part(choice.withdrawal_no)}"
        begun = await visit.get("ordering", address)
        if not begun.ok:
            return begun
        changed = changing(begun.body, choice)
        return await visit.put("ordering", address, changed, key=f"{choice.key}-change", etag=choice.etag)
    return await visit.post("ordering", "/withdrawals", choice.body, key=f"{choice.key}-draft")


async def shown(
    visit: Visit,
    allowance: Answer,
    choice: Choice,
    *,
    refusal: Answer | None = None,
    focus: str | None = None,
) -> Response:
    """Show the form with the fee beside it."""
    reasons = refusal.reasons if refusal else []
    by_line: dict[str, list[dict[str, Any]]] = {}
    for each in reasons:
        by_line.setdefault(str((each.get("facts") or {}).get("line_id", "")), []).append(each)
    points = await visit.get("ordering", "/pickup-points")
    return visit.page(
        "withdraw.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        allowance=allowance.body,
        choice=choice,
        preview=await previewed(visit, choice),
        points=[each for each in points.body if each["is_open"]] if points.ok else [],
        refusal=refusal,
        by_line=by_line,
        focus=focus,
    )
