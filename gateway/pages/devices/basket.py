"""A device order on one page: search, the basket, delivery, what it comes to, send (S80 to S103)."""

from dataclasses import dataclass
from typing import Any

from fastapi import Response

from gateway.asked import key_of_form
from gateway.pages.devices.articles import Hits, hits_in, searched
from gateway.pages.devices.asking import Options, own_units, prescribers, sources
from gateway.pages.devices.basket_form import changes_of, head_in, head_of, line_changes
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _

MISSING = 404


@dataclass(frozen=True)
class Saved:
    """How far the form was kept: the basket as it is now, and what was refused, if anything was."""

    basket: Answer
    refusal: Answer | None = None


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/order")
    async def order_devices(visit: Visit) -> Response:
        """Show the basket as it was left: it is the person's own, and kept between visits (S85)."""
        return await shown(visit, await basket_of(visit), Form())

    @pages.form("/patients/{patient_ref}/order")
    async def fill_basket(visit: Visit, form: Form) -> Response:
        """Keep what was filled in, then do what the button says."""
        saved = await kept(visit, form)
        if saved.refusal:
            return await shown(visit, saved.basket, form, refusal=saved.refusal)
        match form.action.partition(":"):
            case ("add", ":", article_no):
                return await added(visit, saved.basket, form, article_no)
            case ("remove", ":", line_no):
                return await removed(visit, saved.basket, form, line_no)
            case ("send", "", ""):
                return await send(visit, saved.basket, form)
        return await shown(visit, saved.basket, form, hits=await searched(visit, hits_in(form)))

    @pages.form("/patients/{patient_ref}/order/articles")
    async def find_articles(visit: Visit, form: Form) -> Response:
        """List the articles while somebody types."""
        hits = await searched(visit, hits_in(form))
        return visit.page("devices/hits.html", hits=hits, verb="add")


def address_of(visit: Visit) -> str:
    return f"/device-baskets/{part(visit.request.path_params['patient_ref'])}"


async def basket_of(visit: Visit) -> Answer:
    return await visit.get("ordering", address_of(visit))


async def kept(visit: Visit, form: Form) -> Saved:
    """Save the head and each line that was changed."""
    before = await basket_of(visit)
    if not before.ok and before.status != MISSING:
        return Saved(before, before)
    key = form.text("key")
    changed = changes_of(form, before.body) if before.ok else []
    head = head_in(form)
    if (before.ok and head != head_of(before.body, visit.me["sub"])) or (
        not before.ok and form.action.startswith("add:")
    ):
        changed = [("PUT", "", head), *changed]
    if form.action == "send" and before.ok and has_unseen(form, before.body):
        return Saved(before, Answer("ordering", 412).saying(other_window()))
    for method, at, body in changed:
        done = await visit.change("ordering", address_of(visit) + at, body, key=f"{key}{at}", method=method)
        if not done.ok:
            return Saved(before, done)
    return Saved(await basket_of(visit) if changed else before)


def has_unseen(form: Form, basket: dict[str, Any]) -> bool:
    """Tell whether a line was added in another window: nobody sends what the page did not show."""
    return any(not form.text(f"line:{each['line_no']}") for each in basket["lines"])


def other_window() -> str:
    return _("Korgen ändrades i ett annat fönster. Så här ser den ut nu.")


async def added(visit: Visit, basket: Answer, form: Form, article_no: str) -> Response:
    """Add an article; what belongs to a device comes with it (S91, S108)."""
    body = {"article_no": article_no}
    done = await visit.change(
        "ordering", f"{address_of(visit)}/lines", body, key=f"{form.text('key')}-{form.action}"
    )
    if not done.ok:
        hits = await searched(visit, hits_in(form))
        return await shown(visit, basket, form, hits=hits, refusal=done)
    return await shown(visit, await basket_of(visit), Form(), focus=max(done.body["line_nos"], default=0))


async def removed(visit: Visit, basket: Answer, form: Form, line_no: str) -> Response:
    at = f"{address_of(visit)}/lines/{part(line_no)}/remove"
    done = await visit.change("ordering", at, key=f"{form.text('key')}-remove-{line_no}")
    if not done.ok:
        return await shown(visit, basket, form, refusal=done)
    return await shown(visit, await basket_of(visit), Form())


async def send(visit: Visit, basket: Answer, form: Form) -> Response:
    """Send; pressed twice, the second answer is the first. What hinders stands at its line."""
    sent = await visit.change(
        "ordering", f"{address_of(visit)}/send", key=f"{form.text('key')}-send", etag=basket.etag or ""
    )
    if not sent.ok:
        return await shown(visit, basket, form, refusal=sent)
    first, *others = [str(each["order_no"]) for each in sent.body["orders"]]
    return see(f"/device-orders/{part(first)}?sent={','.join([first, *others])}")


async def shown(
    visit: Visit,
    basket: Answer,
    form: Form,
    *,
    hits: Hits | None = None,
    refusal: Answer | None = None,
    focus: int = 0,
) -> Response:
    """Show the basket with what belongs beside it."""
    ref = visit.request.path_params["patient_ref"]
    if not basket.ok and basket.status != MISSING:
        return visit.refused(basket)
    patient = await visit.get("prescription", f"/patients/{part(ref)}")
    if not patient.ok:
        return visit.refused(patient)
    known = basket.body if basket.ok else None
    units = await own_units(visit)
    head = head_of(known, visit.me["sub"]) if known else head_in(form)
    unit = head["care_unit"] or first_of(units)
    return visit.page(
        "devices/basket.html",
        status=refusal.page_status if refusal else 200,
        ref=ref,
        patient=patient.body,
        basket=known,
        lines=[line_changes(form, each) for each in known["lines"]] if known else [],
        head=head | {"care_unit": unit},
        units=units,
        prescribers=await prescribers(visit, unit),
        places=await sources(visit, unit),
        key=key_of_form(form, refusal),
        hits=hits or hits_in(form),
        refusal=refusal,
        by_line=by_line(refusal),
        focus=focus,
        form=form,
    )


def first_of(options: Options) -> str:
    return options[0][0] if options else ""


def by_line(refusal: Answer | None) -> dict[int, list[str]]:
    """Put what was refused at its line; what is left to answer stands beside the basket until then."""
    found: dict[int, list[str]] = {}
    for each in refusal.reasons if refusal else []:
        line = (each.get("facts") or {}).get("line")
        if isinstance(line, int):
            found.setdefault(line, []).append(each["detail"])
    return found
