"""Recalls: the list, one with its devices and patients' notices, started and ended (T16, S179)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day

ASKED = ("article_no", "lot", "first_serial_no", "last_serial_no", "supplier", "incident_no")


def register(pages: Pages) -> None:
    @pages.page("/recalls")
    async def recalls(visit: Visit) -> Response:
        return await all_shown(visit, Form())

    @pages.form("/recalls")
    async def start_recall(visit: Visit, form: Form) -> Response:
        """Start a recall: what matches is set apart at once, and who has it gets a notice."""
        if form.action != "start":
            return await all_shown(visit, form)
        body = given(**{name: form.text(name) for name in ASKED}) | {
            "reason": form.text("reason"),
            "notify_patients": form.text("notify_patients") == "yes",
        }
        made = await visit.change("inventory", "/recalls", body, key=form.text("key"))
        if not made.ok:
            return await all_shown(visit, form, refusal=made)
        return see(f"/recalls/{part(made.body['recall_no'])}")

    @pages.page("/recalls/{recall_no}")
    async def recall(visit: Visit) -> Response:
        return await shown(visit)

    @pages.page("/recalls/{recall_no}/devices.csv")
    async def recall_file(visit: Visit) -> Response:
        return visit.file(
            await visit.post("inventory", f"{address_of(visit)}/export", {}), "aterkallelse.csv"
        )

    @pages.form("/recalls/{recall_no}")
    async def work_on_recall(visit: Visit, form: Form) -> Response:
        """End the recall, or one notice that somebody has dealt with."""
        act, _sep, notice = form.action.partition(":")
        body = {"reason": form.text("reason")}
        if act == "notice":
            at, body = (
                f"{address_of(visit)}/notices/{part(notice)}/end",
                {"reason": form.text(f"done:{notice}")},
            )
        elif act == "end":
            at, body = f"{address_of(visit)}/end", body | {"outcome": form.text("outcome", "carried_out")}
        else:
            return await shown(visit, form)
        done = await visit.change("inventory", at, body, key=f"{form.text('key')}-{act}")
        return see(visit.request.url.path) if done.ok else await shown(visit, form, refusal=done)


def address_of(visit: Visit) -> str:
    return f"/recalls/{part(visit.request.path_params['recall_no'])}"


async def all_shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    found = await visit.listed("inventory", "/recalls")
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/recalls.html",
        status=refusal.page_status if refusal else 200,
        rows=listed(found.body),
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
        pager=visit.pager(found),
    )


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("inventory", address_of(visit))
    if not found.ok:
        return visit.refused(found)
    pieces = await visit.listed("inventory", f"{address_of(visit)}/pieces")
    may_see = visit.may("inventory.list_recall_notices")
    which = visit.request.query_params.get("notices", "")
    at = f"{address_of(visit)}/notices{f'?cursor={part(which)}' if which else ''}"
    notices = await visit.get("inventory", at) if may_see else None
    return visit.page(
        "devices/recall.html",
        status=refusal.page_status if refusal else 200,
        recall=found.body,
        counts=counts_of(found.body),
        pieces=pieces,
        piece_rows=pieces_of(pieces.body) if pieces.ok else None,
        notices=notices,
        units=await visit.unit_names(),
        may_export=visit.may("inventory.export_recalled_pieces"),
        may_end=visit.may("inventory.end_recall_of_goods"),
        may_end_notice=visit.may("inventory.end_recall_notice"),
        form=form or Form(),
        key=key_of_form(form, refusal),
        refusal=refusal,
        pager=visit.pager(pieces),
    )


def states() -> dict[str, tuple[str, str]]:
    return {
        "open": (_("pågår"), "warning"),
        "carried_out": (_("genomförd"), "success"),
        "withdrawn": (_("tillbakadragen"), "default"),
    }


def listed(recalls: list[dict[str, Any]]) -> Table:
    lines = []
    for each in recalls:
        text, kind = states().get(each["state"], (_("pågår"), "info"))
        what = [", ".join(each["article_nos"]), f"{_('sats')} {each['lot']}" if each["lot"] else ""]
        lines.append(
            (
                cell(each["reason"], f"/recalls/{part(each['recall_no'])}"),
                cell(" ".join(one for one in what if one) or each["supplier"]),
                cell(day(each["started_at"])),
                cell("", badge=text, kind=kind),
            )
        )
    heads = (_("Återkallelse"), _("Gäller"), _("Började"), _("Läge"))
    return Table(_("Återkallelser"), heads, lines, _("Inga återkallelser."))


def counts_of(recall: dict[str, Any]) -> list[tuple[str, str]]:
    """Write how many were found where, and how many are there now."""
    names = {
        "on_shelves": _("På hyllor"),
        "under_way": _("På väg"),
        "with_patients": _("Hos patienter"),
        "set_apart": _("Undanlagda"),
        "gone": _("Borta"),
    }
    now = recall.get("now") or recall["found"]
    return [
        (text, f"{now[name]} {_('nu')}, {recall['found'][name]} {_('från början')}")
        for name, text in names.items()
    ]


def pieces_of(pieces: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["device_no"], f"/devices/{part(each['device_no'])}", note=each["serial_no"]),
            cell(each["article_name"]),
            cell("", badge=each["state_text"], note=each["storeroom_name"]),
        )
        for each in pieces
    ]
    heads = (_("Nummer"), _("Artikel"), _("Läge"))
    return Table(_("Individer i återkallelsen"), heads, lines, _("Inga märkta individer."))
