"""Order templates: what a unit often orders to its storeroom, ordered with one press (S171)."""

from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.asking import given, own_units, places_of, storerooms
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, whole_number
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import day


def register(pages: Pages) -> None:
    _one(pages)

    @pages.page("/templates")
    async def templates(visit: Visit) -> Response:
        return await all_shown(visit, Form())

    @pages.form("/templates")
    async def create_template(visit: Visit, form: Form) -> Response:
        """Begin a template; its rows are filled in on its own page."""
        if form.action != "create":
            return await all_shown(visit, form)
        names = ("name", "description", "care_unit", "storeroom_no")
        body = given(**{each: form.text(each) for each in names}) | {"lines": []}
        made = await visit.change("inventory", "/order-templates", body, key=form.text("key"))
        if not made.ok:
            return await all_shown(visit, form, refusal=made)
        return see(f"/templates/{part(made.body['template_id'])}")


def _one(pages: Pages) -> None:
    @pages.page("/templates/{template_id}")
    async def template(visit: Visit) -> Response:
        return await shown(visit)

    @pages.form("/templates/{template_id}")
    async def work_on_template(visit: Visit, form: Form) -> Response:
        """Save the rows, order them, or archive the template."""
        act, key, etag = form.action, f"{form.text('key')}-{form.action}", form.text("etag")
        if act == "order":
            body = {"lines": rows_in(form), "joint": form.text("joint") == "yes"}
            done = await visit.change("inventory", f"{address_of(visit)}/order", body, key=key)
            if done.ok:
                return see(f"/replenishments/{part(done.body['order_no'])}")
        elif act == "archive":
            done = await visit.change("inventory", f"{address_of(visit)}/archive", key=key, etag=etag)
            if done.ok:
                return see("/templates")
        else:
            body = {"name": form.text("name"), "lines": rows_in(form)} | given(
                description=form.text("description")
            )
            done = await visit.change("inventory", address_of(visit), body, key=key, etag=etag, method="PUT")
            if done.ok:
                return see(visit.request.url.path)
        return await shown(visit, form, refusal=done)


def address_of(visit: Visit) -> str:
    return f"/order-templates/{part(visit.request.path_params['template_id'])}"


def rows_in(form: Form) -> list[dict[str, Any]]:
    typed = zip(form.all("article"), form.all("packages"), strict=False)
    return [{"article_no": no, "packages": whole_number(count) or 1} for no, count in typed if no]


async def all_shown(visit: Visit, form: Form, *, refusal: Answer | None = None) -> Response:
    found = await visit.listed("inventory", "/order-templates")
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "devices/templates.html",
        status=refusal.page_status if refusal else 200,
        rows=listed(found.body),
        units=await own_units(visit),
        places=places_of(await storerooms(visit, kind="storeroom")),
        form=form,
        key=key_of_form(form, refusal),
        refusal=refusal,
        pager=visit.pager(found),
    )


async def shown(visit: Visit, form: Form | None = None, *, refusal: Answer | None = None) -> Response:
    found = await visit.get("inventory", address_of(visit))
    if not found.ok:
        return visit.refused(found)
    known = {each["article_no"]: each for each in found.body["rows"]}
    typed = rows_in(form) if form and refusal else list(found.body["rows"])
    return visit.page(
        "devices/template.html",
        status=refusal.page_status if refusal else 200,
        kept=found.body,
        rows=typed,
        known=known,
        form=form or Form(),
        key=key_of_form(form, refusal),
        etag=found.etag or "",
        refusal=refusal,
    )


def listed(found: list[dict[str, Any]]) -> Table:
    lines = [
        (
            cell(each["name"], f"/templates/{part(each['template_id'])}", note=each["description"]),
            cell(each["articles"]),
            cell(each["created_by_name"], note=day(each["created_at"])),
        )
        for each in found
        if not each["archived"]
    ]
    heads = (_("Mall"), _("Artiklar"), _("Gjord av"))
    return Table(_("Beställningsmallar"), heads, lines, _("Inga mallar än."), frozenset({1}))
