"""Tasks for people: what waits, and one task with its history, claimed, commented and resolved."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import Response

from gateway.pages.finding import PAGES_OF
from gateway.pages.names import patient_names
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _

ACTIONS = frozenset({"claim", "release", "comment", "resolve"})
LISTS: Mapping[str, Mapping[str, str]] = {
    "all": {},
    "mine": {"owner": "me"},
    "nobodys": {"owner": "nobody"},
    "late": {"state": "overdue"},
    "over": {"state": "over"},
}
"""The lists that one can choose, as notification is asked for them."""


def register(pages: Pages) -> None:
    @pages.page("/tasks")
    async def task_list(visit: Visit) -> Response:
        """List what waits, the most urgent first: all of the person's roles, the own, or one patient's."""
        chosen = chosen_list(visit.request.query_params)
        found = await visit.listed("notification", f"/tasks?{urlencode(asked(chosen))}")
        if not found.ok:
            return visit.refused(found)
        refs = (each["patient_ref"] for each in found.body)
        return visit.page(
            "tasks.html",
            tasks=found.body,
            chosen=chosen,
            lists=lists(chosen),
            names=await patient_names(visit, refs),
            endings=endings(),
            pager=visit.pager(found),
        )

    @pages.page("/tasks/{task_id}")
    async def task(visit: Visit) -> Response:
        return await shown(visit, visit.request.path_params["task_id"])

    @pages.form("/tasks/{task_id}")
    async def work_on_task(visit: Visit, form: Form) -> Response:
        """Do what the button says; a refusal comes back with what was written."""
        task_id = visit.request.path_params["task_id"]
        if form.action not in ACTIONS:
            return await shown(visit, task_id, form=form)
        done = await worked(visit, task_id, form)
        if done.ok:
            return see("/tasks" if form.action == "resolve" else f"/tasks/{part(task_id)}")
        return await shown(visit, task_id, form=form, refusal=done)


def chosen_list(query: Mapping[str, str]) -> dict[str, str]:
    """Read which list is asked for; what no list is called is the first one."""
    which = "mine" if query.get("mine") == "1" else query.get("list", "")
    return {"list": which if which in LISTS else "all", "patient": query.get("patient", "")}


def asked(chosen: Mapping[str, str]) -> dict[str, str]:
    of_patient = {"patient_ref": chosen["patient"]} if chosen["patient"] else {}
    return {**LISTS[chosen["list"]], **of_patient}


def lists(chosen: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Name each list with its address, and say which is shown."""
    named = {
        "all": _("Alla"),
        "mine": _("Mina"),
        "nobodys": _("Ingens"),
        "late": _("För sena"),
        "over": _("Avslutade"),
    }
    of_patient = {"patient": chosen["patient"]} if chosen["patient"] else {}
    return [
        (f"/tasks?{urlencode({'list': key, **of_patient})}", name, key == chosen["list"])
        for key, name in named.items()
    ]


async def worked(visit: Visit, task_id: str, form: Form) -> Answer:
    """Claim, give back, comment or resolve."""
    address, comment, action = f"/tasks/{part(task_id)}", form.text("comment"), form.action
    bodies = {
        "comment": {"comment": comment},
        "resolve": {"how": form.text("how"), **({"comment": comment} if comment else {})},
    }
    if comment and action in ("claim", "release"):  # what was written is kept, whatever else is pressed
        key = f"{form.text('key')}-comment"
        kept = await visit.post("notification", f"{address}/comment", bodies["comment"], key=key)
        if not kept.ok:
            return kept
    key = f"{form.text('key')}-{action}"
    return await visit.post("notification", f"{address}/{action}", bodies.get(action), key=key)


async def shown(
    visit: Visit, task_id: str, *, form: Form | None = None, refusal: Answer | None = None
) -> Response:
    found = await visit.get("notification", f"/tasks/{part(task_id)}")
    if not found.ok:
        return visit.refused(found)
    return visit.page(
        "task.html",
        status=200 if refusal is None else 503 if refusal.is_down else 422,
        task=found.body["task"],
        history=list(reversed(found.body["history"])),
        comment=form.text("comment") if form else "",
        key=uuid4().hex,
        refusal=refusal,
        endings=endings(),
        steps=steps(),
        subject_page=subject_page,
        is_mine=found.body["task"]["owner"] == visit.me["sub"],
    )


def subject_page(number: str | None) -> str | None:
    """Give the page of what a task is about; None where there is none yet."""
    page = PAGES_OF.get((number or "")[:1])
    return f"{page}{part(number)}" if page and number else None


def endings() -> dict[str, str]:
    """Name the ways in which a task ends."""
    return {
        "done": _("Gjort"),
        "patient_was_called": _("Patienten är uppringd"),
        "not_needed": _("Behövs inte längre"),
        "handled_elsewhere": _("Sköts på annat sätt"),
        "cannot_be_done": _("Går inte att göra"),
    }


def steps() -> dict[str, str]:
    """Name what has happened to a task."""
    return {
        "raised": _("uppgiften kom"),
        "claimed": _("någon tog den"),
        "released": _("lämnad tillbaka"),
        "assigned": _("lämnad till någon"),
        "commented": _("kommentar"),
        "resolved": _("avslutad"),
    }
