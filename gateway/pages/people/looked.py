"""Who has looked at a patient's data: the logs of five services as one list in words (N9)."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part
from gateway.web.roles import named
from gateway.web.words import _
from gateway.web.written import SWEDEN, moment, typed_day

SERVICES = ("prescription", "ordering", "inventory", "billing", "notification")
USUAL_DAYS = 30
AT_ONCE = 200
MOST_ROWS = 1000
"""Of one service; who wants to see more chooses a shorter time."""
SAME = ("who", "where", "what", "is_refused")
READING = ("get_", "list_", "search_", "find_", "preview_", "export_", "explain_", "ask_")


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/log")
    async def who_has_looked(visit: Visit) -> Response:
        """Put the five logs together, the latest first; one that is missing is said to be."""
        ref = visit.request.path_params["patient_ref"]
        since = typed_day(visit.request.query_params.get("since", "")) or usual(visit.gateway.clock.today())
        logs = await asyncio.gather(*(rows_of(visit, each, ref, since) for each in SERVICES))
        refused = next((answer for answer, _, _ in logs if answer.is_refused), None)
        if refused is not None:
            return visit.page("refused.html", status=refused.status, answer=refused)
        units = await visit.unit_names()
        rows = [row for _, found, _ in logs for row in found]
        return visit.page(
            "people/looked.html",
            ref=ref,
            since=since,
            is_own=ref == visit.me.get("patient_ref"),
            down=next((answer for answer, _, _ in logs if answer.is_down), None),
            is_cut=any(more for _, _, more in logs),
            rows=one_a_minute(
                told(each, visit.me["sub"], units) for each in sorted(rows, key=moment_of, reverse=True)
            ),
        )


def usual(today: date) -> date:
    return today - timedelta(days=USUAL_DAYS)


def moment_of(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["at"])


async def rows_of(visit: Visit, service: str, ref: str, since: date) -> tuple[Answer, list[Any], bool]:
    """Give one service's rows, and whether there are more than are shown."""
    begin = datetime.combine(since, time(), SWEDEN).isoformat()
    asked: dict[str, Any] = {"since": begin, "limit": AT_ONCE}
    rows: list[Any] = []
    while True:
        answer = await visit.post(service, f"/patients/{part(ref)}/access-log", asked)
        if not answer.ok:
            return answer, rows, False
        rows += answer.body["rows"]
        following = answer.body["next"]
        if following is None or len(rows) >= MOST_ROWS:
            return answer, rows, following is not None
        asked["after"] = following


def told(row: Mapping[str, Any], reader: str, units: Mapping[str, str]) -> dict[str, Any]:
    """Write a row for people: when, who by role and care unit, and what. The law asks for no names."""
    return {
        "at": row["at"],
        "who": who(row, reader),
        "where": ", ".join(units.get(each, each) for each in row["care_units"]),
        "what": what(row["action"]),
        "is_refused": row["outcome"] != "done",
    }


def one_a_minute(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is said already: one page asks several services within a moment."""
    first = {(moment(each["at"]), *(each[name] for name in SAME)): each for each in rows}
    return list(first.values())


def who(row: Mapping[str, Any], reader: str) -> str:
    if row["user"] == reader:
        return _("Du själv")
    roles = named(_foremost(row["roles"]))
    return ", ".join(roles) or _("Systemet självt")


def _foremost(roles: Iterable[str]) -> list[str]:
    """Leave out what another role says more exactly: a dietitian is a prescriber too."""
    given = set(roles)
    return sorted(given - {"prescriber"} if given & {"physician", "dietitian"} else given)


def what(action: str) -> str:
    """Say what was done: something read or something changed, of which part."""
    service, _dot, operation = action.partition(".")
    if operation == "get_access_log":
        return _("läste den här loggen")
    if operation.startswith("print_"):
        return _("skrev ut uppgifter")
    read, changed = verbs(service)
    return read if operation.startswith(READING) else changed


def verbs(service: str) -> tuple[str, str]:
    """Name what each service has of a person: as it is read, and as it is changed."""
    both = {
        "prescription": (
            _("läste personuppgifter och förskrivningar"),
            _("ändrade personuppgifter eller förskrivningar"),
        ),
        "ordering": (_("läste uttag och beställningar"), _("gjorde eller ändrade uttag eller beställningar")),
        "inventory": (_("läste om hjälpmedel"), _("ändrade något om hjälpmedel")),
        "billing": (_("läste om avgifter"), _("ändrade något om avgifter")),
        "notification": (
            _("läste om meddelanden och uppgifter"),
            _("arbetade med meddelanden eller uppgifter"),
        ),
    }
    return both.get(service, (_("läste uppgifter"), _("ändrade uppgifter")))
