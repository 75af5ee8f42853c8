"""Blocks of open orders that customer service passed, with the reasons (S48)."""

from datetime import timedelta

from fastapi import Response

from gateway.pages.names import patient_names
from gateway.visit import Pages, Visit
from gateway.web.written import day_for_service

USUAL_DAYS = 30


def register(pages: Pages) -> None:
    @pages.page("/overrides")
    async def passed_blocks(visit: Visit) -> Response:
        """List those of some days; a day that is none is said to be."""
        today = visit.gateway.clock.today()
        asked = visit.request.query_params
        since = day_for_service(asked.get("since", "")) or (today - timedelta(days=USUAL_DAYS)).isoformat()
        until = day_for_service(asked.get("until", "")) or today.isoformat()
        found = await visit.post("ordering", "/overrides/search", {"since": since, "until": until})
        rows = found.body if found.ok else []
        return visit.page(
            "clerks/overrides.html",
            status=422 if found.is_refused else 200,
            since=since,
            until=until,
            found=found,
            rows=sorted(rows, key=lambda each: each["sent_on"], reverse=True),
            names=await patient_names(visit, (each["patient_ref"] for each in rows)),
        )
