"""A patient's fees: what each was for, and whether it is invoiced (S64, S159)."""

from fastapi import Response

from gateway.visit import Pages, Visit, part
from gateway.web.words import _


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}/fees")
    async def patient_fees(visit: Visit) -> Response:
        ref = visit.request.path_params["patient_ref"]
        found = await visit.post("billing", "/fees/search", {"patient_ref": ref})
        if found.is_refused:
            return visit.page("refused.html", status=found.status, answer=found)
        return visit.page("people/fees.html", ref=ref, found=found, page_of=page_of, whys=whys())


def page_of(source_no: str) -> str | None:
    """Give the page of what a fee is for; None where there is none."""
    return f"/withdrawals/{part(source_no)}" if source_no.startswith("U") else None


def whys() -> dict[str, str]:
    """Say why money goes back, or was asked for again."""
    return {
        "annulled": _("varorna kom inte"),
        "waived": _("avgiften är efterskänkt"),
        "corrected": _("avgiften är rättad"),
    }
