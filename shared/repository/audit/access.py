"""Queries a patient's rows in the audit log: who did what with the patient's data, when and where."""

from datetime import datetime

from shared.repository.moments import Document, between, moment_of


def looked_for(patient_ref: str, since: datetime | None, until: datetime | None) -> Document:
    """Write what is looked for as a query; `until` itself is not in it."""
    return {"patient_refs": patient_ref, **between("at", since=since, until=until)}


def in_time(row: Document) -> tuple[datetime, str]:
    """Give what rows of several services are sorted by."""
    return moment_of(row["at"]), row["_id"]


def place_of(row: Document) -> str:
    """Name a row's place in the order of time, for the next page."""
    return f"{row['at']}|{row['_id']}"
