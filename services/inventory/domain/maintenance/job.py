"""A maintenance job: preventive or corrective, open until it is done or annulled (S130, S149, Q56)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.noting import NoteAboutPerson
from services.inventory.domain.devices.upkeep import Upkeep
from shared.domain.code import is_persons
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact
from shared.events.tasks import TaskResolved

JobKind = Literal["preventive", "corrective"]
JobState = Literal["open", "done", "annulled"]
Result = Literal["approved", "repaired", "rejected"]
"""Fit for use without more, mended, or unfit for use."""

KINDS: dict[JobKind, Sentence] = {
    "preventive": Sentence("Förebyggande underhåll", "Preventive maintenance"),
    "corrective": Sentence("Avhjälpande underhåll", "Corrective maintenance"),
}
RESULTS: dict[Result, Sentence] = {
    "approved": Sentence("Godkänt", "Approved"),
    "repaired": Sentence("Reparerat", "Repaired"),
    "rejected": Sentence("Inte användbart", "Unfit for use"),
}


class JobOpen(Refused):
    """The device has an open job of that kind: two would be done twice."""

    rule = "job-open"
    sentence = Sentence(
        "Hjälpmedlet har redan en öppen aktivitet av det slaget. Läs den under hjälpmedlets aktiviteter.",
        "The device has an open job of that kind already. Read it among the device's jobs.",
    )


class JobNotOpen(Refused):
    """The job is done or annulled."""

    rule = "job-not-open"
    sentence = Sentence(
        "Aktiviteten är redan avslutad eller makulerad. Registrera en ny om mer ska göras.",
        "The job is done or annulled already. Register a new one if more is to be done.",
    )


class DeviceGone(Refused):
    """Nobody maintains what is scrapped, missing, stolen or lost."""

    rule = "device-gone"
    sentence = Sentence(
        "Hjälpmedlet är skrotat eller saknas. Kontrollera individnumret.",
        "The device is scrapped or missing. Check the device number.",
    )


@dataclass(frozen=True)
class PartUsed:
    """A counted article that was put into the device."""

    article_no: str
    quantity: int
    lot: str = ""


@dataclass(frozen=True)
class WorkDone:
    """What was done in a job, by whom, with what result."""

    done_on: date
    done_by: str
    activities: tuple[str, ...]
    parts: tuple[PartUsed, ...]
    result: Result
    note: str | None
    next_due_on: date | None
    """When preventive maintenance is due next; None: it needs none."""
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True)
class MaintenanceJob:
    """A job about one device; it names no patient."""

    job_no: str
    device_no: str
    article_no: str
    kind: JobKind
    reason: str
    """What is wrong, or why it is maintained."""
    registered_by: str
    registered_at: datetime
    promised_on: date
    """The day by which it is to be done."""
    reported: bool = False
    """Somebody reported a fault, which is the warehouse's task; else the job was registered itself."""
    care_unit: str | None = None
    """The care unit that reported it."""
    state: JobState = "open"
    is_open: bool = True
    work: WorkDone | None = None
    annulled_by: str | None = None
    annulled_at: datetime | None = None
    annulled_why: str | None = None


def register_job(
    kept: MaintenanceJob | None, device: Device, *, job: MaintenanceJob
) -> Decision[MaintenanceJob, Device]:
    """Open a job for a device. Raises DeviceGone, JobOpen and NoteAboutPerson (S130, Q56)."""
    if kept is not None:
        raise ValueError(f"job {job.job_no} is registered already")
    demand_no_person(device, job.reason)
    return job, with_job(device, job), []


def with_job(device: Device, job: MaintenanceJob) -> Device:
    """Note the open job on its device; raises DeviceGone and JobOpen."""
    if device.state in {"missing", "written_off"}:
        raise DeviceGone(device_no=device.device_no)
    upkeep = device.upkeep
    known = upkeep.preventive_job if job.kind == "preventive" else upkeep.corrective_job
    if known is not None:
        raise JobOpen(job_no=known, device_no=device.device_no)
    return replace(device, upkeep=_noted(upkeep, job.kind, job.job_no))


def annul_job(
    job: MaintenanceJob, device: Device, *, reason: str, by: str, at: datetime
) -> Decision[MaintenanceJob, Device]:
    """End a job that will not be done; the device is as before it. Raises JobNotOpen and NoteAboutPerson."""
    demand_open(job)
    demand_no_person(device, reason)
    annulled = replace(
        job, state="annulled", is_open=False, annulled_by=by, annulled_at=at, annulled_why=reason
    )
    return annulled, without_job(device, job), task_ended(job, how="annulled")


def demand_open(job: MaintenanceJob) -> None:
    """Raise JobNotOpen unless the job is open."""
    if job.state != "open":
        raise JobNotOpen(job_no=job.job_no)


def demand_no_person(device: Device, *texts: str | None) -> None:
    """Refuse a personal number in what follows the device to the next patient; raises NoteAboutPerson."""
    if any(text is not None and is_persons(text) for text in texts):
        raise NoteAboutPerson(device_no=device.device_no)


def without_job(device: Device, job: MaintenanceJob) -> Device:
    """Give the device without the job, which is open no more."""
    return replace(device, upkeep=_noted(device.upkeep, job.kind, None))


def task_ended(job: MaintenanceJob, *, how: str) -> list[Fact]:
    """End the task that a reported fault became."""
    return [TaskResolved(task_id=task_of(job.job_no), how=how)] if job.reported else []


def task_of(job_no: str) -> str:
    """Name the task of a reported fault."""
    return f"device-fault:{job_no}"


def _noted(upkeep: Upkeep, kind: JobKind, job_no: str | None) -> Upkeep:
    if kind == "preventive":
        return replace(upkeep, preventive_job=job_no)
    return replace(upkeep, corrective_job=job_no)
