"""The progress of a job over many patients: who was last, and whether it is finished (S65)."""

from dataclasses import dataclass, replace

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.patients.search import INDEXED_AS
from shared.domain.decision import Decision


@dataclass(frozen=True)
class Round:
    """How far a round has come, in the order of patient references."""

    round_id: str
    after: str = ""
    is_over: bool = False


def go_on(_: Round | None, *, to: Round) -> Decision[Round]:
    """Remember how far the round has come (S65)."""
    return to, []


def index_names(patient: Patient, *, name_keys: tuple[str, ...]) -> Decision[Patient]:
    """Let a patient be found by names as they are indexed now; nothing is published (S30)."""
    if patient.person is None or patient.person.indexed_as == INDEXED_AS:
        return patient, []
    return replace(patient, person=replace(patient.person, name_keys=name_keys, indexed_as=INDEXED_AS)), []
