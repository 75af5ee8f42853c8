"""The store's first page: scan anything, see what it is and what may be done (T18, S174 to S176)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, is_partial, part, see
from gateway.web.forms import Form
from gateway.web.words import _

AT_ONCE = frozenset({"despatch", "receive_parcel", "deliver"})
"""Acts with a parcel that ask for nothing more: a button does them."""


@dataclass(frozen=True)
class Act:
    """A thing to do: a link to its page, or a button that does it at once."""

    name: str
    to: str = ""
    act: str = ""
    parcel_no: str = ""


def register(pages: Pages) -> None:
    @pages.page("/store")
    async def store(visit: Visit) -> Response:
        return shown(visit)

    @pages.form("/store/scan")
    async def scan(visit: Visit, form: Form) -> Response:
        """Say what was scanned; asked for a part, the answer is put on top of those before."""
        code = form.text("code")
        thing = await visit.post("inventory", "/scans", {"code": code})
        if is_partial(visit.request):
            return visit.page("devices/scanned.html", **described(code, thing))
        return shown(visit, code, thing)

    @pages.form("/store/act")
    async def act_on_parcel(visit: Visit, form: Form) -> Response:
        """Do at once what a scan offered."""
        act, parcel = form.text("act"), form.text("parcel_no")
        if act not in AT_ONCE:
            return see("/store")
        body = {"delivered_on": visit.gateway.clock.today().isoformat()} if act == "deliver" else None
        path = f"/parcels/{part(parcel)}/{act.removesuffix('_parcel')}"
        done = await visit.change("inventory", path, body, key=form.text("key"))
        return shown(visit, done=done, parcel=parcel)


def shown(
    visit: Visit,
    code: str = "",
    thing: Answer | None = None,
    *,
    done: Answer | None = None,
    parcel: str = "",
) -> Response:
    found = described(code, thing) if thing else None
    status = done.page_status if done and not done.ok else 200
    return visit.page("devices/store.html", status=status, found=found, done=done, parcel=parcel)


def described(code: str, thing: Answer) -> dict[str, Any]:
    """Put together what is shown of a scan: its name, where it is, what may be done, or why nothing."""
    if not thing.ok:
        return {"code": code, "title": code, "facts": [], "acts": [], "why": thing.reasons[0]["detail"]}
    body = thing.body
    device = body["device"] or {}
    title = f"{device['label']} {device['article_name']}" if device else named(body)
    facts = [device["state_text"], device["stock_status_text"], device["storeroom_name"]] if device else []
    facts += [f"{each['available']} {_('i')} {each['storeroom_name']}" for each in body["shelves"]]
    facts += [f"{_('sats')} {body['lot']}"] if body["lot"] else []
    return {
        "code": body["read"],
        "title": title,
        "page": page_of(body),
        "facts": [each for each in dict.fromkeys(facts) if each],
        "acts": [act_shown(each, body) for each in body["acts"]],
        "why": body["why_nothing"] or "",
        "key": uuid4().hex,
    }


def named(body: Mapping[str, Any]) -> str:
    if body["parcel_no"]:
        return f"{_('Kolli')} {body['parcel_no']}"
    return str(body["article_name"] or body["read"])


def page_of(body: Mapping[str, Any]) -> str:
    if body["device"]:
        return f"/devices/{part(body['device']['device_no'])}"
    return f"/articles/{part(body['article_no'])}" if body["article_no"] else ""


def act_shown(act: Mapping[str, Any], body: Mapping[str, Any]) -> Act:
    """Name an act as a button says it, with where it is done."""
    name, order = act["act"], part(act["order_no"] or "")
    device = part(body["device"]["device_no"]) if body["device"] else ""
    article, parcel = part(body["article_no"] or ""), act["parcel_no"] or ""
    names = {
        "hand_out": (_("Lämna ut"), f"/devices/{device}/hand-out" if device else "/"),
        "receive_goods": (_("Ta emot till lager"), f"/store/receive?article={article}"),
        "pick": (_("Plocka"), f"/picking/{order}" if order else "/picking"),
        "put_back": (_("Lägg tillbaka"), f"/picking/{order}"),
        "despatch": (_("Skicka kollit"), ""),
        "receive_parcel": (_("Ta emot kollit"), ""),
        "deliver": (_("Kollit är levererat"), ""),
        "hand_over": (_("Lämna över till patienten"), f"/device-orders/{order}"),
        "return": (_("Ta emot retur"), f"/devices/{device}/return"),
        "release": (_("Släpp ur karantän"), f"/devices/{device}#apart"),
        "receive_replenishment": (_("Ta emot påfyllnad"), f"/replenishments/{order}"),
    }
    text, to = names.get(name, (_("Öppna"), page_of(body)))
    return Act(text, to, name if name in AT_ONCE else "", parcel)
