"""Fees of a period that are not demanded: previewed and proposed by one, decided by another (N5)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.money.words import person, states, type_names
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.written import day_for_service

MOST_ROUNDS = 20
"""Of a preview: many fees are counted in several answers."""


def register(pages: Pages) -> None:
    @pages.page("/money/waivers")
    async def waivers(visit: Visit) -> Response:
        return await shown(visit, Form())

    @pages.form("/money/waivers")
    async def work_on_waiver(visit: Visit, form: Form) -> Response:
        """Count, propose, decide or decline, as the button says."""
        verb, _colon, waiver_id = form.action.partition(":")
        key = f"{form.text('key')}-{verb}-{waiver_id}"
        if verb in ("decide", "decline"):
            done = await visit.post("billing", f"/waivers/{part(waiver_id)}/{verb}", key=key)
        elif verb == "propose":
            body = {**group_in(form), "reason": form.text("reason")}
            done = await visit.post("billing", "/waivers", body, key=key)
        else:
            return await shown(visit, form, counted=await counted(visit, group_in(form)))
        if done.ok:
            return see(f"/money/waivers?done={verb}")
        return await shown(visit, form, refusal=done)


def group_in(form: Form) -> dict[str, Any]:
    days = {name: day_for_service(form.text(name)) for name in ("sent_from", "sent_through")}
    return {**days, "prescription_types": form.all("type")}


async def counted(visit: Visit, group: dict[str, Any]) -> Answer:
    """Count all of a group, however many answers that takes."""
    asked = dict(group)
    answer = await visit.post("billing", "/waivers/preview", asked)
    for _round in range(MOST_ROUNDS):
        if not answer.ok or answer.body["after"] is None:
            break
        answer = await visit.post("billing", "/waivers/preview", asked | {"after": answer.body["after"]})
    return answer


async def shown(
    visit: Visit, form: Form, *, counted: Answer | None = None, refusal: Answer | None = None
) -> Response:
    found = await visit.get("billing", "/waivers")
    if found.is_refused:
        return visit.page("refused.html", status=found.status, answer=found)
    rows = found.body if found.ok else []
    wrong = refusal or (counted if counted and not counted.ok else None)
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "money/waivers.html",
        status=200 if wrong is None else 503 if wrong.is_down else 422,
        found=found,
        rows=[
            each | {"who": person(visit, each["proposed_by"]), "is_mine": is_mine(visit, each)}
            for each in rows
        ],
        states=states(),
        types=type_names(),
        ticked=form.all("type"),
        typed={name: form.text(name) for name in ("sent_from", "sent_through", "reason")},
        counted=counted if counted and counted.ok else None,
        refusal=wrong,
        done=done if done in ("propose", "decide", "decline") and not wrong else "",
        key=uuid4().hex,
    )


def is_mine(visit: Visit, row: dict[str, str]) -> bool:
    return bool(row["proposed_by"] == visit.me["sub"])
