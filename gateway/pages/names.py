"""Names of patients for lists that know references only: one question, which the log keeps (Q38)."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.visit import Visit

MOST_NAMED = 200


async def patient_names(visit: Visit, refs: Iterable[str | None]) -> Mapping[str, dict[str, Any]]:
    """Give name and number by reference; nothing for who may not see them, or while nobody answers."""
    wanted = sorted({each for each in refs if each})[:MOST_NAMED]
    if not wanted or not visit.may("prescription.name_patients"):
        return {}
    found = await visit.post("prescription", "/patients/names", {"patient_refs": wanted})
    return {each["patient_ref"]: each for each in found.body} if found.ok else {}
