"""Labels of devices, and the way from a scanned device to the patient who gets it (T18, S112)."""

from fastapi import Response

from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from gateway.web.words import _


def register(pages: Pages) -> None:
    @pages.page("/labels")
    async def labels(visit: Visit) -> Response:
        return visit.page("devices/labels.html", refusal=None, typed="")

    @pages.form("/labels")
    async def print_labels(visit: Visit, form: Form) -> Response:
        """Print a label for each number, one on each row."""
        numbers = form.text("numbers").split()
        printed = await visit.post("inventory", "/labels/print", {"device_nos": numbers})
        if printed.ok:
            return visit.file(printed, "etiketter.pdf")
        status, typed = printed.page_status, form.text("numbers")
        return visit.page("devices/labels.html", status=status, refusal=printed, typed=typed)

    @pages.page("/labels.pdf")
    async def label(visit: Visit) -> Response:
        numbers = visit.request.query_params.getlist("no")
        printed = await visit.post("inventory", "/labels/print", {"device_nos": numbers})
        return visit.file(printed, "etikett.pdf")

    @pages.page("/devices/{device_no}/hand-out")
    async def to_whom(visit: Visit) -> Response:
        return shown(visit, "")

    @pages.form("/devices/{device_no}/hand-out")
    async def find_whom(visit: Visit, form: Form) -> Response:
        """Lead to the patient's hand-out, with the device filled in."""
        number = visit.request.path_params["device_no"]
        found = await visit.post("prescription", "/patients/find", {"number": form.text("number")})
        if not found.ok:
            return shown(visit, form.text("number"), refusal=found)
        return see(f"/patients/{part(found.body['patient_ref'])}/hand-out?device={part(number)}")


def shown(visit: Visit, typed: str, *, refusal: Answer | None = None) -> Response:
    return visit.page(
        "devices/to_whom.html",
        status=refusal.page_status if refusal else 200,
        device=visit.request.path_params["device_no"],
        typed=typed,
        refusal=refusal,
        heading=_("Vem ska ha hjälpmedlet?"),
    )
