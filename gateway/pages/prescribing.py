"""A new prescription on one page: type, unit, articles with amounts, what the rules say, save (S4 to S26)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from fastapi import Response

from gateway.pages.prescription_drafts import forget_draft, keep_draft, kept_draft
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form, decimal_number, whole_number
from gateway.web.words import _

DAYS, WITHDRAWALS = "30", "12"
"""What a new line begins with: a year of monthly withdrawals, within the 365 days of the rules."""
MOST_HITS = 20


@dataclass(frozen=True)
class Line:
    """A line as it is typed."""

    article_no: str
    kind: str = "packages"
    amount: str = ""
    days: str = DAYS
    withdrawals: str = WITHDRAWALS

    @property
    def is_complete(self) -> bool:
        return bool(self.amount and self.days and self.withdrawals)

    @property
    def body(self) -> dict[str, Any]:
        """Give the line as prescription takes it: packages for each withdrawal, or so much a day."""
        amount = decimal_number(self.amount) if self.kind == "per_day" else whole_number(self.amount)
        return {
            "article_no": self.article_no,
            self.kind: amount,
            "days": whole_number(self.days),
            "withdrawals": whole_number(self.withdrawals),
        }


@dataclass(frozen=True)
class Draft:
    """The whole form."""

    ref: str
    key: str
    prescription_type: str
    care_unit: str
    text: str
    lines: tuple[Line, ...]

    @property
    def body(self) -> dict[str, Any]:
        return {
            "patient_ref": self.ref,
            "prescription_type": self.prescription_type,
            "care_unit": self.care_unit,
            "lines": [each.body for each in self.lines],
        }

    @property
    def as_typed(self) -> dict[str, Any]:
        """Give all that was typed, right or wrong, to be kept."""
        lines = [vars(each) for each in self.lines]
        return {"prescription_type": self.prescription_type, "care_unit": self.care_unit, "lines": lines}

    @property
    def is_complete(self) -> bool:
        return bool(self.lines) and all(each.is_complete for each in self.lines)


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/prescribe")
    async def new_prescription(visit: Visit) -> Response:
        ref = visit.request.path_params["patient_ref"]
        kept = await kept_draft(visit, ref)
        draft = Draft(ref, uuid4().hex, "", own_unit(visit), "", ())
        return await shown(visit, as_kept(draft, kept) if kept else draft, is_kept=kept is not None)

    @pages.form("/patients/{patient_ref}/prescribe")
    async def fill_prescription(visit: Visit, form: Form) -> Response:
        """Do what the button says; every other field stays as it was filled in."""
        draft = draft_in(visit, form)
        if form.action == "discard":
            await forget_draft(visit, draft.ref)
            return see(f"/patients/{part(draft.ref)}")
        match form.action.partition(":"):
            case ("add", _, article_no):
                more = await added(visit, draft, article_no)
                await keep_draft(visit, draft.ref, more.as_typed)
                return await shown(visit, more, focus=len(draft.lines))
            case ("remove", _, number) if number.isdecimal():
                kept = tuple(each for place, each in enumerate(draft.lines) if place != int(number))
                await keep_draft(visit, draft.ref, with_lines(draft, kept).as_typed)
                return await shown(visit, with_lines(draft, kept))
            case ("save", _, _):
                return await save(visit, draft)
        return await shown(visit, draft, hits=await searched(visit, draft))

    @pages.form("/patients/{patient_ref}/prescribe/articles")
    async def find_articles(visit: Visit, form: Form) -> Response:
        """List the articles while somebody types."""
        draft = draft_in(visit, form)
        return visit.page("parts/articles.html", draft=draft, hits=await searched(visit, draft))

    @pages.form("/patients/{patient_ref}/prescribe/preview")
    async def preview(visit: Visit, form: Form) -> Response:
        """Say beside the form what the rules and the amounts come to."""
        draft = draft_in(visit, form)
        await keep_draft(visit, draft.ref, draft.as_typed)
        return visit.page("parts/preview.html", draft=draft, preview=await previewed(visit, draft))


def as_kept(draft: Draft, kept: Mapping[str, Any]) -> Draft:
    """Fill the form in as it was left."""
    lines = tuple(Line(**each) for each in kept["lines"])
    unit = kept["care_unit"] or draft.care_unit
    return replace(draft, prescription_type=kept["prescription_type"], care_unit=unit, lines=lines)


def draft_in(visit: Visit, form: Form) -> Draft:
    columns = [form.all(name) for name in ("article", "kind", "amount", "days", "withdrawals")]
    return Draft(
        ref=visit.request.path_params["patient_ref"],
        key=form.text("key") or uuid4().hex,
        prescription_type=form.text("prescription_type"),
        care_unit=form.text("care_unit"),
        text=form.text("text"),
        lines=tuple(Line(*each) for each in zip(*columns, strict=False)),
    )


async def added(visit: Visit, draft: Draft, article_no: str) -> Draft:
    """Add a line; the first article decides the type of the prescription."""
    whole = with_lines(draft, (*draft.lines, Line(article_no)))
    article = await visit.get("inventory", f"/articles/{part(article_no)}")
    if draft.lines or not article.ok:
        return whole
    return replace(whole, prescription_type=article.body["prescription_type"])


def with_lines(draft: Draft, lines: tuple[Line, ...]) -> Draft:
    """Change the lines, and search no more for what was found."""
    return replace(draft, text="", lines=lines)


def own_unit(visit: Visit) -> str:
    return next(iter(sorted(visit.me.get("care_units", ()))), "")


async def searched(visit: Visit, draft: Draft) -> Answer | None:
    """Search in every type, or in the one of the lines that are there."""
    if not draft.text:
        return None
    of_type = {"prescription_type": draft.prescription_type} if draft.lines else {}
    asked = {"text": draft.text, "limit": MOST_HITS, **of_type}
    return await visit.post("inventory", "/articles/search", asked)


async def previewed(visit: Visit, draft: Draft) -> Answer | None:
    """Ask the rules once there is something to judge."""
    if not draft.is_complete:
        return None
    return await visit.post("prescription", "/prescriptions/preview", draft.body)


async def save(visit: Visit, draft: Draft) -> Response:
    """Save, and show the patient with the new lines; a refusal comes back with the form as it was."""
    saved = await visit.post("prescription", "/prescriptions", draft.body, key=draft.key)
    if saved.ok:
        await forget_draft(visit, draft.ref)
        return see(f"/patients/{part(draft.ref)}?saved={part(saved.body['prescription_no'])}")
    if saved.rule == "key-reused":
        # the first press was carried out though its answer never came
        first = _("Det du sparade först är sparat. Se patientens rader innan du sparar en till.")
        saved = saved.saying(first)
        draft = replace(draft, key=uuid4().hex)
    return await shown(visit, draft, refusal=saved, status=503 if saved.is_down else 422)


async def shown(
    visit: Visit,
    draft: Draft,
    *,
    hits: Answer | None = None,
    refusal: Answer | None = None,
    focus: int | None = None,
    status: int = 200,
    is_kept: bool = False,
) -> Response:
    """Show the form with all that belongs beside it."""
    patient = await visit.get("prescription", f"/patients/{part(draft.ref)}")
    if not patient.ok:
        return visit.refused(patient)
    prescribing = await visit.get("prescription", "/me/prescribing")
    types = types_of(prescribing)
    if not draft.prescription_type and types:
        draft = replace(draft, prescription_type=types[0]["prescription_type"])
    return visit.page(
        "prescribe.html",
        status=status,
        draft=draft,
        patient=patient.body,
        types=types,
        units={each: (await visit.unit_names()).get(each, each) for each in sorted(visit.me["care_units"])},
        names=await names_of(visit, draft),
        hits=hits,
        preview=await previewed(visit, draft),
        refusal=refusal,
        focus=focus,
        is_kept=is_kept,
    )


def types_of(prescribing: Answer) -> list[dict[str, Any]]:
    """Give the types that the person may prescribe."""
    areas = prescribing.body["areas"] if prescribing.ok else []
    return [each for area in areas if area["may_prescribe"] for each in area["types"]]


async def names_of(visit: Visit, draft: Draft) -> dict[str, dict[str, Any]]:
    """Give the articles of the lines by their numbers."""
    found = {}
    for number in {each.article_no for each in draft.lines}:
        answer = await visit.get("inventory", f"/articles/{part(number)}")
        found[number] = answer.body if answer.ok else {"name": number, "piece": ""}
    return found
