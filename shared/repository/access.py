"""Looking for a patient's rows in the audit log: who did what with the patient's data, when and where."""

from datetime import datetime

from shared.repository.codec import Document, moment_text


def looked_for(patient_ref: str, since: datetime | None, until: datetime | None) -> Document:
    """Write what is looked for as a query; `until` itself is not in it."""
    where: Document = {"patient_refs": patient_ref}
    bounds = {"$gte": since, "$lt": until}
    between = {name: moment_text(moment) for name, moment in bounds.items() if moment}
    return {**where, "at": between} if between else where


def place_of(row: Document) -> str:
    """Name a row's place in the order of time, for the next page."""
    return f"{row['at']}|{row['_id']}"
