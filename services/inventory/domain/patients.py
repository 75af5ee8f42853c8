"""Patients by reference, as far as two turned out to be one person; no more is known (S65, Q61)."""

from dataclasses import dataclass, replace

from shared.domain.decision import Decision


@dataclass(frozen=True)
class Patient:
    """A reference, what it points on to, and those that point to it: loans keep the one they were made by."""

    patient_ref: str
    merged_into: str | None = None
    former: tuple[str, ...] = ()

    @property
    def refs(self) -> tuple[str, ...]:
        """Give every reference by which the person's loans may be kept."""
        return (self.patient_ref, *self.former)


def merge_patients(
    old: Patient | None, kept: Patient | None, *, patient_ref: str, into_ref: str
) -> Decision[Patient, Patient]:
    """Let what is kept by the old reference be found by the other; a repeated fact changes nothing (S65)."""
    before, into = old or Patient(patient_ref), kept or Patient(into_ref)
    if before.merged_into is not None:
        return before, into, []
    former = tuple(dict.fromkeys((*into.former, *before.refs)))
    return replace(before, merged_into=into_ref, former=()), replace(into, former=former), []
