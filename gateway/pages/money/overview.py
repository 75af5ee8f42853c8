"""Day by day what was charged and what is in files, as a chart and as the table beneath it (N11)."""

from decimal import Decimal
from typing import Any

from fastapi import Response

from gateway.visit import Pages, Visit, part
from gateway.web.charts import bars

DAYS = 14


def register(pages: Pages) -> None:
    @pages.page("/money")
    async def reconciliations(visit: Visit) -> Response:
        """Show the last days, those with differences said first."""
        found = await visit.get("billing", f"/reconciliations?limit={DAYS}")
        if found.is_refused:
            return visit.page("refused.html", status=found.status, answer=found)
        days = sorted(found.body, key=lambda each: each["day"]) if found.ok else []
        return visit.page(
            "money/overview.html",
            found=found,
            days=list(reversed(days)),
            differing=[each for each in reversed(days) if each["differences"]],
            chart=bars([(each["day"], net_of(each)) for each in days]),
        )

    @pages.page("/money/days/{day}")
    async def reconciliation(visit: Visit) -> Response:
        found = await visit.get("billing", f"/reconciliations/{part(visit.request.path_params['day'])}")
        if not found.ok:
            return visit.page("refused.html", status=found.status, answer=found)
        return visit.page("money/day.html", day=found.body)


def net_of(day: dict[str, Any]) -> Decimal:
    return Decimal(day["charged"]) - Decimal(day["credited"])
