"""Orders of devices: the list, one with its steps and papers, annul, split, hand over (S96, S104, Q43)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.tables import Cell, Table, cell
from gateway.web.words import _
from gateway.web.written import day, kronor
from shared.domain.numbers import is_number

PAPERS = {"agreement": "loan-agreement", "note": "delivery-note"}
OVER = frozenset({"refused", "handed_out", "not_fetched", "annulled", "taken_back"})
SIMPLE = {"annul": "annul", "split": "split"}


def register(pages: Pages) -> None:
    @pages.page("/device-orders/{order_no}")
    async def device_order(visit: Visit) -> Response:
        return await shown(visit)

    @pages.page("/device-orders/{order_no}/{paper}.pdf")
    async def device_order_paper(visit: Visit) -> Response:
        """Print the loan agreement or the delivery note (S105)."""
        paper = PAPERS.get(visit.request.path_params["paper"], "delivery-note")
        return visit.file(await visit.post("ordering", f"{address_of(visit)}/{paper}"), f"{paper}.pdf")

    @pages.form("/device-orders/{order_no}")
    async def work_on_device_order(visit: Visit, form: Form) -> Response:
        """Do what the button says; a refusal comes back with what was filled in."""
        done = await worked(visit, form)
        if done is None:
            return await shown(visit, form)
        return see(visit.request.url.path) if done.ok else await shown(visit, form, refusal=done)


def address_of(visit: Visit) -> str:
    return f"/device-orders/{part(visit.request.path_params['order_no'])}"


async def worked(visit: Visit, form: Form) -> Answer | None:
    """Annul, split, hand over, take back a mistake, or register the signed agreement; None for no button."""
    address, key, etag = address_of(visit), f"{form.text('key')}-{form.action}", form.text("etag")
    if form.action in SIMPLE:
        return await visit.change("ordering", f"{address}/{SIMPLE[form.action]}", key=key, etag=etag)
    if form.action == "hand-over":
        at = f"{address}/hand-overs"
        return await visit.change("ordering", at, hand_over_in(form), key=key, etag=etag)
    if form.action == "mistaken":
        at = f"/hand-outs/{part(visit.request.path_params['order_no'])}/mistaken"
        return await visit.change("ordering", at, {"reason": form.text("reason")}, key=key, etag=etag)
    if form.action == "signed":
        body = {"signed_on": form.text("signed_on")}
        return await visit.change("ordering", f"{address}/loan-agreement/signed", body, key=key, etag=etag)
    return None


def hand_over_in(form: Form) -> dict[str, Any]:
    """Read what was handed over: each ticked line, and the device that came back for it (Q43, Q48)."""
    lines = []
    for number in form.all("line"):
        count, back = form.text(f"quantity:{number}"), form.text(f"exchange:{number}")
        line: dict[str, Any] = {"line_no": int(number) if number.isdecimal() else number}
        if count.isdecimal():
            line["quantity"] = int(count)
        if devices := form.all(f"device:{number}"):
            line["device_nos"] = devices
        if back:
            line["exchange"] = {"device_no": back, "disposition": form.text("disposition", "return")}
        lines.append(line)
    return {"lines": lines} | given(
        handed_over_on=form.text("handed_over_on"), reason=form.text("late_reason")
    )


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("ordering", address_of(visit))
    if not found.ok:
        return visit.refused(found)
    order, form = found.body, form or Form()
    waiting = [each for each in order["lines"] if each["at_unit"]]
    may_hand_over = bool(waiting) and visit.may("ordering.hand_over_devices")
    return visit.page(
        "devices/order.html",
        status=refusal.page_status if refusal else 200,
        order=order,
        rows=lines_of(order),
        steps=list(reversed(order["steps"])),
        waiting=waiting if may_hand_over else [],
        loans=await loans_of(visit, order) if may_hand_over else [],
        sent=sent_now(visit, order),
        key=key_of_form(form, refusal),
        etag=found.etag or "",
        refusal=refusal,
        form=form,
        is_over=order["state"] in OVER,
    )


async def loans_of(visit: Visit, order: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what the patient has already: one of them may come back in exchange."""
    aids = await visit.get("ordering", f"/patients/{part(order['patient_ref'])}/aids")
    has = aids.body["has"] if aids.ok else []
    return [(each["device_no"], f"{each['label']} {each['article_name']}") for each in has]


def sent_now(visit: Visit, order: dict[str, Any]) -> list[str]:
    """Give the numbers that were sent together, when this one is among them: an address may claim any."""
    numbers = visit.request.query_params.get("sent", "").split(",")
    return [each for each in numbers if is_number(each, "B")] if order["order_no"] in numbers else []


def lines_of(order: dict[str, Any]) -> Table:
    lines = [
        (
            article_of(each),
            cell(each["quantity"]),
            cell(", ".join(each["labels"]), f"/devices/{part(each['device_nos'][0])}")
            if len(each["device_nos"]) == 1
            else cell(", ".join(each["labels"])),
            where(each),
            cell(kronor(each["fee"]["amount"]) if each["fee"] else ""),
        )
        for each in order["lines"]
    ]
    heads = (_("Hjälpmedel"), _("Antal"), _("Nummer"), _("Läge"), _("Avgift"))
    return Table(_("Varor i beställningen"), heads, lines, "", frozenset({1, 4}))


def article_of(line: dict[str, Any]) -> Cell:
    parts = [each["name"] for each in line["components"]]
    replaced = line["delivered_article_name"] != line["article_name"]
    comes = f"{_('levereras som')} {line['delivered_article_name']}" if replaced else ""
    return cell(line["article_name"], note=". ".join(filter(None, [comes, ", ".join(parts)])))


def where(line: dict[str, Any]) -> Cell:
    """Say how much of a line waits for goods, is reserved, or is at the unit."""
    if line["at_unit"]:
        return cell(f"{_('på enheten')}: {line['at_unit']}")
    states = (("waiting", _("väntar på varor")), ("reserved", _("reserverat")))
    said = [f"{word}: {line[name]}" for name, word in states if line[name]]
    expected = f"{_('väntas')} {day(line['expected_on'])}" if line["expected_on"] else ""
    return cell(", ".join(said), note=expected)
