"""Maintenance: what is due, jobs with what was done, faults, and the card of a device (T14, T15, S159)."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, whole_number
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day

DUE_WITHIN_DAYS = 60


def register(pages: Pages) -> None:
    _jobs(pages)
    _devices(pages)

    @pages.page("/maintenance")
    async def maintenance(visit: Visit) -> Response:
        """List what is due within two months, the most overdue first, and the jobs that are open."""
        asked = visit.request.query_params
        until = visit.gateway.clock.today() + timedelta(days=DUE_WITHIN_DAYS)
        body = {"due_through": until.isoformat()} | given(storeroom_no=asked.get("storeroom_no", ""))
        due, jobs = await asyncio.gather(
            visit.listed("inventory", "/maintenance-due/search", body),
            visit.get("inventory", "/maintenance-jobs"),
        )
        return visit.page(
            "devices/maintenance.html",
            due=due,
            due_rows=due_listed(due.body) if due.ok else None,
            jobs=jobs,
            job_rows=jobs_listed(jobs.body) if jobs.ok else None,
            places=places_of(await storerooms(visit)),
            place=asked.get("storeroom_no", ""),
            pager=visit.pager(due),
        )


def _jobs(pages: Pages) -> None:
    @pages.page("/maintenance-jobs")
    async def maintenance_jobs(visit: Visit) -> Response:
        found = await visit.listed("inventory", "/maintenance-jobs")
        if not found.ok:
            return visit.refused(found)
        rows, pager = jobs_listed(found.body), visit.pager(found)
        return visit.page("list.html", title=_("Arbeten"), rows=rows, pager=pager)

    @pages.page("/maintenance-jobs/{job_no}")
    async def maintenance_job(visit: Visit) -> Response:
        return await job_shown(visit)

    @pages.form("/maintenance-jobs/{job_no}")
    async def work_on_job(visit: Visit, form: Form) -> Response:
        """Register what was done, annul the job, or take the device in."""
        at, act = job_at(visit), form.action
        bodies: dict[str, dict[str, Any]] = {
            "complete": work_in(form),
            "annul": {"reason": form.text("reason")},
            "take-in": {"storeroom_no": form.text("storeroom_no")},
        }
        if act not in bodies:
            return await job_shown(visit, form)
        key, etag = f"{form.text('key')}-{act}", form.text("etag")
        done = await visit.change("inventory", f"{at}/{act}", bodies[act], key=key, etag=etag)
        return see(visit.request.url.path) if done.ok else await job_shown(visit, form, refusal=done)


def job_at(visit: Visit) -> str:
    return f"/maintenance-jobs/{part(visit.request.path_params['job_no'])}"


def work_in(form: Form) -> dict[str, Any]:
    """Read what was done: each line of a text is an activity, each part an article with how many."""
    parts = [each.split() for each in form.text("parts").splitlines() if each.strip()]
    return {
        "done_on": form.text("done_on"),
        "activities": [each.strip() for each in form.text("activities").splitlines() if each.strip()],
        "result": form.text("result"),
        "parts": [
            {"article_no": each[0], "quantity": whole_number(each[1]) if len(each) > 1 else 1}
            for each in parts
        ],
    } | given(
        done_by=form.text("done_by"),
        note=form.text("note"),
        next_on=form.text("next_on"),
        storeroom_no=form.text("storeroom_no") if parts else "",
    )


async def job_shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("inventory", job_at(visit))
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/job.html",
        status=refusal.page_status if refusal else 200,
        job=found.body,
        places=places_of(await storerooms(visit)),
        results=[
            ("approved", _("Godkänt")),
            ("repaired", _("Reparerat")),
            ("rejected", _("Inte användbart")),
        ],
        may_complete=visit.may("inventory.complete_maintenance_job") and found.body["state"] == "open",
        may_take_in=visit.may("inventory.take_in_defective_device") and found.body["state"] == "open",
        form=form or Form(),
        key=key_of_form(form, refusal),
        etag=found.etag or "",
        refusal=refusal,
    )


def _devices(pages: Pages) -> None:
    @pages.page("/devices/{device_no}")
    async def device(visit: Visit) -> Response:
        return await device_shown(visit)

    @pages.form("/devices/{device_no}")
    async def work_on_device(visit: Visit, form: Form) -> Response:
        """Report a fault, write the note, set the device apart, plan a job, or say why it is overdue."""
        at, act = f"/devices/{part(visit.request.path_params['device_no'])}", form.action
        number, reason = visit.request.path_params["device_no"], form.text("reason")
        asked: dict[str, tuple[str, dict[str, Any]]] = {
            "fault": (f"{at}/faults", {"fault": form.text("fault")}),
            "note": (f"{at}/note", {"note": form.text("note") or None}),
            "apart": (f"{at}/set-apart", {"destination": form.text("destination"), "reason": reason}),
            "overdue": (f"{at}/overdue-reason", {"reason": form.text("overdue_reason")}),
            "job": (
                "/maintenance-jobs",
                {"device_no": number, "kind": form.text("kind"), "reason": form.text("job_reason")},
            ),
        }
        if act not in asked:
            return await device_shown(visit, form)
        path, body = asked[act]
        done = await visit.change("inventory", path, body, key=f"{form.text('key')}-{act}")
        if not done.ok:
            return await device_shown(visit, form, refusal=done)
        leads = f"/maintenance-jobs/{part(done.body['job_no'])}" if act in ("fault", "job") else at
        return see(leads)


async def device_shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    """Show the card of a device: where it is, its numbers, maintenance and movements."""
    number = part(visit.request.path_params["device_no"])
    found, moved, jobs = await asyncio.gather(
        visit.get("inventory", f"/devices/{number}"),
        visit.listed("inventory", f"/devices/{number}/movements"),
        visit.get("inventory", f"/devices/{number}/maintenance-jobs"),
    )
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/device.html",
        status=refusal.page_status if refusal else 200,
        device=found.body,
        moved=moved,
        whys=whys(),
        places=places_named(),
        job_rows=jobs_listed(jobs.body) if jobs.ok else None,
        jobs=jobs,
        destinations=[
            ("quarantine", _("i karantän")),
            ("shelf", _("tillbaka på hyllan")),
            ("scrap", _("skrotas")),
        ],
        kinds=[("corrective", _("Avhjälpande underhåll")), ("preventive", _("Förebyggande underhåll"))],
        form=form or Form(),
        key=key_of_form(form, refusal),
        refusal=refusal,
        pager=visit.pager(moved),
    )


def whys() -> dict[str, str]:
    """Name why a device moved."""
    return {
        "received": _("mottaget från leverantören"),
        "handed_out": _("utlämnat"),
        "picked": _("plockat"),
        "put_back": _("lagt tillbaka"),
        "handed_over": _("överlämnat till patienten"),
        "taken_back": _("utlämningen togs tillbaka"),
        "counted": _("ändrat av en inventering"),
        "returned": _("återlämnat"),
        "set_apart": _("undanlagt"),
        "released": _("släppt ur karantän"),
        "scrapped": _("skrotat"),
        "replaced": _("ersatt av leverantören"),
        "not_fetched": _("inte hämtat"),
        "lost": _("anmält som stulet eller förkommet"),
        "collected": _("hämtat till lagret"),
        "maintained": _("underhållet"),
        "taken_in": _("intaget för reparation"),
        "recalled": _("återkallat"),
    }


def places_named() -> dict[str, str]:
    return {
        "storeroom": _("förråd"),
        "order": _("beställning"),
        "outside": _("leverantör"),
        "patient": _("patient"),
        "gone": _("borta"),
    }


def due_listed(found: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["label"], f"/devices/{part(each['device_no'])}", note=each["article_name"]),
            cell(day(each["due_on"]), badge=_("försenat") if each["overdue"] else "", kind="warning"),
            cell(each["stock_status_text"] or each["state_text"], note=each["storeroom_name"]),
            cell(each["job_no"], f"/maintenance-jobs/{part(each['job_no'])}") if each["job_no"] else cell(),
        )
        for each in found
    ]
    heads = (_("Hjälpmedel"), _("Ska göras senast"), _("Var"), _("Arbete"))
    return Table(_("Att underhålla"), heads, lines, _("Inget behöver underhållas de närmaste två månaderna."))


def jobs_listed(found: list[dict[str, Any]]) -> Table:
    named = {
        "open": (_("öppet"), "info"),
        "done": (_("gjort"), "success"),
        "annulled": (_("makulerat"), "default"),
    }
    lines = []
    for each in found:
        text, kind = named.get(each["state"], (_("pågår"), "info"))
        lines.append(
            (
                cell(each["job_no"], f"/maintenance-jobs/{part(each['job_no'])}", note=each["kind_text"]),
                cell(each["article_name"], f"/devices/{part(each['device_no'])}", note=each["device_no"]),
                cell(each["reason"]),
                cell(day(each["promised_on"]), badge=text, kind=kind),
            )
        )
    heads = (_("Arbete"), _("Hjälpmedel"), _("Varför"), _("Utlovat"))
    return Table(_("Arbeten"), heads, lines, _("Inga arbeten."))
