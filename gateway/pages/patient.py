"""The patient view: who it is, what may be withdrawn, what is on its way, and what may be done (S27)."""

import asyncio
from typing import Any

from fastapi import Response

from gateway.pages.devices.patient import devices_of, works_with
from gateway.services import Answer
from gateway.visit import Pages, Visit, part

PAGES_OF = {"new_prescription": "prescribe", "create_withdrawal": "withdraw"}
"""Functions of a patient that have a page, by the last part of its address."""


def register(pages: Pages) -> None:
    @pages.page("/patients/{patient_ref}")
    async def patient_view(visit: Visit) -> Response:
        """Ask three services' questions at once; one that is down leaves its own box empty, and says so."""
        ref = visit.request.path_params["patient_ref"]
        if works_with(visit) == {"devices"}:
            return await devices_of(visit, ref)
        patient, allowance, withdrawals = await asyncio.gather(
            visit.get("prescription", f"/patients/{part(ref)}"),
            visit.get("ordering", f"/allowances/{part(ref)}"),
            visit.listed("ordering", "/withdrawals/search", {"patient_ref": ref}),
        )
        if not patient.ok:
            return visit.refused(patient)
        return visit.page(
            "patient.html",
            ref=ref,
            patient=patient.body,
            lines=joined(patient.body["active_lines"], allowance),
            allowance=allowance,
            withdrawals=withdrawals,
            pager=visit.pager(withdrawals),
            has_devices="devices" in works_with(visit),
            functions=functions_of(patient.body["functions"], ref),
            saved=saved_now(visit.request.query_params.get("saved", ""), patient.body),
        )


def saved_now(number: str, patient: dict[str, Any]) -> str:
    """Give the number of a prescription that the patient has: an address may claim any."""
    known = {each["prescription_no"] for each in patient["active_lines"]}
    return number if number in known else ""


def joined(lines: list[dict[str, Any]], allowance: Answer) -> list[dict[str, Any]]:
    """Put beside each line what ordering says of it: whether it may be withdrawn now, and why not."""
    known = {each["line_id"]: each for each in allowance.body["lines"]} if allowance.ok else {}
    return [each | {"now": known.get(each["line_id"])} for each in lines]


def functions_of(functions: list[dict[str, Any]], ref: str) -> list[dict[str, Any]]:
    """Give each function that has a page its address; the others are not shown yet."""
    return [
        each | {"address": f"/patients/{part(ref)}/{PAGES_OF[each['function']]}"}
        for each in functions
        if each["function"] in PAGES_OF
    ]
