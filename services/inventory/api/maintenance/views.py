"""Maintenance jobs as people see them (S149)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from services.inventory.domain.maintenance.job import (
    KINDS,
    RESULTS,
    JobKind,
    JobState,
    MaintenanceJob,
    PartUsed,
    Result,
    WorkDone,
)
from shared.http import View
from shared.http.language import Language, said


class PartView(View):
    """A counted article that was put into the device."""

    article_no: str
    article_name: str
    quantity: int
    lot: str


class WorkView(View):
    """What was done."""

    done_on: date
    done_by: str
    activities: list[str]
    parts: list[PartView]
    result: Result
    result_text: str
    note: str | None
    next_due_on: date | None
    """When preventive maintenance is due next; null: it needs none."""
    registered_by: str
    registered_at: datetime

    @classmethod
    def of(cls, work: WorkDone, language: Language, names: Mapping[str, str]) -> Self:
        return cls(
            done_on=work.done_on,
            done_by=work.done_by,
            activities=list(work.activities),
            parts=[_part(each, names) for each in work.parts],
            result=work.result,
            result_text=said(RESULTS[work.result], language),
            note=work.note,
            next_due_on=work.next_due_on,
            registered_by=work.registered_by,
            registered_at=work.registered_at,
        )


class JobView(View):
    """A maintenance job about one device; it names no patient."""

    job_no: str
    device_no: str
    article_no: str
    article_name: str
    kind: JobKind
    kind_text: str
    state: JobState
    reason: str
    reported: bool
    """A care unit reported a fault; else the warehouse registered the job."""
    care_unit: str | None
    registered_by: str
    registered_at: datetime
    promised_on: date
    work: WorkView | None
    annulled_by: str | None
    annulled_at: datetime | None
    annulled_why: str | None

    @classmethod
    def of(cls, job: MaintenanceJob, language: Language, names: Mapping[str, str]) -> Self:
        return cls(
            job_no=job.job_no,
            device_no=job.device_no,
            article_no=job.article_no,
            article_name=names.get(job.article_no, ""),
            kind=job.kind,
            kind_text=said(KINDS[job.kind], language),
            state=job.state,
            reason=job.reason,
            reported=job.reported,
            care_unit=job.care_unit,
            registered_by=job.registered_by,
            registered_at=job.registered_at,
            promised_on=job.promised_on,
            work=WorkView.of(job.work, language, names) if job.work else None,
            annulled_by=job.annulled_by,
            annulled_at=job.annulled_at,
            annulled_why=job.annulled_why,
        )


def articles_in(job: MaintenanceJob) -> list[str]:
    """Name the articles whose names a job shows."""
    return [job.article_no, *(each.article_no for each in (job.work.parts if job.work else ()))]


def _part(part: PartUsed, names: Mapping[str, str]) -> PartView:
    return PartView(
        article_no=part.article_no,
        article_name=names.get(part.article_no, ""),
        quantity=part.quantity,
        lot=part.lot,
    )
