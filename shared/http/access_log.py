"""Route for a patient's extract of the audit log: what was done with the data, by whom, where and when."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from shared.auth.actor import Actor
from shared.auth.rule import WHO_MAY_SEE_THE_LOG
from shared.fields import Code, Moment
from shared.http.asking import Ask
from shared.http.ids import PatientRef
from shared.http.models import Request, View
from shared.http.problems import Forbidden
from shared.http.router import Router
from shared.repository import Repository
from shared.repository.audit.access import place_of
from shared.repository.codec import Document

LARGEST_PAGE = 200
LONGEST_PLACE = 200


class AccessLogRequest(Request):
    """Which part of the log; `after` is the `next` of the page before."""

    since: Moment | None = None
    until: Moment | None = None
    after: Annotated[Code, Field(max_length=LONGEST_PLACE)] | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 100


class Access(View):
    """One row, with what the law asks for (HSLF-FS 2016:40 4 kap 9 §)."""

    action: str
    outcome: str
    care_units: list[str]
    purpose: str | None
    at: datetime
    user: str
    roles: list[str]
    patient_ref: str

    @classmethod
    def of(cls, row: Document, patient_ref: str) -> "Access":
        names = ("action", "outcome", "care_units", "purpose", "at", "roles")
        kept = {name: row[name] for name in names}
        return cls.model_validate({**kept, "user": row["actor"], "patient_ref": patient_ref})


class AccessLog(View):
    """One page, the oldest row first."""

    rows: list[Access]
    next: str | None


def access_log(service: str, repository: Repository) -> Router:
    """The same route in every service, about its own rows; the reader puts them together."""
    router = Router(service, prefix="/patients", tags=["access log"])

    @router.post("/{patient_ref}/access-log")
    async def get_access_log(patient_ref: PatientRef, wanted: AccessLogRequest, ask: Ask) -> AccessLog:
        """Reading the log is itself written there, before the answer leaves."""
        _demand_reach(ask.actor, patient_ref)
        await repository.note(ask, [patient_ref])
        rows = await repository.access_log(
            patient_ref, since=wanted.since, until=wanted.until, after=wanted.after, limit=wanted.limit + 1
        )
        page = rows[: wanted.limit]
        more = place_of(page[-1]) if len(rows) > len(page) else None
        return AccessLog(rows=[Access.of(row, patient_ref) for row in page], next=more)

    return router


def _demand_reach(actor: Actor, patient_ref: str) -> None:
    """Let those through who give out extracts, and a patient to the own log; raises Forbidden."""
    if not actor.has(*WHO_MAY_SEE_THE_LOG - {"patient"}) and actor.patient_ref != patient_ref:
        raise Forbidden
