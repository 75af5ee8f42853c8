"""The catalogue: the tree of device classes, search, an article, and which columns one sees (S154, S165)."""

from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.devices.articles import Hits, columns_of, searched
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day


def register(pages: Pages) -> None:
    @pages.page("/catalogue")
    async def catalogue(visit: Visit) -> Response:
        """Show the top of the tree, or what a search found."""
        asked = visit.request.query_params
        hits = Hits(asked.get("text", "").strip(), asked.get("wide") == "yes")
        return await shown(visit, "/device-classes", await searched(visit, hits))

    @pages.page("/catalogue/{iso_code}")
    async def device_class(visit: Visit) -> Response:
        """Show a class: the classes below it and its articles."""
        code = visit.request.path_params["iso_code"]
        body = {"iso_code": code, "assortment": "all"}
        found = await visit.post("inventory", "/device-articles/search", body)
        hits = Hits(found=found, columns=await columns_of(visit))
        return await shown(visit, f"/device-classes/{part(code)}", hits)

    @pages.page("/articles/{article_no}")
    async def article(visit: Visit) -> Response:
        number = visit.request.path_params["article_no"]
        found = await visit.get("inventory", f"/device-articles/{part(number)}")
        if not found.ok:
            return visit.refused(found)
        return visit.page("devices/article.html", article=found.body, places=places_of(found.body))

    @pages.page("/columns")
    async def columns(visit: Visit) -> Response:
        return await choosing(visit)

    @pages.form("/columns")
    async def choose_columns(visit: Visit, form: Form) -> Response:
        """Keep which columns the person sees, and what is preset as source, until changed (S165, Q52)."""
        changes = {
            "/me/article-columns": {"columns": form.all("column")},
            "/me/settings": {"source": form.text("source") or None},
        }
        for path, body in changes.items():
            key = f"{form.text('key')}{path}".replace("/", "-")
            kept = await visit.change("prescription", path, body, key=key, method="PUT")
            if not kept.ok:
                return await choosing(visit, refusal=kept)
        return see("/catalogue")


async def shown(visit: Visit, path: str, hits: Hits) -> Response:
    tree = await visit.get("inventory", path)
    return visit.page(
        "devices/catalogue.html",
        status=tree.status if tree.is_refused else 200,
        tree=tree,
        hits=hits,
        rows=listed(hits) if hits.found and hits.found.ok else None,
    )


async def choosing(visit: Visit, *, refusal: Answer | None = None) -> Response:
    known = await visit.get("prescription", "/me/article-columns")
    if not known.ok:
        return visit.refused(known)
    settings = await visit.get("prescription", "/me/settings")
    return visit.page(
        "devices/columns.html",
        status=refusal.page_status if refusal else 200,
        columns=known.body["columns"],
        source=settings.body["source"] if settings.ok else None,
        refusal=refusal,
        key=uuid4().hex,
    )


def listed(hits: Hits) -> Table:
    """List articles with the chosen columns; of one that cannot be ordered, why."""
    heads = (_("Artikel"), _("Tillgängligt"), *(name for _column, name in hits.columns))
    lines = []
    for each in hits.found.body["articles"] if hits.found else []:
        more = dict(hits.more_of(each))
        outside = "" if each["in_assortment"] else _("utanför sortimentet")
        name = cell(
            each["name"],
            f"/articles/{part(each['article_no'])}",
            note=". ".join(filter(None, [each["article_no"], each["why_not"]])),
            badge=outside,
            kind="warning",
        )
        further = [cell(more.get(head, "")) for _column, head in hits.columns]
        lines.append([name, cell(each["available"]), *further])
    return Table(_("Artiklar"), heads, lines, _("Inga artiklar här."), frozenset({1}))


def places_of(article: dict[str, Any]) -> Table:
    lines = [
        (
            cell(each["name"]),
            cell(each["available"]),
            cell(each["on_order"] or "", note=day(each["expected_on"])),
        )
        for each in article["places"]
    ]
    heads = (_("Förråd"), _("Tillgängligt"), _("På väg"))
    empty = _("Artikeln finns inte i något förråd som du ser.")
    return Table(_("Var den finns"), heads, lines, empty, frozenset({1, 2}))
