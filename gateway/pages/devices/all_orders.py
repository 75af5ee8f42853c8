"""Every order that a person may see, of devices and of foods: filtered, sorted by one column (S123, S126)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from gateway.pages.devices.asking import given, own_units
from gateway.visit import Pages, Visit, part
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day, moment

TYPES = ("order", "hand_out", "withdrawal")
SORTED_BY = {0: "number", 1: "sent_at", 2: "type", 4: "placed_by_name", 5: "prescriber_name"}
"""By the place of their column, what the list can be sorted by."""
FIELDS = ("care_unit", "since", "until", "article_no", "device_no")


def register(pages: Pages) -> None:
    @pages.page("/device-orders")
    async def all_orders(visit: Visit) -> Response:
        """List orders, the latest first until another column is chosen (S126)."""
        asked = visit.request.query_params
        found = await visit.listed("ordering", "/orders/search", body_in(asked))
        # who works for all units chooses first: that nothing is chosen yet is no mistake
        is_begun = bool(asked) or not found.is_refused
        return visit.page(
            "devices/orders.html",
            status=found.status if is_begun else 200,
            found=found,
            rows=listed(found.body, asked) if found.ok else None,
            units=await own_units(visit),
            types=[("", _("Alla")), *types()],
            asked=asked,
            pager=visit.pager(found),
            refusal=found if is_begun and not found.ok else None,
        )

    @pages.page("/baskets")
    async def baskets(visit: Visit) -> Response:
        """List the person's baskets that are not sent (S85)."""
        found = await visit.listed("ordering", "/device-baskets")
        if not found.ok:
            return visit.refused(found)
        names = await visit.unit_names()
        lines = [
            (
                cell(_("Öppna korgen"), f"/patients/{part(each['patient_ref'])}/order"),
                cell(each["lines"]),
                cell(names.get(each["care_unit"], each["care_unit"])),
            )
            for each in found.body
        ]
        heads = (_("Korg"), _("Rader"), _("Vårdenhet"))
        rows = Table(_("Påbörjade korgar"), heads, lines, _("Du har inga påbörjade korgar."), frozenset({1}))
        return visit.page("list.html", title=_("Påbörjade korgar"), rows=rows, pager=visit.pager(found))


def body_in(asked: Mapping[str, str]) -> dict[str, Any]:
    """Read the filters of an address; what is no type or column is left out."""
    kind, sort = asked.get("type", ""), asked.get("sort", "")
    body = given(**{name: asked.get(name, "").strip() for name in FIELDS})
    body |= given(types=[kind] if kind in TYPES else [], sort=sort if sort in SORTED_BY.values() else "")
    if asked.get("direction") in ("ascending", "descending"):
        body["direction"] = asked["direction"]
    return body | {"mine": asked.get("mine") == "1"}


def types() -> list[tuple[str, str]]:
    named = (_("Beställningar av hjälpmedel"), _("Utlämnat från förråd"), _("Uttag av livsmedel"))
    return list(zip(TYPES, named, strict=True))


def listed(orders: list[dict[str, Any]], asked: Mapping[str, str]) -> Table:
    lines = [
        (
            cell(each["number"], page_of(each)),
            cell(moment(each["sent_at"])),
            cell(each["type_text"]),
            cell(", ".join(one["name"] for one in each["articles"])),
            cell(each["placed_by_name"]),
            cell(each["prescriber_name"]),
            cell("", badge=each["state_text"], kind="info", note=expected(each)),
        )
        for each in orders
    ]
    heads = (
        *(_("Nummer"), _("Skickad"), _("Slag"), _("Varor"), _("Beställt av"), _("Förskrivare"), _("Läge")),
    )
    sorts = {place: sort_of(name, asked) for place, name in SORTED_BY.items()}
    return Table(_("Beställningar"), heads, lines, _("Inga beställningar här."), frozenset(), sorts)


def page_of(order: Mapping[str, Any]) -> str:
    at = "withdrawals" if order["type"] == "withdrawal" else "device-orders"
    return f"/{at}/{part(order['number'])}"


def expected(order: Mapping[str, Any]) -> str:
    return f"{_('väntas')} {day(order['expected_on'])}" if order["expected_on"] else ""


def sort_of(column: str, asked: Mapping[str, str]) -> tuple[str, str]:
    """Give the address that sorts by a column, the other way round where it is sorted by it already."""
    by, direction = asked.get("sort") or "sent_at", asked.get("direction") or "descending"
    turned = "ascending" if by == column and direction == "descending" else "descending"
    kept = {name: value for name, value in asked.items() if name not in ("sort", "direction", "cursor")}
    address = urlencode({**kept, "sort": column, "direction": turned})
    return f"/device-orders?{address}", direction if by == column else ""
