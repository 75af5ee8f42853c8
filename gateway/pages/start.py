"""The start page: one box that finds everything, and what waits for the person (S154)."""

import asyncio

from fastapi import Response

from gateway.pages.names import patient_names
from gateway.pages.people.citizen import citizen_start
from gateway.pages.prescription_drafts import begun_prescriptions
from gateway.services import Answer
from gateway.visit import Pages, Visit, part
from gateway.web.tables import Table, cell
from gateway.web.words import _
from gateway.web.written import moment

LAST_OPENED = {"number": "", "limit": 10}


def register(pages: Pages) -> None:
    @pages.page("/")
    async def start(visit: Visit) -> Response:
        if visit.is_citizen:
            return await citizen_start(visit)
        tasks, recent, renewals, drafts, news, begun = await asyncio.gather(
            asked(visit, "notification.count_tasks", "/tasks/counts"),
            asked(visit, "prescription.search_patients", "/patients/search", LAST_OPENED),
            asked(visit, "prescription.search_renewals", "/renewals/search", {"limit": 10}),
            asked(visit, "ordering.list_drafts", "/withdrawals/drafts", {}),
            asked(visit, "notification.list_news", "/news"),
            begun_prescriptions(visit),
        )
        refs = [each["patient_ref"] for each in begun.body] if begun and begun.ok else []
        return visit.page(
            "start.html",
            tasks=tasks,
            recent=recent,
            renewals=renewals,
            drafts=drafts,
            news=news,
            begun=begun,
            names=await patient_names(visit, refs),
            typed="",
            reasons=[],
        )

    @pages.page("/drafts")
    async def drafts(visit: Visit) -> Response:
        """List every withdrawal that was begun and not sent."""
        found = await visit.listed("ordering", "/withdrawals/drafts", {})
        if not found.ok:
            return visit.refused(found)
        lines = [
            (
                cell(each["withdrawal_no"], f"/withdrawals/{part(each['withdrawal_no'])}"),
                cell(moment(each["made_at"])),
            )
            for each in found.body
        ]
        heads, empty = (_("Uttag"), _("Påbörjat")), _("Inga påbörjade uttag.")
        rows = Table(_("Påbörjade uttag"), heads, lines, empty)
        return visit.page("list.html", title=_("Påbörjade uttag"), rows=rows, pager=visit.pager(found))


async def asked(visit: Visit, action: str, path: str, body: object = None) -> Answer | None:
    """Ask what the person's roles have a route for; None for what they have not."""
    if not visit.may(action):
        return None
    service = action.partition(".")[0]
    return await (visit.get(service, path) if body is None else visit.post(service, path, body))
