"""Tariffs: what is in force, and a new one that is tried on last month and published by another (S57)."""

import asyncio
from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.money.words import override_names, person, rule_name, states, type_names
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, decimal_number
from gateway.web.written import day_for_service

VERBS = frozenset({"publish", "withdraw"})
WHOLE = ("articles", "overrides", "types", "longest_days_under_16", "cap", "device_fees", "compensations")


def register(pages: Pages) -> None:
    @pages.page("/money/tariffs")
    async def tariffs(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/money/tariffs")
    async def draft_tariff(visit: Visit, form: Form) -> Response:
        """Draft a tariff from the newest one, with other amounts from another day on."""
        known = await visit.get("billing", "/tariffs")
        if not known.ok or not known.body:
            return await shown(visit, form=form, refusal=known)
        body = drafted_from(newest(known.body), form)
        kept = await visit.post("billing", "/tariffs/drafts", body, key=form.text("key"))
        if kept.ok:
            return see(f"/money/tariffs/{part(kept.body['draft_id'])}")
        return await shown(visit, form=form, refusal=kept)

    @pages.page("/money/tariffs/{draft_id}")
    async def tariff_draft(visit: Visit) -> Response:
        return await one(visit)

    @pages.form("/money/tariffs/{draft_id}")
    async def decide_tariff(visit: Visit, form: Form) -> Response:
        """Publish as another person than who drafted it, or withdraw."""
        address = f"/tariffs/drafts/{part(visit.request.path_params['draft_id'])}"
        if form.action not in VERBS:
            return await one(visit)
        key = f"{form.text('key')}-{form.action}"
        done = await visit.post("billing", f"{address}/{form.action}", key=key)
        return see("/money/tariffs") if done.ok else await one(visit, refusal=done)


def newest(known: list[dict[str, Any]]) -> dict[str, Any]:
    return max(known, key=lambda each: str(each["valid_from"]))


def drafted_from(tariff: dict[str, Any], form: Form) -> dict[str, Any]:
    """Give the whole of the newest tariff with the amounts that were typed."""
    whole = {name: tariff[name] for name in WHOLE if tariff.get(name) is not None}
    for part_of, name in (("types", "prescription_type"), ("overrides", "reason")):
        whole[part_of] = [
            each
            | ({"amount": typed} if (typed := decimal_number(form.text(f"{part_of}:{each[name]}"))) else {})
            for each in whole.get(part_of, [])
        ]
    return {**whole, "valid_from": day_for_service(form.text("valid_from"))}


async def shown(visit: Visit, *, form: Form | None = None, refusal: Answer | None = None) -> Response:
    known, drafts = await asyncio.gather(
        visit.get("billing", "/tariffs"), visit.get("billing", "/tariffs/drafts")
    )
    if drafts.is_refused:
        return visit.page("refused.html", status=drafts.status, answer=drafts)
    tariffs = sorted(known.body, key=lambda each: str(each["valid_from"]), reverse=True) if known.ok else []
    today = visit.gateway.clock.today().isoformat()
    return visit.page(
        "money/tariffs.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        known=known,
        tariffs=tariffs,
        in_force=next((each["tariff"] for each in tariffs if each["valid_from"] <= today), ""),
        drafts=drafts,
        who={each["draft_id"]: person(visit, each["drafted_by"]) for each in drafts.body}
        if drafts.ok
        else {},
        states=states(),
        types=type_names(),
        overrides=override_names(),
        typed=dict(form.pairs) if form else {},
        refusal=refusal,
        key=uuid4().hex,
    )


async def one(visit: Visit, *, refusal: Answer | None = None) -> Response:
    address = f"/tariffs/drafts/{part(visit.request.path_params['draft_id'])}"
    draft, preview, known = await asyncio.gather(
        visit.get("billing", address),
        visit.get("billing", f"{address}/preview"),
        visit.get("billing", "/tariffs"),
    )
    if not draft.ok:
        return visit.page("refused.html", status=draft.status, answer=draft)
    before = newest(known.body) if known.ok and known.body else {"types": [], "overrides": []}
    return visit.page(
        "money/tariff.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        draft=draft.body,
        preview=preview,
        rows=compared(before, draft.body["proposed"]),
        rule_name=rule_name,
        who=person(visit, draft.body["drafted_by"]),
        is_mine=draft.body["drafted_by"] == visit.me["sub"],
        states=states(),
        refusal=refusal,
        key=uuid4().hex,
    )


def compared(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Put each amount beside what it was."""
    names = {**type_names(), **override_names()}
    rows = []
    for part_of, name in (("types", "prescription_type"), ("overrides", "reason")):
        earlier = {each[name]: each.get("amount") for each in before.get(part_of, [])}
        rows += [
            (names.get(each[name], each["text"]), earlier.get(each[name]), each.get("amount"))
            for each in after.get(part_of, [])
        ]
    return rows
