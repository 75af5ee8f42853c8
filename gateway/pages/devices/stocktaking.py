"""Stocktakes of a storeroom: count by typing or scanning, see differences, approve (S177)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, whole_number
from gateway.web.words import _


def register(pages: Pages) -> None:
    _counting(pages)

    @pages.page("/stocktakes")
    async def stocktakes(visit: Visit) -> Response:
        """Show the stocktakes of one storeroom, and begin a new one there."""
        places = places_of(await storerooms(visit))
        place = visit.request.query_params.get("storeroom_no") or (places[0][0] if places else "")
        if not place:
            empty: dict[str, Any] = {"places": [], "place": "", "found": [], "pager": {}}
            return visit.page("devices/stocktakes.html", **empty)
        found = await visit.listed("inventory", f"/storerooms/{part(place)}/stocktakes")
        if not found.ok:
            return visit.refused(found)
        more = {
            "found": found.body,
            "pager": visit.pager(found),
            "states": states(),
            "key": key_of_form(None, None),
        }
        return visit.page("devices/stocktakes.html", places=places, place=place, **more)

    @pages.form("/stocktakes/{stocktake_no}/decide")
    async def decide_stocktake(visit: Visit, form: Form) -> Response:
        """Approve or decline; who counted does not approve large differences alone."""
        number, act = visit.request.path_params["stocktake_no"], form.action
        place = form.text("storeroom_no")
        if act in ("approve", "decline"):
            key = f"{form.text('key')}-{act}"
            done = await visit.change("inventory", f"/stocktakes/{part(number)}/{act}", key=key)
            if not done.ok:
                return visit.refused(done)
        return see(f"/stocktakes?storeroom_no={part(place)}")


def _counting(pages: Pages) -> None:
    @pages.page("/stocktakes/{storeroom_no}/count")
    async def count_storeroom(visit: Visit) -> Response:
        return await shown(visit, Form())

    @pages.form("/stocktakes/{storeroom_no}/count")
    async def register_count(visit: Visit, form: Form) -> Response:
        """Register what was counted; rows that were left empty were not counted."""
        if form.action != "register":
            return await shown(visit, form)
        place = visit.request.path_params["storeroom_no"]
        body = {"counts": counts_in(form), "reason": form.text("reason")}
        at = f"/storerooms/{part(place)}/stocktakes"
        done = await visit.change("inventory", at, body, key=form.text("key"))
        if not done.ok:
            return await shown(visit, form, refusal=done)
        return see(f"/stocktakes?storeroom_no={part(place)}")


def counts_in(form: Form) -> list[dict[str, Any]]:
    """Read each row that was filled in: how many of a lot, or the numbers of devices."""
    counts = []
    for at, value in form.starting("counted:"):
        article, _sep, lot = at.partition(":")
        if value:
            day = form.text(f"best_before:{at}")
            counts.append(
                {"article_no": article, "counted": whole_number(value)} | given(lot=lot, best_before=day)
            )
    for article, value in form.starting("devices:"):
        numbers = value.split()
        if numbers or form.text(f"none:{article}"):
            counts.append({"article_no": article, "device_nos": numbers})
    return counts


async def shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    place = visit.request.path_params["storeroom_no"]
    found = await visit.post("inventory", "/stock/search", {"storeroom_no": place})
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/count.html",
        status=refusal.page_status if refusal else 200,
        place=place,
        name=found.body[0]["storeroom_name"] if found.body else place,
        goods=found.body,
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
    )


def states() -> dict[str, tuple[str, str]]:
    return {
        "waits": (_("väntar på godkännande"), "warning"),
        "approved": (_("godkänd"), "success"),
        "declined": (_("avslagen"), "default"),
    }
