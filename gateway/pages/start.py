"""The start page: one box that finds everything, and what waits for the person (S154)."""

import asyncio
import re

from fastapi import Response

from gateway.pages.people.citizen import citizen_start
from gateway.services import Answer
from gateway.visit import Pages, Visit, part, see
from gateway.web.forms import Form
from shared.domain.text import typed as as_typed

LAST_OPENED = {"number": "", "limit": 10}
NUMBERED = {
    re.compile(r"U\d{4}-\d{6}-\d", re.IGNORECASE): "/withdrawals/",
    re.compile(r"B\d{4}-\d{6}-\d", re.IGNORECASE): "/orders/",
}
PRESCRIPTION = re.compile(r"F\d{4}-\d{6}-\d", re.IGNORECASE)
PERSON = re.compile(r"[\d+\-\s]*\d{4}|\d{6,8}[-\s]?[A-ZÅÄÖ]\w{2,3}", re.IGNORECASE)
SHORTEST_NUMBER = 10


def register(pages: Pages) -> None:
    @pages.page("/")
    async def start(visit: Visit) -> Response:
        if visit.is_citizen:
            return await citizen_start(visit)
        tasks, recent, renewals, drafts = await asyncio.gather(
            asked(visit, "notification.count_tasks", "/tasks/counts"),
            asked(visit, "prescription.search_patients", "/patients/search", LAST_OPENED),
            asked(visit, "prescription.search_renewals", "/renewals/search", {"limit": 10}),
            asked(visit, "ordering.list_drafts", "/withdrawals/drafts", {}),
        )
        return visit.page(
            "start.html", tasks=tasks, recent=recent, renewals=renewals, drafts=drafts, typed="", reasons=[]
        )

    @pages.form("/find")
    async def find(visit: Visit, form: Form) -> Response:
        """Read what was typed or scanned: a number leads straight to its page, words to a list."""
        typed = as_typed(form.text("what"))
        for pattern, page in NUMBERED.items():
            if pattern.fullmatch(typed):
                return see(page + part(typed.upper()))
        if PRESCRIPTION.fullmatch(typed):
            return await to_prescription(visit, typed)
        if is_person_number(typed):
            return await to_patient(visit, typed)
        body = {"criteria": {"name": typed}} if typed else {"number": ""}
        found = await visit.post("prescription", "/patients/search", body)
        return shown(visit, typed, found)


async def asked(visit: Visit, action: str, path: str, body: object = None) -> Answer | None:
    """Ask what the person's roles have a route for; None for what they have not."""
    if not visit.may(action):
        return None
    service = action.partition(".")[0]
    return await (visit.get(service, path) if body is None else visit.post(service, path, body))


def is_person_number(typed: str) -> bool:
    return bool(PERSON.fullmatch(typed)) and sum(each.isalnum() for each in typed) >= SHORTEST_NUMBER


async def to_patient(visit: Visit, number: str) -> Response:
    found = await visit.post("prescription", "/patients/find", {"number": number})
    if found.ok:
        return see(f"/patients/{part(found.body['patient_ref'])}")
    return shown(visit, number, found)


async def to_prescription(visit: Visit, number: str) -> Response:
    found = await visit.get("prescription", f"/prescriptions/{part(number.upper())}")
    if found.ok:
        return see(f"/patients/{part(found.body['patient_ref'])}")
    return shown(visit, number, found)


def shown(visit: Visit, typed: str, found: Answer) -> Response:
    """Show whom a search found; what was typed stays in the box."""
    patients = found.body["patients"] if found.ok else []
    status = 200 if found.ok else max(found.status, 422)
    return visit.page(
        "found.html", status=status, typed=typed, patients=patients, reasons=found.reasons, answer=found
    )
