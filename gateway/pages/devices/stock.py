"""The stock list: what lies where, with filters, as a page, a PDF and a file (S172, S173)."""

from typing import Any

from fastapi import Response

from gateway.pages.devices.asking import given, places_of, storerooms
from gateway.visit import Pages, Visit, part
from gateway.web.tables import Cell, Table, cell
from gateway.web.words import _
from gateway.web.written import day

FILES = {"pdf": "print", "csv": "export"}


def register(pages: Pages) -> None:
    @pages.page("/stock")
    async def stock(visit: Visit) -> Response:
        """List balances: over all storerooms of the person, or in one of them."""
        asked = visit.request.query_params
        names = ("text", "storeroom_no", "article_type", "balance")
        body = given(**{name: asked.get(name, "").strip() for name in names})
        found = await visit.listed("inventory", "/stock/search", body)
        places = places_of(await storerooms(visit))
        return visit.page(
            "devices/stock.html",
            status=found.status,
            found=found,
            rows=listed(found.body) if found.ok else None,
            places=places,
            chosen=dict(places).get(asked.get("storeroom_no", "")),
            types=[("", _("Alla")), *types()],
            balances=[("", _("Alla")), *balances()],
            asked=asked,
            pager=visit.pager(found),
        )

    @pages.page("/stock/{storeroom_no}.{kind}")
    async def stock_file(visit: Visit) -> Response:
        """Print the stock list of one storeroom, or give it as a file."""
        place, kind = (visit.request.path_params[each] for each in ("storeroom_no", "kind"))
        act = FILES.get(kind, "print")
        found = await visit.post("inventory", f"/storerooms/{part(place)}/stock/{act}")
        return visit.file(found, f"lagersaldo.{kind if kind in FILES else 'pdf'}")


def types() -> list[tuple[str, str]]:
    return [
        ("main_aid", _("Huvudhjälpmedel")),
        ("accessory", _("Tillbehör")),
        ("spare_part", _("Reservdel")),
    ]


def balances() -> list[tuple[str, str]]:
    return [
        ("some", _("det som finns")),
        ("none", _("det som är slut")),
        ("reserved", _("det som är reserverat")),
        ("quarantined", _("det som är i karantän")),
        ("below_minimum", _("det som är under miniminivån")),
    ]


def listed(balances_found: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["article_name"], f"/articles/{part(each['article_no'])}", note=each["article_no"]),
            cell(each["storeroom_name"]),
            available(each),
            cell(each["reserved"] or ""),
            cell(each["on_order"] or ""),
            cell(lots_of(each)),
        )
        for each in balances_found
    ]
    heads = (_("Artikel"), _("Förråd"), _("Tillgängligt"), _("Reserverat"), _("På väg"), _("Satser"))
    return Table(_("Lagersaldo"), heads, lines, _("Inget ligger här."), frozenset({2, 3, 4}))


def available(balance: dict[str, Any]) -> Cell:
    """Say how much there is, and that it is too little where it is."""
    is_low = balance["minimum"] is not None and balance["on_hand"] < balance["minimum"]
    quarantined = f"{balance['quarantined']} {_('i karantän')}" if balance["quarantined"] else ""
    low = _("under miniminivån") if is_low else ""
    return cell(balance["available"], badge=low, kind="warning", note=quarantined)


def lots_of(balance: dict[str, Any]) -> str:
    """Write each lot with how many, and its last day."""
    named = [each for each in balance["lots"] if each["lot"]]
    return ", ".join(
        f"{each['lot']}: {each['on_hand']}"
        + (f" ({_('till')} {day(each['best_before'])})" if each["best_before"] else "")
        for each in named
    )
